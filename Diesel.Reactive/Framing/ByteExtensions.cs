using System.Text;

namespace Diesel.Reactive;

/// <summary>What handlers of text protocols do with bytes.</summary>
public static class ByteExtensions
{
    /// <summary>Writes the ASCII letters a–z in capitals; every other byte stays.</summary>
    /// <param name="bytes">Not changed.</param>
    /// <returns>New memory of the same length.</returns>
    public static ReadOnlyMemory<byte> ToUpper(this ReadOnlyMemory<byte> bytes)
    {
        var upper = bytes.ToArray();
        foreach (ref var letter in upper.AsSpan())
        {
            if (char.IsAsciiLetterLower((char)letter))
            {
                letter &= 0xDF;
            }
        }

        return upper;
    }

    /// <summary>Reads bytes as text.</summary>
    /// <param name="bytes">A whole text: characters cut at its ends are replaced as the encoding says.</param>
    /// <param name="encoding">UTF-8 when null.</param>
    /// <returns>The text.</returns>
    public static string ToText(this ReadOnlyMemory<byte> bytes, Encoding? encoding = null) =>
        (encoding ?? Encoding.UTF8).GetString(bytes.Span);

    /// <summary>Writes text as bytes, without a byte order mark.</summary>
    /// <param name="text">May be empty.</param>
    /// <param name="encoding">UTF-8 when null.</param>
    /// <returns>New memory.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static ReadOnlyMemory<byte> ToBytes(this string text, Encoding? encoding = null) =>
        (encoding ?? Encoding.UTF8).GetBytes(text);

    /// <summary>Leaves out one CRLF or LF at the end.</summary>
    /// <param name="bytes">A line, with or without its end.</param>
    /// <returns>A slice of the same memory.</returns>
    public static ReadOnlyMemory<byte> TrimEol(this ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        return span.EndsWith("\r\n"u8) ? bytes[..^2]
            : span.EndsWith("\n"u8) ? bytes[..^1]
            : bytes;
    }
}
