using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A cookie that is set (RFC 6265 §4.1).</summary>
/// <param name="Name">A token.</param>
/// <param name="Value">Without white space, comma, semicolon, quote or backslash: encode what may have them.</param>
public sealed record HttpCookie(string Name, string Value)
{
    /// <summary>For which paths it is sent back; null: for that of the request and below.</summary>
    public string? Path { get; init; }

    /// <summary>For which hosts; null: only this one.</summary>
    public string? Domain { get; init; }

    /// <summary>How long it lasts; zero or less deletes it; null: as long as the browser runs.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Whether it is sent over TLS only.</summary>
    public bool Secure { get; init; }

    /// <summary>Whether scripts do not see it; default true.</summary>
    public bool HttpOnly { get; init; } = true;

    /// <summary>Whether it goes with requests from other sites: <c>Strict</c>, <c>Lax</c> (the default) or <c>None</c>; null: it is not said.</summary>
    public string? SameSite { get; init; } = "Lax";

    /// <summary>The value of a Set-Cookie field.</summary>
    /// <exception cref="ArgumentException">Something in it would be another attribute.</exception>
    public override string ToString()
    {
        if (!HttpGrammar.IsToken(Encoding.UTF8.GetBytes(Name)))
        {
            throw new ArgumentException($"'{Name}' is no name of a cookie: it is made of letters, digits and !#$%&'*+-.^_`|~.");
        }

        ThrowIfHas(Value, " ,;\"\\", nameof(Value));
        var text = new StringBuilder($"{Name}={Value}");
        Append(text, "Path", Path);
        Append(text, "Domain", Domain);
        Append(text, "Max-Age", MaxAge is { } age ? ((long)Math.Ceiling(age.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : null);
        Append(text, "SameSite", SameSite);
        return text.Append(Secure ? "; Secure" : "").Append(HttpOnly ? "; HttpOnly" : "").ToString();
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            ThrowIfHas(value, ";", name);
            text.Append("; ").Append(name).Append('=').Append(value);
        }
    }

    private static void ThrowIfHas(string value, string these, string what)
    {
        if (value.AsSpan().IndexOfAny(these) >= 0 || value.Any(char.IsControl) || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"{what} of a cookie has a character that it may not have: encode it.");
        }
    }
}
