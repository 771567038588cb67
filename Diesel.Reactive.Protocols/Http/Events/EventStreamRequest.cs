namespace Diesel.Reactive.Protocols.Http;

/// <summary>One request for events and its answer, on a connection of its own.</summary>
internal static class EventStreamRequest
{
    private const int MostRedirects = 20;
    private const int MostInterim = 16;

    public static bool IsOne(Uri uri) => uri.IsAbsoluteUri && uri.Scheme is "http" or "https";

    /// <summary>Asks, and follows where it is sent.</summary>
    /// <returns>The connection, which is the caller's, and the reader for what follows; null: there are no events any more.</returns>
    public static async Task<(Connection Connection, HttpResponseReader Reader)?> Ask(Uri uri, EventSourceOptions options, string? lastId, Hub hub)
    {
        var (at, headers) = (uri, options.Headers);
        for (var redirects = 0; ; redirects++)
        {
            var (connection, reader) = await Ask(at, headers, options, lastId, hub);
            var head = reader.Head;
            if (head.Status == 200 && HttpMediaType.NameOf(head.Headers["Content-Type"]).Equals("text/event-stream", StringComparison.OrdinalIgnoreCase))
            {
                return (connection, reader);
            }

            connection.Dispose();
            if (head.Status == 204)
            {
                return null;
            }

            if (head.Status is not (301 or 302 or 303 or 307 or 308) || redirects == MostRedirects
                || !Uri.TryCreate(at, head.Headers["Location"], out var next) || !IsOne(next) || (at.Scheme == "https" && next.Scheme == "http"))
            {
                throw new EventSourceRefusedException(head.Status, head.Headers, $"{at} gives no events: it answers {head.Status} {head.Reason}, {head.Headers["Content-Type"] ?? "without a type"}.");
            }

            // What was meant for one origin is not told to another.
            headers = next.GetLeftPart(UriPartial.Authority) == at.GetLeftPart(UriPartial.Authority) ? headers : default;
            at = next;
        }
    }

    private static async Task<(Connection Connection, HttpResponseReader Reader)> Ask(Uri uri, HttpHeaders more, EventSourceOptions options, string? lastId, Hub hub)
    {
        var connect = uri.Scheme == "https" && options.Connect.Tls is null ? options.Connect with { Tls = new TlsClientOptions() } : options.Connect;
        var connection = await Tcp.Connect(uri.IdnHost, uri.Port, connect, hub);
        try
        {
            HttpCodec.WriteRequest(connection.Output, "GET", uri.PathAndQuery, Fields(uri, more, lastId));
            return (connection, await Answer(connection, options.AnswerTimeout));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static async Task<HttpResponseReader> Answer(Connection connection, TimeSpan limit)
    {
        for (var interim = 0; interim < MostInterim; interim++)
        {
            var reader = new HttpResponseReader();
            reader.Expect("GET");
            await connection.Read(new Answering(reader)).Timeout(limit);
            if (!reader.Head.IsInterim)
            {
                return reader;
            }
        }

        throw new HttpRefusedException(502, "RFC 9110 §15.2", $"More than {MostInterim} interim answers came");
    }

    private static HttpHeaders Fields(Uri uri, HttpHeaders more, string? lastId)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        var fields = HttpHeaders.Of(("Host", uri.IsDefaultPort ? host : $"{host}:{uri.Port}"), ("Accept", "text/event-stream"), ("Cache-Control", "no-store"));
        fields = lastId is null ? fields : fields.Add("Last-Event-ID", lastId);
        foreach (var field in more)
        {
            fields = fields.Add(field.Name, field.Value);
        }

        return fields;
    }

    private sealed class Answering(HttpResponseReader reader) : Framing<HttpPart>
    {
        public override Decoder<HttpPart> CreateDecoder() => reader;
    }
}
