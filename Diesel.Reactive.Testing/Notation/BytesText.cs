using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>Bytes as a diagram writes them: as text where they are text, otherwise in hexadecimal.</summary>
internal static class BytesText
{
    private const int FewBytes = 8;
    private const int LongText = 32;

    public static MarbleSpelling Spell(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.ContainsAnyExcept(Readable) || (bytes.Length > LongText && IsRun(bytes.Span)) ? MarbleSpelling.Hex(bytes) : NaturalSpelling.OfText(Encoding.ASCII.GetString(bytes.Span));

    /// <summary>As a diagram writes them: in digits also a long run, which its reader would have to make anew.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) =>
        bytes.Length is > FewBytes and <= RunOfBytes.Longest && IsRun(bytes) ? Run(bytes) : $"<{Convert.ToHexStringLower(bytes)}>";

    /// <summary>A run, however long.</summary>
    public static string Run(ReadOnlySpan<byte> bytes) => string.Create(CultureInfo.InvariantCulture, $"<{bytes[0]:x2}*{bytes.Length}>");

    /// <summary>Whether all bytes are the same; of which there is one at least.</summary>
    public static bool IsRun(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(bytes[0]);

    private static readonly System.Buffers.SearchValues<byte> Readable =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(b => (byte)b), .. "\r\n\t"u8]);
}
