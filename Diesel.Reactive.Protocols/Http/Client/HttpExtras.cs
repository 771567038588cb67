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

        if (options.Cookies is { Count: > 0 } jar && jar.GetCookieHeader(call.Uri) is { Length: > 0 } cookies && !call.Headers.Contains("Cookie"))
        {
            fields = fields.Add("Cookie", cookies);
        }

        if (call.Detours is not null || options.PreAuthenticate)
        {
            fields = origins.Authentication.Add(fields, call);
        }

        return span is null ? fields.Lines : span.Add(fields, call).Lines;
    }

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
