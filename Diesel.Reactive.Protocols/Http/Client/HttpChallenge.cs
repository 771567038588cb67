using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A login that a server or a proxy asks for (RFC 9110 §11.6.1).</summary>
/// <param name="Scheme">Which kind.</param>
/// <param name="Parameters">Their names in any case; empty for a kind that has none.</param>
internal sealed record HttpChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    // A server that offers more of them than there are kinds wants something else.
    private const int Most = 16;

    public string? this[string name] => Parameters.GetValueOrDefault(name);

    public bool Is(string scheme) => string.Equals(Scheme, scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ], of all fields of a name. What is none ends its field.</summary>
    public static List<HttpChallenge> All(HttpHeaders headers, string field)
    {
        var all = new List<HttpChallenge>();
        foreach (var value in headers.GetAll(field))
        {
            Read(value, all);
        }

        return all;
    }

    private static void Read(ReadOnlySpan<char> text, List<HttpChallenge> all)
    {
        Dictionary<string, string>? parameters = null;
        while (true)
        {
            text = text.TrimStart(" \t,");
            var name = Token(ref text);
            if (name.IsEmpty || all.Count == Most)
            {
                return;
            }

            var rest = text.TrimStart(" \t");
            if (parameters is not null && rest is ['=', ..])
            {
                rest = rest[1..].TrimStart(" \t");
                parameters[name.ToString()] = rest is ['"', ..] ? Quoted(ref rest) : Token(ref rest).ToString();
                text = rest;
                continue;
            }

            parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            all.Add(new HttpChallenge(name.ToString(), parameters));
            text = SkipToken68(rest);
        }
    }

    // Negotiate and its like say something that is no parameter.
    private static ReadOnlySpan<char> SkipToken68(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(", \t");
        var word = end < 0 ? text : text[..end];
        var isToken68 = word.Contains('/') || word.EndsWith("=") || (word.Length > 0 && !word.Contains('=') && (end < 0 || text[end] == ',') && !text[word.Length..].TrimStart(" \t").StartsWith("="));
        return isToken68 ? text[word.Length..] : text;
    }

    private static ReadOnlySpan<char> Token(ref ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && text[end] < 0x80 && HttpGrammar.Token.Contains((byte)text[end]))
        {
            end++;
        }

        var token = text[..end];
        text = text[end..];
        return token;
    }

    private static string Quoted(ref ReadOnlySpan<char> text)
    {
        var value = new StringBuilder();
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                text = text[(at + 1)..];
                return value.ToString();
            }

            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at]);
        }

        text = default;
        return value.ToString();
    }
}
