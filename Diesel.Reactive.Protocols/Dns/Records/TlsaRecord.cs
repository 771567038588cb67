using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Which certificate a service has (RFC 6698).</summary>
public sealed class TlsaRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">The service: <c>_443._tcp.example.</c></param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="usage">What the certificate is in its chain.</param>
    /// <param name="selector">0: the whole certificate; 1: its key.</param>
    /// <param name="matchingType">0: as it is; 1: SHA-256; 2: SHA-512.</param>
    /// <param name="data">What is compared.</param>
    public TlsaRecord(DnsName name, TimeSpan timeToLive, byte usage, byte selector, byte matchingType, ReadOnlyMemory<byte> data)
        : base(name, DnsType.TLSA, timeToLive) => (Usage, Selector, MatchingType, Association) = (usage, selector, matchingType, data);

    private TlsaRecord(DnsOwner owner, byte usage, byte selector, byte matchingType, byte[] data)
        : base(owner) => (Usage, Selector, MatchingType, Association) = (usage, selector, matchingType, data);

    /// <summary>What the certificate is in its chain.</summary>
    public byte Usage { get; }

    /// <summary>0: the whole certificate; 1: its key.</summary>
    public byte Selector { get; }

    /// <summary>0: as it is; 1: SHA-256; 2: SHA-512.</summary>
    public byte MatchingType { get; }

    /// <summary>What is compared.</summary>
    public ReadOnlyMemory<byte> Association { get; }

    internal static TlsaRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.U8(), data.U8(), data.U8(), data.Rest());

    internal static TlsaRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.U8(), data.U8(), data.U8(), data.Hex());

    internal override void WriteData(DnsWriter writer)
    {
        writer.U8(Usage);
        writer.U8(Selector);
        writer.U8(MatchingType);
        writer.Bytes(Association.Span);
    }

    internal override StringBuilder PrintData(StringBuilder text) =>
        text.Append(Usage, ' ').Append(Selector, ' ').Append(MatchingType, ' ').Append(Convert.ToHexString(Association.Span));
}
