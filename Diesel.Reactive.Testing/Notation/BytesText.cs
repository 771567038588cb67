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

    public static string Hex(ReadOnlySpan<byte> bytes) =>
        bytes.Length > FewBytes && IsRun(bytes)
            ? string.Create(CultureInfo.InvariantCulture, $"<{bytes[0]:x2}*{bytes.Length}>")
            : $"<{Convert.ToHexStringLower(bytes)}>";

    /// <summary>Whether all bytes are the same; of which there is one at least.</summary>
    public static bool IsRun(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(bytes[0]);

    private static readonly System.Buffers.SearchValues<byte> Readable =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(b => (byte)b), .. "\r\n\t"u8]);
}
