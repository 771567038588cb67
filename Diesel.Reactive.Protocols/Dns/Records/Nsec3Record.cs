using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The next hashed name of a zone and the types of this one, as a proof of what there is not (RFC 5155).</summary>
public sealed class Nsec3Record : DnsRecord
{
    private Nsec3Record(DnsOwner owner, byte algorithm, byte flags, ushort iterations, byte[] salt, byte[] next, DnsType[] types)
        : base(owner) =>
        (Algorithm, Flags, Iterations, Salt, NextHashed, Types) = (algorithm, flags, iterations, salt, next, types);

    /// <summary>Of the hash; 1 is SHA-1.</summary>
    public byte Algorithm { get; }

    /// <summary>1: names without signatures may lie between.</summary>
    public byte Flags { get; }

    /// <summary>How often it is hashed again.</summary>
    public ushort Iterations { get; }

    /// <summary>What is hashed along; may be empty.</summary>
    public ReadOnlyMemory<byte> Salt { get; }

    /// <summary>The next hash.</summary>
    public ReadOnlyMemory<byte> NextHashed { get; }

    /// <summary>What this name has.</summary>
    public IReadOnlyList<DnsType> Types { get; }

    internal static Nsec3Record Read(DnsOwner owner, ref DnsReader data) =>
        new(owner, data.U8(), data.U8(), data.U16(), data.Text(), data.Text(), DnsTypeBitmap.Read(ref data));

    internal static Nsec3Record Parse(DnsOwner owner, DnsTokens data) =>
        new(owner, data.U8(), data.U8(), data.U16(), Salted(data.Word()), DnsText.FromBase32(data.Word()), DnsTypeBitmap.Parse(data));

    internal override void WriteData(DnsWriter writer)
    {
        writer.U8(Algorithm);
        writer.U8(Flags);
        writer.U16(Iterations);
        writer.Text(Salt.Span);
        writer.Text(NextHashed.Span);
        DnsTypeBitmap.Write(writer, Types);
    }

    internal override StringBuilder PrintData(StringBuilder text) => DnsTypeBitmap.Print(
        text.Append(Algorithm, ' ').Append(Flags, ' ').Append(Iterations, ' ')
            .Append(Salt.IsEmpty ? "-" : Convert.ToHexString(Salt.Span)).And(DnsText.ToBase32(NextHashed.Span)),
        Types);

    private static byte[] Salted(string word) => word == "-" ? [] : Convert.FromHexString(word);
}
