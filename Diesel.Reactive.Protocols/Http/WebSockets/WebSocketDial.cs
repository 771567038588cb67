using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Connects, asks for a WebSocket, and looks at the answer (RFC 6455 §4.1).</summary>
internal static class WebSocketDial
{
    private const int MostInterim = 16;

    public static Awaitable<WebSocketConnection> To(Uri uri, WebSocketClientOptions options, Hub? hub)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("ws" or "wss") || uri.Fragment.Length > 0)
        {
            throw new ArgumentException($"'{uri}' is no WebSocket: ws://host/path or wss://host/path, without a fragment.", nameof(uri));
        }

        var home = hub ?? Hub.Current ?? Hub.Default;
        return Observable.Create<WebSocketConnection>(observer =>
            home.Fork(
                async () =>
                {
                    try
                    {
                        observer.OnNext(await Open(uri, options, home));
                        observer.OnCompleted();
                    }
                    catch (Exception error)
                    {
                        // Whatever it is, it is the caller's.
                        observer.OnError(error);
                    }
                },
                $"dial of {uri}")).ToAwaitable($"{uri}").Timeout(options.HandshakeTimeout, home);
    }

    private static async Task<WebSocketConnection> Open(Uri uri, WebSocketClientOptions options, Hub hub)
    {
        var connect = uri.Scheme == "wss" && options.Connect.Tls is null ? options.Connect with { Tls = new TlsClientOptions() } : options.Connect;
        var connection = await Tcp.Connect(uri.IdnHost, uri.Port, connect, hub);
        try
        {
            var key = WebSocketHandshake.NewKey();
            HttpCodec.WriteRequest(connection.Output, "GET", uri.PathAndQuery, Fields(uri, key, options));
            return new WebSocketConnection(connection, HttpRole.Client, await Answer(connection, key, options), options);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static HttpHeaders Fields(Uri uri, string key, WebSocketClientOptions options)
    {
        var fields = HttpHeaders.Of(
            ("Host", uri.IsDefaultPort ? HostOf(uri) : $"{HostOf(uri)}:{uri.Port}"),
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            (WebSocketHandshake.Key, key),
            (WebSocketHandshake.Version, "13"));
        fields = options.Protocols.Count == 0 ? fields : fields.Add(WebSocketHandshake.Protocol, string.Join(", ", options.Protocols));
        fields = options.Deflate is { } deflate ? fields.Add(WebSocketHandshake.Extensions, DeflateAgreement.Offer(deflate)) : fields;
        foreach (var field in options.Headers)
        {
            fields = fields.Add(field.Name, field.Value);
        }

        return fields;
    }

    private static string HostOf(Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;

    private static async Task<WebSocketAgreement> Answer(Connection connection, string key, WebSocketClientOptions options)
    {
        for (var interim = 0; ; interim++)
        {
            var reader = new HttpResponseReader(options.Limits);
            reader.Expect("GET");
            await connection.Read(new Answering(reader));
            if (!reader.Head.IsInterim)
            {
                return Agreed(reader.Head, key, options);
            }

            if (interim == MostInterim)
            {
                throw new HttpRefusedException(502, "RFC 9110 §15.2", $"More than {MostInterim} interim answers came");
            }
        }
    }

    private static WebSocketAgreement Agreed(HttpResponseHead head, string key, WebSocketClientOptions options)
    {
        var fields = head.Headers;
        if (head.Status != 101)
        {
            throw new WebSocketRefusalException(head.Status, fields, $"The server answers {head.Status} {head.Reason} to the request for a WebSocket.");
        }

        if (!fields.Has("Upgrade", "websocket") || !fields.Has("Connection", "Upgrade") || fields[WebSocketHandshake.Accept] != WebSocketHandshake.AnswerTo(key))
        {
            throw new WebSocketRefusalException(101, fields, "The server's answer is none to this request: Upgrade, Connection or Sec-WebSocket-Accept is not what it must be (RFC 6455 §4.1).");
        }

        var protocol = fields[WebSocketHandshake.Protocol];
        if (protocol is not null && !options.Protocols.Contains(protocol))
        {
            throw new WebSocketRefusalException(101, fields, $"The server chose the subprotocol '{protocol}', which was not offered.");
        }

        return new(protocol, DeflateAgreement.Confirm(fields.GetAll(WebSocketHandshake.Extensions), options.Deflate));
    }

    private sealed class Answering(HttpResponseReader reader) : Framing<HttpPart>
    {
        public override Decoder<HttpPart> CreateDecoder() => reader;
    }
}
