using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>An HTTP/1.1 server: hands each request to a handler and sends what it answers.</summary>
/// <remarks>
/// <para>A handler is a method that gives a response, an observable of one, or an <c>async</c> method, which runs in a <see cref="Loop"/> of its
/// own. It runs on the hub; one connection's requests are answered in their order, one at a time. What it throws is a 500 and shows
/// in <see cref="Hub.Errors"/>; an <see cref="HttpRefusedException"/> is answered with its status. A client that resets its connection ends the
/// handler; one that only ends its side gets its answer.</para>
/// <para>What is no request by the grammar is refused, never repaired: the client gets a status and a reason, and the connection ends once it has
/// them. Idea: diesel's <c>HttpServer</c>, the 2009 edition's HTTP/1.1, bluelet's <c>httpd</c>.</para>
/// </remarks>
public sealed class HttpService : IService
{
    private readonly TcpService _tcp;
    private readonly HttpServer _server;
    private readonly HttpRoutes _routes = new();
    private readonly HttpAnswering? _handler;
    private Hub? _hub;

    /// <summary>Makes a service whose handler answers at once.</summary>
    /// <param name="port">0 to 65535, of all IPv4 addresses of the machine; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="handler">Called on the hub for each request that has no <see cref="Route(string, string, Func{HttpRequest, HttpResponse})"/>.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public HttpService(int port, Func<HttpRequest, HttpResponse> handler, HttpServiceOptions? options = null, Hub? hub = null)
        : this(Local(port), HttpHandlers.Of(handler), options, hub)
    {
    }

    /// <summary>Makes a service whose handler is an <c>async</c> method.</summary>
    /// <param name="port">As of the first.</param>
    /// <param name="handler">Called on the hub for each request without a route, in a loop of its own: its <c>await</c>s resume on the hub.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public HttpService(int port, Func<HttpRequest, Task<HttpResponse>> handler, HttpServiceOptions? options = null, Hub? hub = null)
        : this(Local(port), HttpHandlers.Of(handler), options, hub)
    {
    }

    /// <summary>Makes a service whose handler gives an observable.</summary>
    /// <param name="port">As of the first.</param>
    /// <param name="handler">Called on the hub for each request without a route; the first response of what it returns is sent.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public HttpService(int port, Func<HttpRequest, IObservable<HttpResponse>> handler, HttpServiceOptions? options = null, Hub? hub = null)
        : this(Local(port), HttpHandlers.Of(handler), options, hub)
    {
    }

    /// <summary>Makes a service of routes; other paths are answered with 404.</summary>
    /// <param name="port">As of the first.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public HttpService(int port, HttpServiceOptions? options = null, Hub? hub = null)
        : this(Local(port), (HttpAnswering?)null, options, hub)
    {
    }

    /// <summary>Makes a service whose handler answers at once.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="handler">As of the first.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> or <paramref name="handler"/> is null.</exception>
    public HttpService(EndPoint endPoint, Func<HttpRequest, HttpResponse> handler, HttpServiceOptions? options = null, Hub? hub = null)
        : this(endPoint, HttpHandlers.Of(handler), options, hub)
    {
    }

    /// <summary>Makes a service whose handler is an <c>async</c> method.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="handler">As of the one for a port.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> or <paramref name="handler"/> is null.</exception>
    public HttpService(EndPoint endPoint, Func<HttpRequest, Task<HttpResponse>> handler, HttpServiceOptions? options = null, Hub? hub = null)
        : this(endPoint, HttpHandlers.Of(handler), options, hub)
    {
    }

    /// <summary>Makes a service whose handler gives an observable.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="handler">As of the one for a port.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> or <paramref name="handler"/> is null.</exception>
    public HttpService(EndPoint endPoint, Func<HttpRequest, IObservable<HttpResponse>> handler, HttpServiceOptions? options = null, Hub? hub = null)
        : this(endPoint, HttpHandlers.Of(handler), options, hub)
    {
    }

    /// <summary>Makes a service of routes; other paths are answered with 404.</summary>
    /// <param name="endPoint">Where: address and port, say; port 0 lets the system choose, see <see cref="EndPoint"/>.</param>
    /// <param name="options">Bounds, timeouts; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is null.</exception>
    public HttpService(EndPoint endPoint, HttpServiceOptions? options = null, Hub? hub = null)
        : this(endPoint, (HttpAnswering?)null, options, hub)
    {
    }

    /// <summary>Makes the service under an application that keeps something of each connection.</summary>
    internal HttpService(EndPoint endPoint, Func<Connection, HttpSession> sessions, HttpServiceOptions options, Hub hub)
    {
        _hub = hub;
        _server = new HttpServer(options, static (request, answer) => answer.Session!.Ask(request, answer)) { Sessions = sessions };
        _tcp = new TcpService(endPoint, Serve, options.OfConnections, hub);
    }

    private HttpService(EndPoint endPoint, HttpAnswering? handler, HttpServiceOptions? options, Hub? hub)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        options ??= HttpServiceOptions.Default;
        (_handler, _hub) = (handler, hub);
        _server = new HttpServer(options, Answer);
        _tcp = new TcpService(endPoint, Serve, options.OfConnections, hub);
    }

    /// <summary>Where it listens, with the port the system chose.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public EndPoint EndPoint => _tcp.EndPoint;

    /// <summary>The port of its <see cref="EndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started, or its endpoint has no port.</exception>
    public int Port => _tcp.Port;

    /// <summary>How many connections are open.</summary>
    public int ConnectionCount => _tcp.ConnectionCount;

    /// <summary>What there is at this moment, and how many connections its limits have refused and ended.</summary>
    public ServiceCounts Counts => _tcp.Counts;

    /// <summary>Each request that was refused, with the rule it broke. Hot; completes when the service has stopped.</summary>
    public IObservable<HttpRefusal> Refusals => _server.Refusals;

    /// <summary>Each request that was answered, or whose answer was cut off: an access log. Hot; completes when the service has stopped.</summary>
    public IObservable<HttpServed> Requests => _server.Served;

    /// <summary>A handler that serves the files of a folder, and nothing outside it.</summary>
    /// <param name="folder">Must be there.</param>
    /// <param name="options">What they are called, and what else; null for the defaults.</param>
    /// <returns>The handler: for <see cref="HttpService"/>, or behind a decision of one's own.</returns>
    /// <exception cref="DirectoryNotFoundException">It is not there.</exception>
    /// <remarks>GET and HEAD; types by extension, ETag and Last-Modified with the conditions on them, ranges of bytes, and <c>.br</c> or
    /// <c>.gz</c> beside a file for clients that take them. Names that begin with a dot are not there, and neither is what a link leads to
    /// outside the folder. Idea: diesel's <c>dhttpd</c>.</remarks>
    public static Func<HttpRequest, HttpResponse> Files(string folder, HttpFileOptions? options = null) =>
        new HttpFolder(folder, options ?? HttpFileOptions.Default).Answer;

    /// <summary>Adds a route whose handler answers at once.</summary>
    /// <param name="method">Case matters; HEAD is answered by GET's, if it has none of its own.</param>
    /// <param name="path">As <c>/orders/{id}</c>: exact segments, and named ones that hold what stands there: <c>request["id"]</c>.</param>
    /// <param name="handler">Called on the hub.</param>
    /// <returns>The service.</returns>
    /// <exception cref="ArgumentException">It is no route, or there is one like it.</exception>
    /// <remarks>Exact segments come before named ones. Another method of a path that is there is answered with 405.</remarks>
    public HttpService Route(string method, string path, Func<HttpRequest, HttpResponse> handler) => Route(method, path, HttpHandlers.Of(handler));

    /// <summary>Adds a route whose handler is an <c>async</c> method.</summary>
    /// <param name="method">As of the first.</param>
    /// <param name="path">As of the first.</param>
    /// <param name="handler">Called on the hub, in a loop of its own.</param>
    /// <returns>The service.</returns>
    /// <exception cref="ArgumentException">It is no route, or there is one like it.</exception>
    public HttpService Route(string method, string path, Func<HttpRequest, Task<HttpResponse>> handler) => Route(method, path, HttpHandlers.Of(handler));

    /// <summary>Adds a route whose handler gives an observable.</summary>
    /// <param name="method">As of the first.</param>
    /// <param name="path">As of the first.</param>
    /// <param name="handler">Called on the hub; the first response is sent.</param>
    /// <returns>The service.</returns>
    /// <exception cref="ArgumentException">It is no route, or there is one like it.</exception>
    public HttpService Route(string method, string path, Func<HttpRequest, IObservable<HttpResponse>> handler) => Route(method, path, HttpHandlers.Of(handler));

    /// <inheritdoc/>
    public void Start(Hub? hub = null)
    {
        _hub ??= hub ?? Hub.Current ?? Hub.Default;
        _tcp.Start(_hub);
    }

    /// <inheritdoc/>
    /// <remarks>Connections without a request are closed at once; the others finish the one they have, are told that it is their last, and end.
    /// What is left after <c>DrainTimeout</c> is aborted.</remarks>
    public Awaitable<Unit> Stop()
    {
        _server.IsStopping = true;
        var stopped = _tcp.Stop();
        stopped.Subscribe(_ => _server.End(_hub), _ => _server.End(_hub));
        return stopped;
    }

    /// <summary>Serves a connection that came from elsewhere: from a listener of one's own, or from a recording that a test replays.</summary>
    /// <param name="connection">Nobody reads it.</param>
    /// <returns>Cold, for one subscriber. Completes when the conversation is over and the connection is to be disposed; a protocol that took over
    /// gives what it sends: <c>Subscribe(connection.OnNext, connection.Dispose)</c>. Unsubscribing ends the request under way.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <remarks>The service need not be started, and <see cref="Stop"/> does not wait for it.</remarks>
    public IObservable<ReadOnlyMemory<byte>> Serve(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var (conversation, hub) = (new HttpConversation(connection, _server), ((IPausable)connection).Hub);
        return hub.IsCurrent ? conversation : conversation.SubscribeOn(hub);
    }

    /// <summary>Stops it and waits for its end.</summary>
    /// <returns>Done when everything has ended, as <see cref="Stop"/> tells.</returns>
    public async ValueTask DisposeAsync() => await Stop();

    /// <summary>Where it listens, as errors show it.</summary>
    public override string ToString() => $"HTTP over {_tcp}";

    private static IPEndPoint Local(int port) => new(IPAddress.Any, port);

    private HttpService Route(string method, string path, HttpAnswering handler)
    {
        _routes.Add(method, path, handler);
        return this;
    }

    private void Answer(HttpRequest request, HttpAnswer answer)
    {
        if (_routes.IsEmpty && _handler is { } handler)
        {
            handler(request, answer);
            return;
        }

        var allowed = "";
        var found = _routes.Find(request, out allowed) ?? _handler;
        if (found is not null)
        {
            found(request, answer);
        }
        else
        {
            answer.Respond(request, allowed.Length == 0 ? HttpResponse.Text("There is nothing here.\n", 404)
                : HttpResponse.Text("There is something here, but not for this method.\n", 405).With("Allow", allowed));
        }
    }
}
