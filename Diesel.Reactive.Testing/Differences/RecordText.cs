namespace Diesel.Reactive.Testing;

/// <summary>The properties of a record, read from what it says of itself: <c>Point { X = 1, Y = 2 }</c>.</summary>
/// <remarks>The text is enough for a hint to a person, and needs no reflection.</remarks>
internal static class RecordText
{
    private const string Open = " { ";
    private const string Close = " }";
    private const string Equal = " = ";
    private const string Comma = ", ";
    private const int Longest = 10_000;

    /// <summary>The properties in their order; null: it is no record's text.</summary>
    public static IReadOnlyDictionary<string, string>? TryRead(string? text)
    {
        if (text is null || text.Length > Longest || !text.EndsWith(Close, StringComparison.Ordinal)) return null;
        var open = text.IndexOf(Open, StringComparison.Ordinal);
        if (open <= 0 || open + Open.Length > text.Length - Close.Length) return null;
        var properties = new OrderedDictionary<string, string>();
        string? name = null;
        foreach (var part in Parts(text[(open + Open.Length)..^Close.Length]))
        {
            // A part without a name was a comma within a value.
            if (part.Split(Equal, 2) is [var before, var value] && before.All(c => char.IsLetterOrDigit(c) || c == '_')) properties[name = before] = value;
            else if (name is not null) properties[name] += Comma + part;
        }

        return properties;
    }

    private static IEnumerable<string> Parts(string inside)
    {
        var (begin, depth) = (0, 0);
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] is '{' or '[' or '(') depth++;
            if (inside[i] is '}' or ']' or ')') depth--;
            if (depth > 0 || !inside.AsSpan(i).StartsWith(Comma)) continue;
            yield return inside[begin..i];
            begin = i + Comma.Length;
        }

        yield return inside[begin..];
    }
}
