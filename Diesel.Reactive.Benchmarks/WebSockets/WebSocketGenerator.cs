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
    public const string Usage = "load-websocket --port P --connections N --depth D --seconds S [--warmup 4] [--server PID]";

    const int PayloadLength = 64;
    const string Handshake =
        "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    static readonly byte[] Key = [0x37, 0xfa, 0x21, 0x3d];

    readonly byte[] _buffer = new byte[64 * 1024];
    readonly byte[] _sent;
    readonly byte[] _expected;
    readonly Flow[] _flows;
    readonly int _depth;

    WebSocketGenerator(CommandLine options)
    {
        _depth = options.Int("--depth");
        var payload = Encoding.ASCII.GetBytes("a message of a chat, as long as the lines of the echo".PadRight(PayloadLength, '.'));
        byte[] masked = [0x81, 0x80 | PayloadLength, .. Key, .. payload.Select((each, i) => (byte)(each ^ Key[i & 3]))];
        _sent = [.. Enumerable.Repeat(masked, _depth).SelectMany(static each => each)];
        _expected = [.. Enumerable.Repeat<byte[]>([0x81, PayloadLength, .. payload], _depth).SelectMany(static each => each)];
        _flows = new Flow[options.Int("--connections")];
        for (var key = 0; key < _flows.Length; key++)
        {
            _flows[key].Socket = Open(options.Int("--port"));
            Epoll.Add(Descriptor(key), key, Epoll.Interest.In);
        }
    }

    protected override long Done => Latencies.Total;

    protected override bool Polls => _flows.Length == 1;

    public static int Run(string[] arguments) => Run(arguments, ["--connections", "--depth"], options => new WebSocketGenerator(options));

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

    static Socket Open(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.ASCII.GetBytes(Handshake));
        var (head, one) = (new StringBuilder(), new byte[1]);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (socket.Receive(one) == 0)
            {
                throw new NoResultException($"the server accepts no WebSocket: {head}");
            }

            head.Append((char)one[0]);
        }

        return head.ToString().StartsWith("HTTP/1.1 101", StringComparison.Ordinal) ? socket : throw new NoResultException($"the server accepts no WebSocket: {head}");
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
