using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Who may issue certificates for a name (RFC 8659).</summary>
public sealed class CaaRecord : DnsRecord
{
    private readonly byte[] _value;

    /// <summary>Makes one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="flags">128: who does not know the tag must not issue.</param>
    /// <param name="tag">What is said: <c>issue</c>, <c>issuewild</c>, <c>iodef</c>. 1 to 255 letters and digits.</param>
    /// <param name="value">To whom.</param>
    /// <exception cref="ArgumentException">The tag is none.</exception>
    public CaaRecord(DnsName name, TimeSpan timeToLive, byte flags, string tag, string value)
        : base(name, DnsType.CAA, timeToLive)
    {
        ArgumentNullException.ThrowIfNull(value);
        (Flags, Tag, _value) = (flags, IsTag(tag) ? tag : throw new ArgumentException($"'{tag}' is no tag.", nameof(tag)), Encoding.UTF8.GetBytes(value));
    }

    private CaaRecord(DnsOwner owner, byte flags, string tag, byte[] value)
        : base(owner) => (Flags, Tag, _value) = (flags, tag, value);

    /// <summary>128: who does not know the tag must not issue.</summary>
    public byte Flags { get; }

    /// <summary>What is said: <c>issue</c>, <c>issuewild</c>, <c>iodef</c>.</summary>
    public string Tag { get; }

    /// <summary>To whom.</summary>
    public string Value => Encoding.UTF8.GetString(_value);

    internal static CaaRecord Read(DnsOwner owner, ref DnsReader data)
    {
        var (flags, tag) = (data.U8(), Encoding.Latin1.GetString(data.Text()));
        return IsTag(tag) ? new(owner, flags, tag, data.Rest()) : throw new ProtocolException($"The tag of a CAA record is '{tag}': it is made of letters and digits.");
    }

    internal static CaaRecord Parse(DnsOwner owner, DnsTokens data)
    {
        var (flags, tag) = (data.U8(), data.Word());
        return IsTag(tag) ? new(owner, flags, tag, DnsText.Bytes(data.Word())) : throw new FormatException($"'{tag}' is no tag.");
    }

    internal override void WriteData(DnsWriter writer)
    {
        writer.U8(Flags);
        writer.Text(Encoding.Latin1.GetBytes(Tag));
        writer.Bytes(_value);
    }

    internal override StringBuilder PrintData(StringBuilder text) => text.Append(Flags, ' ').Append(Tag).Append(' ').Quoted(_value);

    private static bool IsTag(string tag) => tag is { Length: > 0 and <= 255 } && tag.All(char.IsAsciiLetterOrDigit);
}
