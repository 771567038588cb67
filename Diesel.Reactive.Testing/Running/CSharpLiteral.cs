using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>A string in C# source that begins and ends on one line: plain, verbatim or raw, with nothing put into it.</summary>
internal sealed class CSharpLiteral
{
    private readonly int _quotes;

    private CSharpLiteral(int from, int to, int quotes, string value) => (From, To, _quotes, Value) = (from, to, quotes, value);

    /// <summary>The index of its first sign.</summary>
    public int From { get; }

    /// <summary>The index behind its last.</summary>
    public int To { get; }

    /// <summary>What it means.</summary>
    public string Value { get; }

    /// <summary>The literal behind some blanks; null: something else is there.</summary>
    public static CSharpLiteral? At(string text, int at)
    {
        var from = at;
        while (from < text.Length && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        var rest = text.AsSpan(from);
        var raw = rest.IndexOfAnyExcept('"') is var quotes && quotes >= 3 ? quotes : 0;
        return raw > 0 ? Raw(text, from, raw) : rest.StartsWith("@\"") ? Verbatim(text, from) : rest.StartsWith("\"") ? Plain(text, from) : null;
    }

    /// <summary>The same literal with another diagram in it; blanks at its beginning stay, because they align it with others.</summary>
    public string With(string diagram)
    {
        var value = string.Concat(Value.AsSpan(0, Value.Length - Value.AsSpan().TrimStart().Length), diagram);
        var quotes = new string('"', Math.Max(_quotes, 1));
        return _quotes switch
        {
            0 => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
            1 => $"@\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            _ when !value.StartsWith('"') && !value.EndsWith('"') && !value.Contains(quotes, StringComparison.Ordinal) => quotes + value + quotes,
            _ => $"@\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        };
    }

    private static CSharpLiteral? Raw(string text, int from, int quotes)
    {
        var end = text.IndexOf(new string('"', quotes), from + quotes, StringComparison.Ordinal);
        return end < 0 || text.AsSpan(from, end - from).Contains('\n') ? null : new(from, end + quotes, quotes, text[(from + quotes)..end]);
    }

    private static CSharpLiteral? Verbatim(string text, int from)
    {
        var value = new StringBuilder();
        for (var at = from + 2; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] != '"')
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                value.Append('"');
                at++;
            }
            else
            {
                return new(from, at + 1, 1, value.ToString());
            }
        }

        return null;
    }

    // Of the escapes, those that a diagram may need.
    private static CSharpLiteral? Plain(string text, int from)
    {
        var value = new StringBuilder();
        for (var at = from + 1; at < text.Length && text[at] != '\n'; at++)
        {
            switch (text[at])
            {
                case '"':
                    return new(from, at + 1, 0, value.ToString());
                case '\\' when at + 1 < text.Length && text[at + 1] is '\\' or '"' or '\'':
                    value.Append(text[++at]);
                    break;
                case '\\':
                    return null;
                default:
                    value.Append(text[at]);
                    break;
            }
        }

        return null;
    }
}
