using Diesel.Reactive.Benchmarks.Bulk;
using Diesel.Reactive.Benchmarks.Echo.Peers;
using Diesel.Reactive.Benchmarks.Http;
using Diesel.Reactive.Benchmarks.Memcached;
using Diesel.Reactive.Benchmarks.MongoDB;
using Diesel.Reactive.Benchmarks.Riak;
using Diesel.Reactive.Benchmarks.Tls;
using Diesel.Reactive.Benchmarks.Udp;
using Diesel.Reactive.Benchmarks.WebSockets;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>All servers, and the command that runs one of them.</summary>
internal static class Servers
{
    public const string Usage = "serve NAME [--port 0]";

    static readonly ServerProgram[] All =
    [
        new OwnServer("diesel", DieselEcho.Start),
        new OwnServer("diesel-portable", DieselEcho.StartPortable),
        new OwnServer("kestrel", KestrelEcho.Start),
        new OwnServer("kestrel-inline", KestrelEcho.StartInline),
        new OwnServer("socket", SocketEcho.Start),
        new OwnServer("epoll", EpollEcho.Start),
        new CServer("c", "Echo/Peers/echo.c"),
        new PythonServer("twisted", "Echo/Peers/twisted_echo.py", "twisted", "python3-twisted"),
        new PythonServer("gevent", "Echo/Peers/gevent_echo.py", "gevent", "python3-gevent"),
        new CServer("pipeline:c", "Pipelines/lookup.c"),
        new OwnServer("udp:diesel", UdpPeers.StartDiesel),
        new OwnServer("udp:diesel-portable", UdpPeers.StartPortable),
        new OwnServer("udp:socket", UdpPeers.StartSocket),
        new CServer("udp:c", "Udp/udp_echo.c"),
        new OwnServer("bulk:diesel", BulkPeers.StartDiesel),
        new OwnServer("bulk:diesel-portable", BulkPeers.StartPortable),
        new OwnServer("bulk:kestrel", BulkPeers.StartKestrel),
        new OwnServer("bulk:socket", BulkPeers.StartSocket),
        new OwnServer("http:diesel", HttpPeers.StartDiesel),
        new OwnServer("http:kestrel", HttpPeers.StartKestrel),
        new OwnServer("http:kestrel-inline", HttpPeers.StartKestrelInline),
        new OwnServer("web:diesel-hub", WebPeers.StartOnHub),
        new OwnServer("web:diesel", WebPeers.StartOnPool),
        new OwnServer("web:diesel-group", WebPeers.StartOnGroup),
        new OwnServer("web:kestrel", WebPeers.StartKestrel),
        new OwnServer("web:kestrel-inline", WebPeers.StartKestrelInline),
        new OwnServer("signalr:diesel", CallPeers.StartSignalR),
        new OwnServer("signalr:diesel-transport", CallPeers.StartSignalROnTransport),
        new OwnServer("signalr:kestrel", CallPeers.StartSignalROnKestrel),
        new OwnServer("grpc:diesel-transport", CallPeers.StartGrpcOnTransport),
        new OwnServer("grpc:kestrel", CallPeers.StartGrpcOnKestrel),
        new OwnServer("websocket:diesel", WebSocketPeers.StartDiesel),
        new OwnServer("websocket:kestrel", WebSocketPeers.StartKestrel),
        new OwnServer("websocket:kestrel-inline", WebSocketPeers.StartKestrelInline),
        new OwnServer("riak", RiakLoad.Serve),
        new OwnServer("memcached:diesel", MemcachedPeers.StartDiesel),
        new OwnServer("memcached:kestrel", MemcachedPeers.StartKestrel),
        new OwnServer("memcached:kestrel-inline", MemcachedPeers.StartKestrelInline),
        new OwnServer("mongodb:diesel", MongoPeers.Start),
        new OwnServer("tls:diesel", TlsPeers.StartEcho),
        new OwnServer("tls:diesel-portable", TlsPeers.StartPortableEcho),
        new OwnServer("tls:kestrel", TlsPeers.StartKestrelEcho),
        new OwnServer("tls-bulk:diesel", TlsPeers.StartBulk),
        new OwnServer("tls-bulk:kestrel", TlsPeers.StartKestrelBulk),
    ];

    /// <summary>The echo servers, in the order of the tables.</summary>
    public static string[] Echo => [.. All.Select(server => server.Name).Where(name => !name.Contains(':'))];

    public static ServerProgram Find(string name) =>
        Array.Find(All, server => server.Name == name)
        ?? throw new UsageException($"unknown peer '{name}'; known: {string.Join(", ", All.Select(server => server.Name))}");

    public static int Run(string[] arguments)
    {
        var server = Find(arguments.FirstOrDefault() ?? throw new UsageException(Usage));
        var port = new CommandLine(arguments.AsSpan(1), "--port").Int("--port", otherwise: 0, least: 0);
        return server.Missing is { } missing ? throw new UsageException($"{server.Name} cannot run: {missing}") : server.Serve(port);
    }
}
