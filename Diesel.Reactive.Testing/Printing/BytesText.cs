using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>Bytes as a diagram writes them: as text where they are text, otherwise in hexadecimal.</summary>
internal static class BytesText
{
    private const int FewBytes = 8;

    public static MarbleSpelling Spell(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.ContainsAnyExcept(Readable) ? MarbleSpelling.Hex(bytes) : NaturalSpelling.OfText(Encoding.ASCII.GetString(bytes.Span));

    public static string Hex(ReadOnlySpan<byte> bytes) =>
        bytes.Length > FewBytes && !bytes.ContainsAnyExcept(bytes[0])
            ? string.Create(CultureInfo.InvariantCulture, $"<{bytes[0]:x2}*{bytes.Length}>")
            : $"<{Convert.ToHexStringLower(bytes)}>";

    private static readonly System.Buffers.SearchValues<byte> Readable =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(b => (byte)b), .. "\r\n\t\0"u8]);
}
