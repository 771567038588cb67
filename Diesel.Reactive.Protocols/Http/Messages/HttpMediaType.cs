using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Content-Type (RFC 9110 §8.3).</summary>
internal static class HttpMediaType
{
    public const string Text = "text/plain; charset=utf-8";
    public const string Html = "text/html; charset=utf-8";
    public const string Json = "application/json";
    public const string Bytes = "application/octet-stream";

    /// <summary>The type without its parameters.</summary>
    public static ReadOnlySpan<char> NameOf(string? type)
    {
        var end = type?.IndexOf(';', StringComparison.Ordinal) ?? 0;
        return (end < 0 ? type.AsSpan() : type.AsSpan(0, end)).Trim();
    }

    /// <summary>A parameter, without its quotes.</summary>
    /// <returns>Null: there is none.</returns>
    public static string? Parameter(string? type, string name)
    {
        for (var rest = type.AsSpan(); rest.IndexOf(';') is >= 0 and var at;)
        {
            rest = rest[(at + 1)..].TrimStart();
            if (!rest.StartsWith(name, StringComparison.OrdinalIgnoreCase) || rest.Length <= name.Length || rest[name.Length] != '=')
            {
                continue;
            }

            var value = rest[(name.Length + 1)..];
            return value is ['"', ..] ? Unquoted(value[1..]) : (value.IndexOf(';') is >= 0 and var end ? value[..end] : value).TrimEnd().ToString();
        }

        return null;
    }

    public static Encoding EncodingOf(string? type)
    {
        try
        {
            return Parameter(type, "charset") is { } charset ? Encoding.GetEncoding(charset) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            throw new HttpRefusedException(415, "RFC 9110 §8.3.2", "The body is in an encoding that is unknown here");
        }
    }

    public static void Require(HttpHeaders headers, string name)
    {
        if (!NameOf(headers["Content-Type"]).Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            throw new HttpRefusedException(415, "RFC 9110 §15.5.16", $"The body is not of the type {name}");
        }
    }

    // Who does not say what it is is taken at its bytes.
    public static void RequireJson(HttpHeaders headers)
    {
        var name = NameOf(headers["Content-Type"]);
        if (!name.IsEmpty && !name.Equals(Json, StringComparison.OrdinalIgnoreCase) && !name.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
        {
            throw new HttpRefusedException(415, "RFC 9110 §15.5.16", $"The body is not of the type {Json}");
        }
    }

    private static string? Unquoted(ReadOnlySpan<char> text)
    {
        var value = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                return value.ToString();
            }

            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at]);
        }

        return null;
    }
}
