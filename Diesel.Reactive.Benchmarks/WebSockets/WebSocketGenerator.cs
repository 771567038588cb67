using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.WebSockets;

/// <summary>The closed loop of the echo comparison over WebSockets: when all messages of a connection are back, as many go out. What goes out is masked
/// beforehand, and each byte that comes back is compared.</summary>
internal sealed unsafe class WebSocketGenerator : Generator
{
    public const string Usage = "load-websocket --port P --connections N --depth D --seconds S [--warmup 4] [--server PID] [--talk echo]";

    const string Handshake =
        "HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    readonly byte[] _buffer = new byte[64 * 1024];
    readonly byte[] _sent;
    readonly byte[] _expected;
    readonly Flow[] _flows;
    readonly int _depth;

    WebSocketGenerator(CommandLine options)
    {
        _depth = options.Int("--depth");
        var talk = WebSocketTalk.Find(options.Text("--talk"));
        _sent = [.. Enumerable.Repeat(WebSocketTalk.Masked(talk.Said), _depth).SelectMany(static each => each)];
        _expected = [.. Enumerable.Repeat(WebSocketTalk.Plain(talk.Answer), _depth).SelectMany(static each => each)];
        _flows = new Flow[options.Int("--connections")];
        for (var key = 0; key < _flows.Length; key++)
        {
            _flows[key].Socket = Open(options.Int("--port"), talk);
            Epoll.Add(Descriptor(key), key, Epoll.Interest.In);
        }
    }

    protected override long Done => Latencies.Total;

    protected override bool Polls => _flows.Length == 1;

    public static int Run(string[] arguments) => Run(arguments, ["--connections", "--depth", "--talk"], options => new WebSocketGenerator(options));

    public override void Dispose()
    {
        Array.ForEach(_flows, flow => flow.Socket.Dispose());
        base.Dispose();
    }

    protected override void Start()
    {
        for (var key = 0; key < _flows.Length; key++)
        {
            Send(key);
        }
    }

    protected override void Continue(int key)
    {
        ref var flow = ref _flows[key];
        int count;
        fixed (byte* buffer = _buffer)
        {
            count = Epoll.Receive(Descriptor(key), buffer, _buffer.Length);
        }

        if (count < 0)
        {
            return;
        }

        if (count == 0 || count > _expected.Length - flow.Received || !_expected.AsSpan(flow.Received, count).SequenceEqual(_buffer.AsSpan(0, count)))
        {
            throw new NoResultException(count == 0 ? "the server closed a connection" : $"connection {key} got back what it had not sent");
        }

        flow.Received += count;
        if (flow.Received == _expected.Length)
        {
            var time = Stopwatch.GetTimestamp() - flow.SentAt;
            for (var message = 0; message < _depth; message++)
            {
                Latencies.Add(time);
            }

            Send(key);
        }
    }

    static Socket Open(int port, WebSocketTalk talk)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.ASCII.GetBytes($"GET {talk.Path} {Handshake}"));
        var (head, one) = (new StringBuilder(), new byte[1]);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (socket.Receive(one) == 0)
            {
                throw new NoResultException($"the server accepts no WebSocket: {head}");
            }

            head.Append((char)one[0]);
        }

        if (!head.ToString().StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
        {
            throw new NoResultException($"the server accepts no WebSocket: {head}");
        }

        if (talk.Greeting.Length > 0)
        {
            Greet(socket, talk);
        }

        return socket;
    }

    static void Greet(Socket socket, WebSocketTalk talk)
    {
        socket.Send(WebSocketTalk.Masked(talk.Greeting));
        var welcome = WebSocketTalk.Plain(talk.Welcome);
        var got = new byte[welcome.Length];
        for (var at = 0; at < got.Length;)
        {
            var count = socket.Receive(got.AsSpan(at));
            at += count > 0 ? count : throw new NoResultException("the server has no welcome");
        }

        if (!got.AsSpan().SequenceEqual(welcome))
        {
            throw new NoResultException($"the server has another welcome: {Encoding.ASCII.GetString(got)}");
        }
    }

    int Descriptor(int key) => (int)_flows[key].Socket.SafeHandle.DangerousGetHandle();

    void Send(int key)
    {
        ref var flow = ref _flows[key];
        (flow.SentAt, flow.Received) = (Stopwatch.GetTimestamp(), 0);
        fixed (byte* bytes = _sent)
        {
            if (Epoll.Send(Descriptor(key), bytes, _sent.Length) != _sent.Length)
            {
                throw new NoResultException("the kernel has no room for what is in flight: ask for less depth");
            }
        }
    }

    struct Flow
    {
        public Socket Socket;
        public long SentAt;
        public int Received;
    }
}
