using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>An IPv6 address (RFC 3596).</summary>
public sealed class AaaaRecord : AddressRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose address.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="address">Of IPv6.</param>
    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public AaaaRecord(DnsName name, TimeSpan timeToLive, IPAddress address)
        : base(name, DnsType.AAAA, timeToLive, address, AddressFamily.InterNetworkV6)
    {
    }

    private AaaaRecord(DnsOwner owner, IPAddress address)
        : base(owner, address)
    {
    }

    internal static AaaaRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, new IPAddress(data.Take(16)));

    internal static AaaaRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, Parse(data, AddressFamily.InterNetworkV6));
}
