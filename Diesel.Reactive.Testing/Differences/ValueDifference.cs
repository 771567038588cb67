using System.Collections;
using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Where two values differ, for those too large to see it.</summary>
internal static class ValueDifference
{
    private const int ShortText = 16;
    private const int Around = 12;
    private const int MostProperties = 5;
    private const int MostItems = 10_000;

    public static IReadOnlyList<string> Of(object? expected, object? actual) => (expected, actual) switch
    {
        (string one, string other) => Texts(one, other),
        (byte[] one, byte[] other) => Bytes(one, other),
        (ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => Bytes(one, other),
        (ICollection one, ICollection other) => Items(one, other),
        (not null, not null) when MemberEquality.Of(expected, actual) is { } members => Members(expected, actual, members),
        (not null, not null) when (ValueText.Whole(expected), ValueText.Whole(actual)) is ({ } one, { } other) =>
            RecordText.TryRead(one) is { } before && RecordText.TryRead(other) is { } after ? Properties(before, after) : Texts(one, other),
        _ => [],
    };

    private static string[] Texts(string expected, string actual)
    {
        if (expected == actual || Math.Max(expected.Length, actual.Length) <= ShortText) return [];
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

    private static string[] Items(ICollection expected, ICollection actual)
    {
        var pairs = expected.Cast<object?>().Zip(actual.Cast<object?>()).Take(MostItems).ToList();
        var at = pairs.FindIndex(pair => !MarbleEquality.Same(pair.First, pair.Second));
        if (at >= 0) return [string.Create(CultureInfo.InvariantCulture, $"item {at}: expected {ValueText.Of(pairs[at].First)}, was {ValueText.Of(pairs[at].Second)}")];
        return expected.Count == actual.Count ? [] : [string.Create(CultureInfo.InvariantCulture, $"expected {expected.Count} items, was {actual.Count}")];
    }

    private static string[] Members(object expected, object actual, IReadOnlyList<MemberEquality.Member> members) =>
        [.. members.Where(member => !member.IsSame(expected, actual))
            .Select(member => $"{member.Name}: expected {ValueText.Of(member.Read(expected))}, was {ValueText.Of(member.Read(actual))}").Take(MostProperties)];

    private static string[] Properties(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual) =>
        [.. expected.Where(property => actual.TryGetValue(property.Key, out var other) && other != property.Value)
            .Select(property => $"{property.Key}: expected {ValueText.OneLine(property.Value)}, was {ValueText.OneLine(actual[property.Key])}").Take(MostProperties)];
}
