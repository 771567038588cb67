using System.Collections;
using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Values as a person reads them: on one line, of bounded length, whatever the value does when it is asked.</summary>
internal static class ValueText
{
    private const int Longest = 60;
    private const int MostItems = 8;
    private const int Deepest = 3;

    public static string Of(object? value) => Of(value, 0);

    /// <summary>What a value says of itself, with nothing cut off; null: it failed to.</summary>
    public static string? Whole(object? value)
    {
        try
        {
            return value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString();
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>A text between quotes, its beginning if it is long.</summary>
    public static string Quoted(string text) => text.Length <= Longest
        ? $"'{QuotedText.Escaped(text)}'"
        : string.Create(CultureInfo.InvariantCulture, $"'{QuotedText.Escaped(text.AsSpan(0, Longest))}…' ({text.Length} characters)");

    private static string Of(object? value, int depth) => value switch
    {
        null => "null",
        string text => Quoted(text),
        char character => Quoted(character.ToString()),
        byte[] bytes => Bytes(bytes),
        ReadOnlyMemory<byte> bytes => Bytes(bytes),
        Exception error => $"{error.GetType().Name}: {Guarded(error, () => error.Message, Quoted)}",
        ICollection items when depth < Deepest => Guarded(items, () => Items(items, depth + 1), text => text),
        IFormattable number => Guarded(number, () => number.ToString(null, CultureInfo.InvariantCulture), OneLine),
        _ => Guarded(value, value.ToString, OneLine),
    };

    private static string Bytes(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Longest && BytesText.IsRun(bytes.Span)) return BytesText.Run(bytes.Span);
        var shown = MarbleNotation.Of(NaturalSpelling.Quoted(BytesText.Spell(bytes.Length <= Longest ? bytes : bytes[..Longest])));
        return bytes.Length <= Longest ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown[..^1]}…{shown[^1]} ({bytes.Length} bytes)");
    }

    private static string Items(ICollection items, int depth)
    {
        var shown = string.Join(", ", items.Cast<object?>().Take(MostItems).Select(item => Of(item, depth)));
        return items.Count <= MostItems ? $"[{shown}]" : string.Create(CultureInfo.InvariantCulture, $"[{shown}, …] ({items.Count} items)");
    }

    private static string Guarded(object value, Func<string?> text, Func<string, string> shown)
    {
        try
        {
            return text() is { } told ? shown(told) : $"({value.GetType().Name}: ToString gave null)";
        }
        catch (Exception error)
        {
            return $"({value.GetType().Name}: ToString threw {error.GetType().Name})";
        }
    }

    /// <summary>A text without line ends, its beginning if it is long.</summary>
    public static string OneLine(string text)
    {
        var shown = string.Concat(text.Take(Longest).Select(c => char.IsControl(c) ? QuotedText.Escaped([c]) : c.ToString()));
        return text.Length <= Longest ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}… ({text.Length} characters)");
    }
}
