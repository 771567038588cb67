namespace Diesel.Reactive.Protocols.Http;

/// <summary>Answers that lead elsewhere (RFC 9110 §15.4).</summary>
internal static class HttpRedirects
{
    /// <summary>Has the call ask elsewhere.</summary>
    /// <returns>False: the answer is the answer.</returns>
    public static bool TryFollow(HttpCall call, HttpReply reply)
    {
        if (reply.Status is not (300 or 301 or 302 or 303 or 307 or 308) || !call.Options.FollowRedirects
            || !reply.Head.Headers.TryGet("Location", out var location) || (call.Detours?.Redirects ?? 0) >= call.Options.MaxRedirects
            || Resolve(call.Uri, System.Text.Encoding.UTF8.GetString(location.Span)) is not { } next)
        {
            return false;
        }

        call.More.Redirects++;
        if (BecomesGet(reply.Status, call.Method))
        {
            call.BecomeGet();
        }

        // Credentials stay with their origin: whoever can redirect would be given them.
        if (!HttpOriginKey.Of(next, null).IsSameOrigin(call.Origin.Key))
        {
            call.Without("Authorization", "Cookie");
            (call.More.Host, call.More.Server) = (default, null);
        }

        call.GoOnAt(next);
        return true;
    }

    // Never from https to http, as HttpClient.
    private static Uri? Resolve(Uri from, string location)
    {
        if (!Uri.TryCreate(from, location, out var next) || !(next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && !HttpOriginKey.IsSecure(from))))
        {
            return null;
        }

        return from.Fragment.Length > 0 && next.Fragment.Length == 0 ? new UriBuilder(next) { Fragment = from.Fragment }.Uri : next;
    }

    private static bool BecomesGet(int status, string method) => status switch
    {
        300 or 301 or 302 => method == "POST",
        303 => method is not ("GET" or "HEAD"),
        _ => false,
    };
}
