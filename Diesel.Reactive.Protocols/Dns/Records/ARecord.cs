using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>An IPv4 address (RFC 1035, section 3.4.1).</summary>
public sealed class ARecord : AddressRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose address.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="address">Of IPv4.</param>
    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public ARecord(DnsName name, TimeSpan timeToLive, IPAddress address)
        : base(name, DnsType.A, timeToLive, address, AddressFamily.InterNetwork)
    {
    }

    private ARecord(DnsOwner owner, IPAddress address)
        : base(owner, address)
    {
    }

    internal static ARecord Read(DnsOwner owner, ref DnsReader data) => new(owner, new IPAddress(data.Take(4)));

    internal static ARecord Parse(DnsOwner owner, DnsTokens data) => new(owner, Parse(data, AddressFamily.InterNetwork));
}
