using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Echo;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Churn;

/// <summary>Connects, sends one line, gets it back, closes, and begins anew; some at a time.</summary>
internal sealed unsafe class ChurnGenerator : Generator
{
    public const string Usage = "load-churn --port P --connections N --seconds S [--warmup 4] [--server PID]";

    readonly LineTape _tape = new();
    readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(LineTape.LineLength, pinned: true);
    readonly Visit[] _visits;
    readonly int _port;

    ChurnGenerator(CommandLine options)
    {
        _port = options.Int("--port");
        _visits = new Visit[options.Int("--connections")];
    }

    protected override long Done => Latencies.Total;

    public static int Run(string[] arguments) => Run(arguments, ["--connections"], options => new ChurnGenerator(options));

    public override void Dispose()
    {
        Array.ForEach(_visits, visit => RawSocket.Close(visit.Socket));
        _tape.Dispose();
        base.Dispose();
    }

    protected override void Start()
    {
        for (var key = 0; key < _visits.Length; key++)
        {
            Begin(key);
        }
    }

    protected override void Continue(int key)
    {
        ref var visit = ref _visits[key];
        if (!visit.Sent)
        {
            RawSocket.ThrowIfNotConnected(visit.Socket);
            RawSocket.Send(visit.Socket, _tape.At(0), LineTape.LineLength);
            visit.Sent = true;
            Epoll.Modify(visit.Socket, key, Epoll.Interest.In);
            return;
        }

        if (IsLine(visit.Socket, ref visit.Received))
        {
            RawSocket.Close(visit.Socket);
            Latencies.Add(Stopwatch.GetTimestamp() - visit.Began);
            Begin(key);
        }
    }

    void Begin(int key)
    {
        _visits[key] = new Visit { Began = Stopwatch.GetTimestamp(), Socket = RawSocket.Connect(RawSocket.Kind.Stream, _port, nonBlocking: true) };
        Epoll.Add(_visits[key].Socket, key, Epoll.Interest.Out);
    }

    bool IsLine(int socket, ref int received)
    {
        fixed (byte* buffer = _buffer)
        {
            var count = Epoll.Receive(socket, buffer, LineTape.LineLength - received);
            if (count == 0 || (count > 0 && !new ReadOnlySpan<byte>(buffer, count).SequenceEqual(new(_tape.At(received), count))))
            {
                throw new NoResultException("the server did not give the line back");
            }

            received += Math.Max(0, count);
            return received == LineTape.LineLength;
        }
    }

    struct Visit
    {
        public long Began;
        public int Socket;
        public int Received;
        public bool Sent;
    }
}
