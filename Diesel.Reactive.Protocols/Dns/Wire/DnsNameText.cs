using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Names as text: RFC 1035, section 5.1, and IDNA.</summary>
internal static class DnsNameText
{
    private static readonly IdnMapping Idna = new();

    /// <param name="text">What was written.</param>
    /// <param name="origin">Put behind a name without a dot at its end.</param>
    /// <param name="name">The name.</param>
    /// <param name="wrong">What is wrong with it.</param>
    public static bool TryParse(ReadOnlySpan<char> text, DnsName origin, out DnsName name, out string wrong)
    {
        (name, wrong) = (default, "");
        if (text is ".")
        {
            return true;
        }

        Span<byte> wire = stackalloc byte[DnsName.MaxLength];
        var length = 0;
        var rest = text;
        while (!rest.IsEmpty)
        {
            var end = EndOfLabel(rest);
            if (!TryLabel(rest[..end], wire[Math.Min(length, wire.Length)..], out var written, out wrong))
            {
                return false;
            }

            length += written;
            if (end == rest.Length)
            {
                return TryJoin(wire[..length], origin, out name, out wrong);
            }

            rest = rest[(end + 1)..];
        }

        wrong = "it is empty";
        return length > 0 && TryJoin(wire[..length], default, out name, out wrong);
    }

    public static string Print(ReadOnlySpan<byte> wire)
    {
        if (wire.Length == 1)
        {
            return ".";
        }

        var text = new StringBuilder(wire.Length);
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            foreach (var value in wire.Slice(at + 1, wire[at]))
            {
                Print(text, value);
            }

            text.Append('.');
        }

        return text.ToString();
    }

    public static string ToUnicode(DnsName name)
    {
        var text = name.IsRoot ? "." : name.ToString()[..^1];
        try
        {
            return text.Contains("xn--", StringComparison.OrdinalIgnoreCase) ? Idna.GetUnicode(text) : text;
        }
        catch (ArgumentException)
        {
            // What looks like IDNA and is none is shown as it is.
            return text;
        }
    }

    private static void Print(StringBuilder text, byte value)
    {
        if (value is <= (byte)' ' or >= 0x7F)
        {
            text.Append('\\').Append(value.ToString("D3", CultureInfo.InvariantCulture));
        }
        else
        {
            _ = (char)value is '.' or '\\' or '"' or '(' or ')' or ';' or '@' or '$' ? text.Append('\\') : text;
            text.Append((char)value);
        }
    }

    private static bool TryJoin(ReadOnlySpan<byte> labels, DnsName origin, out DnsName name, out string wrong)
    {
        wrong = $"it is longer than {DnsName.MaxLength} bytes";
        return DnsName.TryJoin(labels, origin, out name);
    }

    private static int EndOfLabel(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '\\')
            {
                at++;
            }
            else if (text[at] is '.')
            {
                return at;
            }
        }

        return text.Length;
    }

    private static bool TryLabel(ReadOnlySpan<char> text, Span<byte> wire, out int written, out string wrong)
    {
        written = 0;
        Span<byte> label = stackalloc byte[DnsName.MaxLabel];
        if (text.IsEmpty)
        {
            wrong = "a label is empty";
        }
        else if (!TryBytes(text, label, out var length, out wrong))
        {
            // Said there.
        }
        else if (length + 1 > wire.Length)
        {
            wrong = $"it is longer than {DnsName.MaxLength} bytes";
        }
        else
        {
            wire[0] = (byte)length;
            label[..length].CopyTo(wire[1..]);
            written = length + 1;
            return true;
        }

        return false;
    }

    private static bool TryBytes(ReadOnlySpan<char> text, Span<byte> label, out int length, out string wrong)
    {
        length = 0;
        if (!System.Text.Ascii.IsValid(text) && !TryEncode(ref text, out wrong))
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            if (!DnsText.TryTake(ref text, out var value))
            {
                wrong = "a backslash is followed by three digits up to 255, or by a character that is no digit";
                return false;
            }

            if (length == label.Length)
            {
                wrong = $"a label is longer than {DnsName.MaxLabel} bytes";
                return false;
            }

            label[length++] = value;
        }

        wrong = "";
        return true;
    }

    private static bool TryEncode(ref ReadOnlySpan<char> text, out string wrong)
    {
        wrong = "";
        try
        {
            text = Idna.GetAscii(text.ToString());
            return true;
        }
        catch (ArgumentException error)
        {
            wrong = error.Message;
            return false;
        }
    }
}
