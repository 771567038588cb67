using System.Net.WebSockets;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>WebSockets: accept them, connect to them, and see them as .NET does.</summary>
public static class WebSockets
{
    /// <summary>Makes a WebSocket of the request, and gives it to a handler.</summary>
    /// <param name="request">A request that asks for it: any other is answered with what is wrong with it.</param>
    /// <param name="handler">Called on the hub when the client has been told; the messages of what it returns are sent. Its completion closes with 1000,
    /// its error with 1011.</param>
    /// <param name="options">Bounds, subprotocols, compression, origins; null for the defaults.</param>
    /// <returns>The response: 101, or 400, 403, 405 or 426.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> or <paramref name="handler"/> is null.</exception>
    /// <remarks>While the client does not take what the handler answers, it is not read. When the service stops, the client is told with 1001.
    /// Idea: diesel's <c>WebSocketServer</c>.</remarks>
    public static HttpResponse AcceptWebSocket(
        this HttpRequest request, Func<WebSocketConnection, IObservable<WebSocketMessage>> handler, WebSocketOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(handler);
        options ??= WebSocketOptions.Default;
        return WebSocketHandshake.Refusal(request, options, out var agreement, out var fields)
            ?? HttpResponse.Upgrade("websocket", connection => new WebSocketTakeover(connection, agreement, options, handler), fields);
    }

    /// <summary>As the other, for a conversation.</summary>
    /// <param name="request">As of the other.</param>
    /// <param name="handler">Called in a loop of its own, on the hub; its end closes.</param>
    /// <param name="options">As of the other.</param>
    /// <returns>As of the other.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> or <paramref name="handler"/> is null.</exception>
    public static HttpResponse AcceptWebSocket(this HttpRequest request, Func<WebSocketConnection, Task> handler, WebSocketOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return request.AcceptWebSocket(socket => Conversation(socket, handler), options);
    }

    /// <summary>Connects to a WebSocket.</summary>
    /// <param name="uri"><c>ws://</c> or <c>wss://</c>, without a fragment.</param>
    /// <param name="options">Time limits, header fields, subprotocols, compression, TLS, a proxy; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription and each <c>await</c> connects, and gives one that is open.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="uri"/> is null.</exception>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    /// <remarks>Errors: those of <see cref="Tcp.Connect(string, int, TcpConnectOptions, Hub)"/>, <see cref="WebSocketRefusalException"/> when the server answers
    /// anything but 101, <see cref="ProtocolException"/> when its answer is none, <see cref="TimeoutException"/>.</remarks>
    public static Awaitable<WebSocketConnection> Connect(Uri uri, WebSocketClientOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return WebSocketDial.To(uri, options ?? WebSocketClientOptions.Default, hub);
    }

    /// <summary>As the other.</summary>
    /// <param name="uri">As of the other.</param>
    /// <param name="options">As of the other.</param>
    /// <param name="hub">As of the other.</param>
    /// <returns>As of the other.</returns>
    /// <exception cref="UriFormatException">It is no URI.</exception>
    public static Awaitable<WebSocketConnection> Connect(string uri, WebSocketClientOptions? options = null, Hub? hub = null) => Connect(new Uri(uri), options, hub);

    /// <summary>The WebSocket as .NET's, for libraries that want one: to be used from any thread.</summary>
    /// <param name="socket">Without a reader.</param>
    /// <returns>A view: disposing it closes the WebSocket. A receive that is cancelled has taken nothing, and a Close of the peer waits for
    /// <see cref="WebSocket.CloseAsync"/> as long as <see cref="WebSocketOptions.CloseTimeout"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="socket"/> is null.</exception>
    public static WebSocket AsWebSocket(this WebSocketConnection socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return new WebSocketView(socket);
    }

    private static IObservable<WebSocketMessage> Conversation(WebSocketConnection socket, Func<WebSocketConnection, Task> handler) =>
        Observable.Create<WebSocketMessage>(observer =>
        {
            var loop = Hub.Current!.Fork(() => handler(socket), $"handler of {socket}");
            socket.Replier = loop;
            loop.Subscribe(static _ => { }, observer.OnError, observer.OnCompleted);
            return loop;
        });
}
