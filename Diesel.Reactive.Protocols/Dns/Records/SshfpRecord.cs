using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The fingerprint of a host's SSH key (RFC 4255).</summary>
public sealed class SshfpRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">The host.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="algorithm">Of the key.</param>
    /// <param name="fingerprintType">Of the fingerprint.</param>
    /// <param name="fingerprint">The fingerprint.</param>
    public SshfpRecord(DnsName name, TimeSpan timeToLive, byte algorithm, byte fingerprintType, ReadOnlyMemory<byte> fingerprint)
        : base(name, DnsType.SSHFP, timeToLive) => (Algorithm, FingerprintType, Fingerprint) = (algorithm, fingerprintType, fingerprint);

    private SshfpRecord(DnsOwner owner, byte algorithm, byte fingerprintType, byte[] fingerprint)
        : base(owner) => (Algorithm, FingerprintType, Fingerprint) = (algorithm, fingerprintType, fingerprint);

    /// <summary>Of the key.</summary>
    public byte Algorithm { get; }

    /// <summary>Of the fingerprint.</summary>
    public byte FingerprintType { get; }

    /// <summary>The fingerprint.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; }

    internal static SshfpRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.U8(), data.U8(), data.Rest());

    internal static SshfpRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.U8(), data.U8(), data.Hex());

    internal override void WriteData(DnsWriter writer)
    {
        writer.U8(Algorithm);
        writer.U8(FingerprintType);
        writer.Bytes(Fingerprint.Span);
    }

    internal override StringBuilder PrintData(StringBuilder text) =>
        text.Append(Algorithm, ' ').Append(FingerprintType, ' ').Append(Convert.ToHexString(Fingerprint.Span));
}
