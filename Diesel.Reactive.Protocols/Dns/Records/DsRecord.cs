using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The digest of a key of a zone below (RFC 4034, section 5).</summary>
public sealed class DsRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">The zone below.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="keyTag">Which of its keys.</param>
    /// <param name="algorithm">Of the key.</param>
    /// <param name="digestType">Of the digest.</param>
    /// <param name="digest">The digest.</param>
    public DsRecord(DnsName name, TimeSpan timeToLive, ushort keyTag, byte algorithm, byte digestType, ReadOnlyMemory<byte> digest)
        : base(name, DnsType.DS, timeToLive) => (KeyTag, Algorithm, DigestType, Digest) = (keyTag, algorithm, digestType, digest);

    private DsRecord(DnsOwner owner, ushort keyTag, byte algorithm, byte digestType, byte[] digest)
        : base(owner) => (KeyTag, Algorithm, DigestType, Digest) = (keyTag, algorithm, digestType, digest);

    /// <summary>Which of the zone's keys.</summary>
    public ushort KeyTag { get; }

    /// <summary>Of the key.</summary>
    public byte Algorithm { get; }

    /// <summary>Of the digest.</summary>
    public byte DigestType { get; }

    /// <summary>The digest.</summary>
    public ReadOnlyMemory<byte> Digest { get; }

    internal static DsRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.U16(), data.U8(), data.U8(), data.Rest());

    internal static DsRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.U16(), data.U8(), data.U8(), data.Hex());

    internal override void WriteData(DnsWriter writer)
    {
        writer.U16(KeyTag);
        writer.U8(Algorithm);
        writer.U8(DigestType);
        writer.Bytes(Digest.Span);
    }

    internal override StringBuilder PrintData(StringBuilder text) =>
        text.Append(KeyTag, ' ').Append(Algorithm, ' ').Append(DigestType, ' ').Append(Convert.ToHexString(Digest.Span));
}
