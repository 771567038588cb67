using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>The line of bytes in which two chunks differ first, of both, with a caret below the byte.</summary>
internal static class HexDump
{
    private const int BytesInALine = 16;

    public static IReadOnlyList<string> Of(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        var at = expected.CommonPrefixLength(actual);
        if (at == expected.Length && at == actual.Length) return [];
        var begin = at - (at % BytesInALine);
        var (wanted, told) = (Line("expected", begin, expected), Line("was     ", begin, actual));
        var caret = new string(' ', "expected  00000000  ".Length + (3 * (at - begin))) + "^^";
        return [string.Create(CultureInfo.InvariantCulture, $"they part at offset {at}, of {expected.Length} and {actual.Length} bytes:"), wanted, told, caret];
    }

    private static string Line(string label, int begin, ReadOnlySpan<byte> bytes)
    {
        var line = bytes.Slice(begin, Math.Min(BytesInALine, bytes.Length - begin)).ToArray();
        var digits = string.Join(' ', line.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
        var text = string.Concat(line.Select(b => b is >= 0x20 and < 0x7f ? (char)b : '.'));
        return $"{label}  {begin:x8}  {digits.PadRight((3 * BytesInALine) - 1)}  {text}";
    }
}
