using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>An IPv4 address (RFC 1035, section 3.4.1).</summary>
public sealed class ARecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Whose address.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="address">Of IPv4.</param>
    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public ARecord(DnsName name, TimeSpan timeToLive, IPAddress address)
        : base(name, DnsType.A, timeToLive)
    {
        ArgumentNullException.ThrowIfNull(address);
        Address = address.AddressFamily == AddressFamily.InterNetwork ? address : throw new ArgumentException($"{address} is no IPv4 address.", nameof(address));
    }

    private ARecord(DnsOwner owner, IPAddress address)
        : base(owner) => Address = address;

    /// <summary>The address.</summary>
    public IPAddress Address { get; }

    internal static ARecord Read(DnsOwner owner, ref DnsReader data) => new(owner, new IPAddress(data.Take(4)));

    // IPAddress takes "10.1" for 10.0.0.1 as well; a master file means nothing by it.
    internal static ARecord Parse(DnsOwner owner, DnsTokens data)
    {
        var word = data.Word();
        return word.AsSpan().Count('.') == 3 && IPAddress.TryParse(word, out var address) && address.AddressFamily == AddressFamily.InterNetwork
            ? new(owner, address) : throw new FormatException($"'{word}' is no IPv4 address.");
    }

    internal override void WriteData(DnsWriter writer) => writer.Bytes(Address.GetAddressBytes());

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Address);
}
