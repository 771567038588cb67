using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Net;

namespace Diesel.Reactive.Protocols;

/// <summary>Reads a <see cref="ConnectionUri"/>. No message shows a part that could belong to a password in which something was not
/// percent-encoded.</summary>
internal sealed class ConnectionUriParser(string text)
{
    private const string Separator = "://";

    private static readonly SearchValues<char> NotInUris = SearchValues.Create(" \t\r\n\"<>\\^`{|}#");
    private static readonly SearchValues<char> OfSchemes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    public ConnectionUri Parse(string defaultScheme)
    {
        if (text.AsSpan().ContainsAny(NotInUris))
        {
            throw Wrong("holds a character that must be percent-encoded: a space, a quote, one of # < > \\ ^ ` { | }");
        }

        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        if (at >= 0 && !IsScheme(text.AsSpan(0, at)))
        {
            throw Wrong("has something else before its '://' than a scheme: '/' is percent-encoded as %2F");
        }

        var (scheme, rest) = at < 0 ? (defaultScheme, text) : (text[..at].ToLowerInvariant(), text[(at + Separator.Length)..]);
        var (beforeQuery, query) = Cut(rest, '?');
        var slash = beforeQuery.IndexOf('/', StringComparison.Ordinal);
        var (authority, path) = slash < 0 ? (beforeQuery, "") : (beforeQuery[..slash], beforeQuery[slash..]);
        if (path.Contains('@', StringComparison.Ordinal) || query?.Contains('@', StringComparison.Ordinal) == true)
        {
            throw Wrong("has a '@' behind its hosts: percent-encode it as %40, and in a password '/' as %2F and '?' as %3F");
        }

        var (user, password, hosts) = Authority(authority);
        return new()
        {
            Scheme = scheme, User = user, Password = password, Hosts = hosts, Path = Decoded(path), Parameters = query is null ? [] : Query(query),
        };
    }

    // scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) (RFC 3986 §3.1)
    private static bool IsScheme(ReadOnlySpan<char> scheme) =>
        scheme.Length > 0 && char.IsAsciiLetter(scheme[0]) && !scheme.ContainsAnyExcept(OfSchemes);

    // authority = [ userinfo "@" ] host [ ":" port ] (RFC 3986 §3.2), with hosts parted by commas.
    private (string? User, string? Password, UriHost[] Hosts) Authority(string authority)
    {
        var parts = authority.Split('@');
        if (parts.Length > 2)
        {
            throw Wrong("has more than one '@': in a user's name or a password it is percent-encoded as %40");
        }

        var hosts = parts[^1].Length == 0 ? [] : parts[^1].Split(',').Select(Host).ToArray();
        if (parts.Length == 1)
        {
            return (null, null, hosts);
        }

        var (user, password) = Cut(parts[0], ':');
        return (user.Length == 0 ? null : Decoded(user), password is null ? null : Decoded(password), hosts);
    }

    private UriHost Host(string host)
    {
        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']', StringComparison.Ordinal);
            return end > 0 && IPAddress.TryParse(host[1..end], out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
                ? new(host[1..end], Port(host[(end + 1)..]))
                : throw Wrong("has a '[' without an IPv6 address and its ']' behind it");
        }

        var colon = host.IndexOf(':', StringComparison.Ordinal);
        var name = Decoded(colon < 0 ? host : host[..colon]);
        return name.Length > 0 ? new(name, Port(colon < 0 ? "" : host[colon..])) : throw Wrong("has a host without a name");
    }

    private static int? Port(string port) => port.Length == 0 ? null
        : port[0] == ':' && int.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= ushort.MaxValue
            ? number
            : throw Wrong("has a port that is no number from 1 to 65535; an IPv6 address stands in brackets");

    private static KeyValuePair<string, string>[] Query(string query) =>
    [
        .. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair =>
        {
            var (key, value) = Cut(pair, '=');
            return KeyValuePair.Create(Decoded(key), Decoded(value ?? ""));
        }),
    ];

    private static string Decoded(string part)
    {
        for (var i = part.IndexOf('%', StringComparison.Ordinal); i >= 0; i = part.IndexOf('%', i + 1))
        {
            if (i + 2 >= part.Length || !char.IsAsciiHexDigit(part[i + 1]) || !char.IsAsciiHexDigit(part[i + 2]))
            {
                throw Wrong("has a '%' without two hexadecimal digits behind it: itself it is %25");
            }
        }

        return Uri.UnescapeDataString(part);
    }

    private static (string Before, string? Behind) Cut(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);

    private static ArgumentException Wrong(string how) => new($"The connection string {how}.");
}
