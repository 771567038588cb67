namespace Diesel.Reactive.Protocols.Http;

/// <summary>The conditions of a request on what it asks for (RFC 9110 §13).</summary>
internal static class HttpConditions
{
    /// <summary>What becomes of the request, in the order of RFC 9110 §13.2.2.</summary>
    /// <returns>200: it is answered; 304: it has not changed; 412: a condition does not hold.</returns>
    public static int Look(HttpHeaders headers, string etag, DateTimeOffset modified)
    {
        if (headers["If-Match"] is { } match)
        {
            if (!Has(match, etag, isStrong: true))
            {
                return 412;
            }
        }
        else if (HttpDate.TryParse(headers["If-Unmodified-Since"], out var unmodified) && modified > unmodified)
        {
            return 412;
        }

        if (headers["If-None-Match"] is { } noneMatch)
        {
            return Has(noneMatch, etag, isStrong: false) ? 304 : 200;
        }

        return HttpDate.TryParse(headers["If-Modified-Since"], out var since) && modified <= since ? 304 : 200;
    }

    /// <summary>Whether a range is of what the client has already (RFC 9110 §13.1.5); if not, it gets all of it.</summary>
    public static bool AllowsRange(HttpHeaders headers, string etag, DateTimeOffset modified) =>
        headers["If-Range"] is not { } condition || (HttpDate.TryParse(condition, out var time) ? time == modified : condition == etag);

    private static bool Has(string list, string etag, bool isStrong) => list.Trim() == "*" || list.Split(',', StringSplitOptions.TrimEntries)
        .Any(each => each == etag || (!isStrong && each.StartsWith("W/", StringComparison.Ordinal) && each.AsSpan(2).SequenceEqual(etag)));
}
