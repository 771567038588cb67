using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Where two values differ, for those too large to see it.</summary>
internal static class ValueDifference
{
    private const int ShortText = 16;
    private const int Around = 12;
    private const int MostProperties = 5;

    public static IReadOnlyList<string> Of(object? expected, object? actual) => (expected, actual) switch
    {
        (string one, string other) => Texts(one, other),
        (byte[] one, byte[] other) => Bytes(one, other),
        (ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => Bytes(one, other),
        (not null, not null) => RecordText.TryRead(ValueText.Whole(expected)) is { } one && RecordText.TryRead(ValueText.Whole(actual)) is { } other
            ? Properties(one, other) : [],
        _ => [],
    };

    private static string[] Texts(string expected, string actual)
    {
        if (Math.Max(expected.Length, actual.Length) <= ShortText) return [];
        var at = expected.AsSpan().CommonPrefixLength(actual);
        return [string.Create(CultureInfo.InvariantCulture, $"they part at index {at}: expected {Context(expected, at)}, was {Context(actual, at)}")];
    }

    private static IReadOnlyList<string> Bytes(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> actual) =>
        IsShortText(expected) && IsShortText(actual) ? [] : HexDump.Of(expected.Span, actual.Span);

    private static bool IsShortText(ReadOnlyMemory<byte> bytes) => bytes.Length <= ShortText && BytesText.Spell(bytes).Kind != MarbleSpellingKind.Hex;

    private static string Context(string text, int at)
    {
        var (first, end) = (Math.Max(0, at - Around), Math.Min(text.Length, at + Around));
        return $"{(first > 0 ? "…" : "")}'{QuotedText.Escaped(text.AsSpan(first, end - first))}'{(end < text.Length ? "…" : "")}";
    }

    private static string[] Properties(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual) =>
        [.. expected.Where(property => actual.TryGetValue(property.Key, out var other) && other != property.Value)
            .Select(property => $"{property.Key}: expected {ValueText.OneLine(property.Value)}, was {ValueText.OneLine(actual[property.Key])}").Take(MostProperties)];
}
