using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What <c>/etc/hosts</c> says: hosts(5).</summary>
internal sealed class HostsFile
{
    private readonly Dictionary<DnsName, List<IPAddress>> _addresses = [];
    private readonly Dictionary<IPAddress, List<DnsName>> _names = [];

    /// <summary>Lines that mean nothing, with their numbers; the others count.</summary>
    public List<string> Ignored { get; } = [];

    public static HostsFile Parse(string text)
    {
        var hosts = new HostsFile();
        foreach (var (at, line) in text.Split('\n').Index())
        {
            var words = line.Split('#')[0].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && !hosts.TryTake(words))
            {
                hosts.Ignored.Add($"{at + 1}: {line.TrimEnd('\r')}");
            }
        }

        return hosts;
    }

    /// <summary>The addresses of a name, of all lines that name it; none: it is not there.</summary>
    public IReadOnlyList<IPAddress> Addresses(DnsName name) => _addresses.TryGetValue(name, out var found) ? found : [];

    public IReadOnlyList<DnsName> Names(IPAddress address) => _names.TryGetValue(address, out var found) ? found : [];

    private bool TryTake(string[] words)
    {
        if (words.Length < 2 || !IPAddress.TryParse(words[0], out var address))
        {
            return false;
        }

        var all = true;
        foreach (var word in words.Skip(1))
        {
            all &= DnsName.TryParse(word, out var name) && Add(name, address);
        }

        return all;
    }

    private bool Add(DnsName name, IPAddress address)
    {
        Of(_addresses, name, address);
        Of(_names, address, name);
        return true;
    }

    private static void Of<TKey, TValue>(Dictionary<TKey, List<TValue>> all, TKey key, TValue value)
        where TKey : notnull
    {
        if (!all.TryGetValue(key, out var list))
        {
            all[key] = list = [];
        }

        if (!list.Contains(value))
        {
            list.Add(value);
        }
    }
}
