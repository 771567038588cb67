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
        var rest = type.AsSpan();
        while (rest.IndexOf(';') is >= 0 and var mark)
        {
            rest = rest[(mark + 1)..];
            var end = rest.IndexOfAny('=', ';');
            if (end < 0 || rest[end] == ';')
            {
                continue;
            }

            var isIt = rest[..end].Trim().Equals(name, StringComparison.OrdinalIgnoreCase);
            rest = rest[(end + 1)..].TrimStart();
            var value = Value(ref rest);
            if (isIt)
            {
                return value;
            }
        }

        return null;
    }

    public static Encoding EncodingOf(string? type)
    {
        try
        {
            return Parameter(type, "charset") is { } charset ? Encoding.GetEncoding(charset) : Encoding.UTF8;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
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

    // parameter-value = ( token / quoted-string ); what stands between quotes parts nothing.
    private static string? Value(ref ReadOnlySpan<char> rest)
    {
        if (rest is not ['"', ..])
        {
            var end = rest.IndexOf(';') is >= 0 and var mark ? mark : rest.Length;
            var token = rest[..end].TrimEnd().ToString();
            rest = rest[end..];
            return token;
        }

        var value = new StringBuilder();
        for (var at = 1; at < rest.Length; at++)
        {
            if (rest[at] == '"')
            {
                rest = rest[(at + 1)..];
                return value.ToString();
            }

            at += rest[at] == '\\' && at + 1 < rest.Length ? 1 : 0;
            value.Append(rest[at]);
        }

        rest = default;
        return null;
    }
}
