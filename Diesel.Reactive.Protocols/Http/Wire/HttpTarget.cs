namespace Diesel.Reactive.Protocols.Http;

/// <summary>The request target (RFC 9112 §3.2) and the authorities in it and in Host.</summary>
internal static class HttpTarget
{
    private const int MostOfPort = 5;

    /// <summary>Checks the target of a method.</summary>
    /// <returns>What is to be noted of it.</returns>
    /// <exception cref="HttpRefusedException">It is none.</exception>
    public static HttpHeadFlags Check(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target)
    {
        if (target.IsEmpty || target.ContainsAnyExcept(HttpGrammar.Target))
        {
            throw Refused("RFC 9112 §3.2", "The request target is empty or has a character that none may have");
        }

        if (method.SequenceEqual("CONNECT"u8))
        {
            return IsAuthority(target) && HasPort(target) ? HttpHeadFlags.None : throw Refused("RFC 9112 §3.2.3", "CONNECT needs a host and a port");
        }

        return target[0] switch
        {
            (byte)'/' => CheckPath(target),
            (byte)'*' when target.Length == 1 && method.SequenceEqual("OPTIONS"u8) => HttpHeadFlags.None,
            (byte)'*' => throw Refused("RFC 9112 §3.2.4", "Only OPTIONS may ask for *"),
            _ => CheckAbsolute(target),
        };
    }

    /// <summary>Where the path begins in a target that is a whole URI, and where its authority does.</summary>
    public static (int Authority, int Path) Split(ReadOnlySpan<byte> absolute)
    {
        var authority = absolute.IndexOf("://"u8) + 3;
        var path = absolute[authority..].IndexOfAny("/?"u8);
        return (authority, path < 0 ? absolute.Length : authority + path);
    }

    /// <summary>uri-host [ ":" port ] (RFC 3986 §3.2), without userinfo.</summary>
    public static bool IsAuthority(ReadOnlySpan<byte> text)
    {
        int end;
        if (text is [(byte)'[', ..])
        {
            end = text.IndexOf((byte)']') + 1;
            if (end < 3 || text[1..(end - 1)].ContainsAnyExcept(HttpGrammar.Address) || !text[1..(end - 1)].Contains((byte)':'))
            {
                return false;
            }
        }
        else
        {
            end = text.IndexOf((byte)':') is >= 0 and var colon ? colon : text.Length;
            if (end == 0 || text[..end].ContainsAnyExcept(HttpGrammar.RegName) || !ArePercentsWhole(text[..end]))
            {
                return false;
            }
        }

        var port = text[end..];
        return port.IsEmpty || (port[0] == ':' && port.Length <= MostOfPort + 1 && !port[1..].ContainsAnyExcept(HttpGrammar.Digits));
    }

    private static bool HasPort(ReadOnlySpan<byte> authority) => char.IsAsciiDigit((char)authority[^1]) && authority.LastIndexOf((byte)':') > authority.LastIndexOf((byte)']');

    private static HttpHeadFlags CheckAbsolute(ReadOnlySpan<byte> target)
    {
        if (!(target.Length > 7 && HttpGrammar.Is(target[..7], "http://"u8)) && !(target.Length > 8 && HttpGrammar.Is(target[..8], "https://"u8)))
        {
            throw Refused("RFC 9112 §3.2", "The request target is neither a path nor a URI of http");
        }

        var (authority, path) = Split(target);
        return IsAuthority(target[authority..path])
            ? HttpHeadFlags.Absolute | CheckPath(target[path..])
            : throw Refused("RFC 9110 §4.2.1", "The URI of the request has no host, or more than a host with an optional port");
    }

    // Percent signs of the path are checked and NUL is refused, as it ends names elsewhere; the query is the application's.
    private static HttpHeadFlags CheckPath(ReadOnlySpan<byte> target)
    {
        var query = target.IndexOf((byte)'?');
        var path = query < 0 ? target : target[..query];
        var flags = path.IndexOf("/."u8) < 0 ? HttpHeadFlags.None : HttpHeadFlags.Escaped;
        if (!path.Contains((byte)'%'))
        {
            return flags;
        }

        if (!ArePercentsWhole(path))
        {
            throw Refused("RFC 3986 §2.1", "A percent sign in the path is not followed by two hexadecimal digits");
        }

        return path.IndexOf("%00"u8) < 0 ? HttpHeadFlags.Escaped : throw Refused("RFC 3986 §7.3", "There is a NUL in the path");
    }

    private static bool ArePercentsWhole(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'%'); at >= 0; at = text.IndexOf((byte)'%'))
        {
            if (text.Length < at + 3 || !char.IsAsciiHexDigit((char)text[at + 1]) || !char.IsAsciiHexDigit((char)text[at + 2]))
            {
                return false;
            }

            text = text[(at + 3)..];
        }

        return true;
    }

    private static HttpRefusedException Refused(string rule, string reason) => new(400, rule, reason);
}
