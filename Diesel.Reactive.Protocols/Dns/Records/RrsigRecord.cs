using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>The signature of a set of records (RFC 4034, section 3).</summary>
public sealed class RrsigRecord : DnsRecord
{
    private const string TimeFormat = "yyyyMMddHHmmss";

    private readonly uint _originalSeconds;
    private readonly uint _expiration;
    private readonly uint _inception;

    private RrsigRecord(
        DnsOwner owner, DnsType covered, byte algorithm, byte labels, uint originalSeconds, uint expiration, uint inception, ushort keyTag, DnsName signer, byte[] signature)
        : base(owner)
    {
        (TypeCovered, Algorithm, Labels, KeyTag, Signer, Signature) = (covered, algorithm, labels, keyTag, signer, signature);
        (_originalSeconds, _expiration, _inception) = (originalSeconds, expiration, inception);
    }

    /// <summary>The type of the records it signs.</summary>
    public DnsType TypeCovered { get; }

    /// <summary>Of the key.</summary>
    public byte Algorithm { get; }

    /// <summary>How many labels the name had that was signed: fewer than its own when a wildcard was.</summary>
    public byte Labels { get; }

    /// <summary>The time to live that was signed.</summary>
    public TimeSpan OriginalTimeToLive => TimeSpan.FromSeconds(_originalSeconds);

    /// <summary>Until when it holds.</summary>
    public DateTimeOffset Expiration => DateTimeOffset.FromUnixTimeSeconds(_expiration);

    /// <summary>From when on it holds.</summary>
    public DateTimeOffset Inception => DateTimeOffset.FromUnixTimeSeconds(_inception);

    /// <summary>Which of the signer's keys.</summary>
    public ushort KeyTag { get; }

    /// <summary>The zone whose key it is.</summary>
    public DnsName Signer { get; }

    /// <summary>The signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    internal static RrsigRecord Read(DnsOwner owner, ref DnsReader data) => new(
        owner, (DnsType)data.U16(), data.U8(), data.U8(), data.U32(), data.U32(), data.U32(), data.U16(), data.Name(), data.Rest());

    internal static RrsigRecord Parse(DnsOwner owner, DnsTokens data) => new(
        owner, data.Type(), data.U8(), data.U8(), data.Time(), Moment(data.Word()), Moment(data.Word()), data.U16(), data.Name(), data.Base64());

    internal override void WriteData(DnsWriter writer)
    {
        writer.U16((ushort)TypeCovered);
        writer.U8(Algorithm);
        writer.U8(Labels);
        writer.U32(_originalSeconds);
        writer.U32(_expiration);
        writer.U32(_inception);
        writer.U16(KeyTag);
        writer.Name(Signer);
        writer.Bytes(Signature.Span);
    }

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(TypeCovered.Print()).And(Algorithm).And(Labels).And(_originalSeconds)
        .And(Print(Expiration)).And(Print(Inception)).And(KeyTag).And(Signer.ToString()).And(Convert.ToBase64String(Signature.Span));

    private static string Print(DateTimeOffset moment) => moment.ToString(TimeFormat, CultureInfo.InvariantCulture);

    // RFC 4034, section 3.2: YYYYMMDDHHmmSS, or seconds since 1970.
    private static uint Moment(string word) =>
        DateTimeOffset.TryParseExact(word, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        && moment.ToUnixTimeSeconds() is >= 0 and <= uint.MaxValue and var seconds ? (uint)seconds
        : uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"'{word}' is no time.");
}
