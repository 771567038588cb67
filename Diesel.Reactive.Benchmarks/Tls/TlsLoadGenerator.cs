using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Echo;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Tls;

/// <summary>The closed loop of the echo comparison over TLS: when all lines of a connection are back, as many go out.</summary>
internal sealed unsafe class TlsLoadGenerator : Generator
{
    public const string Usage = "load-tls --port P --connections N --depth D --seconds S [--warmup 4] [--server PID]";

    readonly LineTape _tape = new();
    readonly byte[] _buffer = new byte[LineTape.MaxSlice];
    readonly Flow[] _flows;
    readonly int _length;

    TlsLoadGenerator(CommandLine options)
    {
        _length = options.Int("--depth") * LineTape.LineLength;
        _flows = new Flow[options.Int("--connections")];
        for (var key = 0; key < _flows.Length; key++)
        {
            _flows[key].Socket = new TlsSocket(options.Int("--port"), resumes: false);
            Epoll.Add(_flows[key].Socket.Descriptor, key, Epoll.Interest.In);
        }
    }

    protected override long Done => Latencies.Total;

    public static int Run(string[] arguments) => Run(arguments, ["--connections", "--depth"], options => new TlsLoadGenerator(options));

    public override void Dispose()
    {
        Array.ForEach(_flows, flow => flow.Socket.Dispose());
        _tape.Dispose();
        base.Dispose();
    }

    protected override void Start()
    {
        for (var key = 0; key < _flows.Length; key++)
        {
            Send(ref _flows[key]);
        }
    }

    protected override void Continue(int key)
    {
        ref var flow = ref _flows[key];
        var count = flow.Socket.Receive(_buffer);
        var expected = new ReadOnlySpan<byte>(_tape.At(flow.Sent - _length + flow.Received), count);
        if (count == 0 || !expected.SequenceEqual(_buffer.AsSpan(0, count)))
        {
            throw new NoResultException(count == 0 ? "the server closed a connection" : $"connection {key} got back what it had not sent");
        }

        flow.Received += count;
        if (flow.Received == _length)
        {
            var time = Stopwatch.GetTimestamp() - flow.SentAt;
            for (var line = 0; line < _length; line += LineTape.LineLength)
            {
                Latencies.Add(time);
            }

            Send(ref flow);
        }
    }

    void Send(ref Flow flow)
    {
        (flow.SentAt, flow.Received) = (Stopwatch.GetTimestamp(), 0);
        flow.Socket.Send(new ReadOnlySpan<byte>(_tape.At(flow.Sent), _length));
        flow.Sent += _length;
    }

    struct Flow
    {
        public TlsSocket Socket;
        public long Sent;
        public long SentAt;
        public int Received;
    }
}
