using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>An address, of one family or the other: <see cref="ARecord"/>, <see cref="AaaaRecord"/>.</summary>
public abstract class AddressRecord : DnsRecord
{
    private protected AddressRecord(DnsName name, DnsType type, TimeSpan timeToLive, IPAddress address, AddressFamily family)
        : base(name, type, timeToLive)
    {
        ArgumentNullException.ThrowIfNull(address);
        Address = address.AddressFamily == family ? address : throw new ArgumentException($"{address} is no {Family(family)} address.", nameof(address));
    }

    private protected AddressRecord(DnsOwner owner, IPAddress address)
        : base(owner) => Address = address;

    /// <summary>The address.</summary>
    public IPAddress Address { get; }

    // IPAddress takes more than a master file means: "10.1" for 10.0.0.1, and an interface behind a percent sign.
    private protected static IPAddress Parse(DnsTokens data, AddressFamily family)
    {
        var word = data.Word();
        var isWhole = family == AddressFamily.InterNetwork ? word.AsSpan().Count('.') == 3 : !word.Contains('%', StringComparison.Ordinal);
        return isWhole && IPAddress.TryParse(word, out var address) && address.AddressFamily == family
            ? address : throw new FormatException($"'{word}' is no {Family(family)} address.");
    }

    internal sealed override void WriteData(DnsWriter writer)
    {
        Span<byte> bytes = stackalloc byte[16];
        Address.TryWriteBytes(bytes, out var length);
        writer.Bytes(bytes[..length]);
    }

    internal sealed override StringBuilder PrintData(StringBuilder text) => text.Append(Address);

    private static string Family(AddressFamily family) => family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
}
