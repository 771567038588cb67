using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Names that no server is asked for: the system's hosts, and those that mean something by themselves (RFC 6761, RFC 6762).</summary>
/// <param name="options">Whether multicast's names are asked for all the same.</param>
/// <param name="hosts">The system's hosts.</param>
internal sealed class KnownNames(ResolverOptions options, TextFile<HostsFile> hosts)
{
    private static readonly DnsName Localhost = "localhost";
    private static readonly DnsName Invalid = "invalid";
    private static readonly DnsName Local = "local";
    private static readonly IPAddress[] Loopback = [IPAddress.IPv6Loopback, IPAddress.Loopback];

    public HostsFile Hosts => hosts.Value;

    /// <summary>For how long nobody need look at the system's hosts again.</summary>
    public TimeSpan Holds => hosts.Holds;

    /// <summary>The addresses of a name that is known.</summary>
    /// <returns>Null: it is to be asked for.</returns>
    /// <exception cref="DnsException">There can be no such name.</exception>
    public IReadOnlyList<IPAddress>? Addresses(DnsName name)
    {
        if (hosts.Value.Addresses(name) is { Count: > 0 } found)
        {
            return found;
        }

        return name.IsWithin(Localhost) ? Loopback : null;
    }

    /// <summary>Why a name is not to be asked for; null: it is.</summary>
    public DnsException? Never(DnsName name) =>
        name.IsWithin(Invalid) ? new($"There is no name {name}: {Invalid} is the domain of names that are none (RFC 6761).", DnsResponseCode.NameError)
        : name.IsWithin(Localhost) ? new($"{name} is this machine, and has addresses only (RFC 6761).", DnsResponseCode.NoError)
        : name.IsWithin(Local) && !options.AsksForLocal ? new(
            $"{name} is a name of multicast DNS, which no server is asked for (RFC 6762), unless {nameof(ResolverOptions.AsksForLocal)} says so.", DnsResponseCode.NameError)
        : null;
}
