using System.Net;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The fields of a request that are the client's affair.</summary>
internal static class HttpExtras
{
    /// <summary>Their lines; mostly none.</summary>
    public static ReadOnlyMemory<byte> Of(HttpCall call, HttpOrigins origins, HttpCallSpan? span)
    {
        var (options, fields) = (origins.Options, HttpHeaders.Empty);
        if (options.Decompression != DecompressionMethods.None && !call.Headers.Contains("Accept-Encoding"))
        {
            fields = fields.Add("Accept-Encoding", HttpInflating.Accepted(options.Decompression));
        }

        if (options.Cookies is { Count: > 0 } jar && jar.GetCookieHeader(call.Uri) is { Length: > 0 } cookies)
        {
            // One field (RFC 6265 §5.4), the caller's own before those of the jar.
            fields = fields.Add("Cookie", call.Headers["Cookie"] is { } own ? $"{own}; {cookies}" : cookies);
        }

        if (call.Detours is not null || options.PreAuthenticate)
        {
            fields = origins.Authentication.Add(fields, call);
        }

        return span is null ? fields.Lines : span.Add(fields, call).Lines;
    }

    /// <summary>The caller's own fields; without its cookies, where those go with the jar's.</summary>
    public static HttpHeaders Own(HttpCall call) =>
        !call.Headers.IsEmpty && call.Options.Cookies is { Count: > 0 } jar && call.Headers.Contains("Cookie") && jar.GetCookieHeader(call.Uri).Length > 0
            ? call.Headers.Remove("Cookie") : call.Headers;

    /// <summary>Keeps the cookies of an answer; those that are none are nobody's loss.</summary>
    public static void Keep(this CookieContainer jar, Uri uri, HttpHeaders headers)
    {
        foreach (var field in headers)
        {
            if (field.Is("Set-Cookie"))
            {
                try
                {
                    jar.SetCookies(uri, Encoding.UTF8.GetString(field.ValueBytes.Span));
                }
                catch (CookieException)
                {
                }
            }
        }
    }
}
