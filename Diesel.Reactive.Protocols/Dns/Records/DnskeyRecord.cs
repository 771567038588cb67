using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A zone's key (RFC 4034, section 2).</summary>
public sealed class DnskeyRecord : DnsRecord
{
    /// <summary>Makes one.</summary>
    /// <param name="name">The zone.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="flags">256: signs records; 257: signs keys.</param>
    /// <param name="protocol">3.</param>
    /// <param name="algorithm">Of the key.</param>
    /// <param name="publicKey">The key.</param>
    public DnskeyRecord(DnsName name, TimeSpan timeToLive, ushort flags, byte protocol, byte algorithm, ReadOnlyMemory<byte> publicKey)
        : base(name, DnsType.DNSKEY, timeToLive) => (Flags, Protocol, Algorithm, PublicKey) = (flags, protocol, algorithm, publicKey);

    private DnskeyRecord(DnsOwner owner, ushort flags, byte protocol, byte algorithm, byte[] publicKey)
        : base(owner) => (Flags, Protocol, Algorithm, PublicKey) = (flags, protocol, algorithm, publicKey);

    /// <summary>256: signs records; 257: signs keys.</summary>
    public ushort Flags { get; }

    /// <summary>3.</summary>
    public byte Protocol { get; }

    /// <summary>Of the key.</summary>
    public byte Algorithm { get; }

    /// <summary>The key.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    internal static DnskeyRecord Read(DnsOwner owner, ref DnsReader data) => new(owner, data.U16(), data.U8(), data.U8(), data.Rest());

    internal static DnskeyRecord Parse(DnsOwner owner, DnsTokens data) => new(owner, data.U16(), data.U8(), data.U8(), data.Base64());

    internal override void WriteData(DnsWriter writer)
    {
        writer.U16(Flags);
        writer.U8(Protocol);
        writer.U8(Algorithm);
        writer.Bytes(PublicKey.Span);
    }

    internal override StringBuilder PrintData(StringBuilder text) =>
        text.Append(Flags, ' ').Append(Protocol, ' ').Append(Algorithm, ' ').Append(Convert.ToBase64String(PublicKey.Span));
}
