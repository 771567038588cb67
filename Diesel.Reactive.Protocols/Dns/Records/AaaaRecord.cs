using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>An IPv6 address (RFC 3596).</summary>
public sealed class AaaaRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose address.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="address">Of IPv6.</param>
    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public AaaaRecord(DnsName name, TimeSpan timeToLive, IPAddress address)
        : base(name, DnsType.AAAA, timeToLive)
    {
        ArgumentNullException.ThrowIfNull(address);
        Address = address.AddressFamily == AddressFamily.InterNetworkV6 ? address : throw new ArgumentException($"{address} is no IPv6 address.", nameof(address));
    }

    private AaaaRecord(DnsOwner owner, IPAddress address)
        : base(owner) => Address = address;

    /// <summary>The address.</summary>
    public IPAddress Address { get; }

    internal static AaaaRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, new IPAddress(data.Take(16)));

    internal static AaaaRecord Parse(DnsOwner owner, DnsTokens data)
    {
        var word = data.Word();
        return word.Contains(':', StringComparison.Ordinal) && !word.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(word, out var address)
            ? new(owner, address) : throw new FormatException($"'{word}' is no IPv6 address.");
    }

    internal override void WriteData(DnsWriter writer) => writer.Bytes(Address.GetAddressBytes());

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Address);
}
