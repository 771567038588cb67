using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Text: one string or several, of at most 255 bytes each (RFC 1035, section 3.3.14).</summary>
public sealed class TxtRecord : DnsRecord
{
    private readonly byte[][] _strings;

    /// <summary>Makes one of UTF-8 strings.</summary>
    /// <param name="name">Whose text.</param>
    /// <param name="timeToLive">Whole seconds.</param>
    /// <param name="strings">At least one; of at most 255 bytes each, as UTF-8.</param>
    /// <exception cref="ArgumentException">There is none, or one is too long.</exception>
    public TxtRecord(DnsName name, TimeSpan timeToLive, params IEnumerable<string> strings)
        : base(name, DnsType.TXT, timeToLive)
    {
        ArgumentNullException.ThrowIfNull(strings);
        _strings = [.. strings.Select(String)];
        if (_strings.Length == 0)
        {
            throw new ArgumentException("There is no string: a TXT record has one at least.", nameof(strings));
        }
    }

    private TxtRecord(DnsOwner owner, byte[][] strings)
        : base(owner) => _strings = strings;

    /// <summary>The strings, as UTF-8.</summary>
    public IReadOnlyList<string> Strings => [.. _strings.Select(Encoding.UTF8.GetString)];

    /// <summary>The strings as the bytes they are.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Bytes => [.. _strings.Select(static each => (ReadOnlyMemory<byte>)each)];

    /// <summary>All strings as one, as what stands in such records (SPF, DKIM) is mostly meant.</summary>
    public string Text => Encoding.UTF8.GetString([.. _strings.SelectMany(static each => each)]);

    internal static TxtRecord Read(DnsOwner owner, ref DnsReader data)
    {
        var strings = new List<byte[]>();
        while (!data.IsAtEnd)
        {
            strings.Add(data.Text());
        }

        return strings.Count > 0 ? new(owner, [.. strings]) : throw new ProtocolException("A TXT record has no string.");
    }

    internal static TxtRecord Parse(DnsOwner owner, DnsTokens data)
    {
        var strings = new List<byte[]> { data.Text() };
        while (!data.IsAtEnd)
        {
            strings.Add(data.Text());
        }

        return new(owner, [.. strings]);
    }

    internal static byte[] String(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= byte.MaxValue ? bytes : throw new ArgumentException($"A string of {bytes.Length} bytes is longer than 255.", nameof(text));
    }

    internal override void WriteData(DnsWriter writer)
    {
        foreach (var each in _strings)
        {
            writer.Text(each);
        }
    }

    internal override StringBuilder PrintData(StringBuilder text)
    {
        for (var at = 0; at < _strings.Length; at++)
        {
            _ = at > 0 ? text.Append(' ') : text;
            text.Quoted(_strings[at]);
        }

        return text;
    }
}
