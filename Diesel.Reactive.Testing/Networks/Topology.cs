using System.Net;

namespace Diesel.Reactive.Testing;

/// <summary>The hosts of a network, their names and addresses, and the links between them.</summary>
internal sealed class Topology(VirtualNetwork network)
{
    private readonly Dictionary<string, VirtualHost> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<IPAddress, VirtualHost> _addresses = [];
    private readonly Dictionary<(VirtualHost, VirtualHost), Link> _links = [];
    private readonly Dictionary<string, VirtualHost[]> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _names = [];
    private int _lastAddress;

    /// <summary>In the order they were made.</summary>
    public IEnumerable<VirtualHost> Hosts => _names.Select(Named);

    /// <summary>Of the hosts there are, for errors.</summary>
    public string Names => string.Join(", ", _names);

    public VirtualHost Named(string name) => _hosts.TryGetValue(name ?? throw new ArgumentNullException(nameof(name)), out var host)
        ? host
        : throw new ArgumentException($"There is no host '{name}' on this network: make it with Host(\"{name}\"). There are: {Names}.", nameof(name));

    public VirtualHost? At(IPAddress address, VirtualHost from) =>
        IPAddress.IsLoopback(address) ? from : _addresses.GetValueOrDefault(address);

    public IReadOnlyList<IPAddress>? AddressesOf(string host) =>
        IPAddress.TryParse(host, out var address) ? [address]
        : _hosts.TryGetValue(host, out var known) ? known.Addresses
        : _aliases.TryGetValue(host, out var several) ? [.. several.SelectMany(static one => one.Addresses)]
        : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback]
        : null;

    public Link LinkOf(VirtualHost from, VirtualHost to)
    {
        if (!_links.TryGetValue((from, to), out var link))
        {
            _links.Add((from, to), link = new Link(network, from, to));
        }

        return link;
    }

    public VirtualHost Host(string name, IReadOnlyList<IPAddress> addresses)
    {
        if (_hosts.TryGetValue(name, out var present))
        {
            return addresses.Count == 0 || addresses.SequenceEqual(present.Addresses) ? present : throw new ArgumentException(
                $"The host '{name}' has other addresses already: {string.Join(", ", present.Addresses)}. Give them when it is first named.", nameof(addresses));
        }

        ThrowIfNoNewName(name);
        if (addresses.FirstOrDefault(_addresses.ContainsKey) is { } taken)
        {
            throw new ArgumentException($"The address {taken} is that of the host '{_addresses[taken]}' already.", nameof(addresses));
        }

        var host = new VirtualHost(network, name, addresses.Count > 0 ? [.. addresses] : [NextAddress()]);
        _hosts.Add(name, host);
        _names.Add(name);
        foreach (var address in host.Addresses)
        {
            _addresses.Add(address, host);
        }

        return host;
    }

    public void Alias(string name, IReadOnlyList<string> hosts)
    {
        ThrowIfNoNewName(name);
        if (hosts.Count == 0)
        {
            throw new ArgumentException($"The name '{name}' must stand for one host at least.", nameof(hosts));
        }

        _aliases.Add(name, [.. hosts.Select(Named)]);
    }

    private void ThrowIfNoNewName(string name)
    {
        if (name.Any(static c => c is '→' or '↔' || char.IsWhiteSpace(c)) || IPAddress.TryParse(name, out _))
        {
            throw new ArgumentException($"'{name}' cannot be a host's name: take one without blanks and arrows that is no address.", nameof(name));
        }

        if (_aliases.ContainsKey(name) || _hosts.ContainsKey(name))
        {
            throw new ArgumentException($"The name '{name}' is taken already.", nameof(name));
        }
    }

    private IPAddress NextAddress()
    {
        var number = ++_lastAddress;
        var address = new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
        return _addresses.ContainsKey(address) ? NextAddress() : address;
    }
}
