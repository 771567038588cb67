using System.Buffers.Binary;
using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Udp;

/// <summary>
/// Sockets that keep datagrams of 64 bytes in flight, each numbered; one that comes back is replaced. What got lost is
/// noticed after a while and told.
/// </summary>
internal sealed unsafe class UdpGenerator : Generator
{
    public const string Usage = "load-udp --port P --connections N --depth D --seconds S [--warmup 4] [--server PID]";

    const int Length = 64;
    const int BufferLength = 2048;
    static readonly TimeSpan Lost = TimeSpan.FromMilliseconds(200);

    readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength, pinned: true);
    readonly Peer[] _peers;
    readonly int _depth;
    long _lost;

    UdpGenerator(CommandLine options)
    {
        _depth = options.Int("--depth");
        _peers = new Peer[options.Int("--connections")];
        for (var key = 0; key < _peers.Length; key++)
        {
            _peers[key] = new Peer(RawSocket.Connect(RawSocket.Kind.Datagram, options.Int("--port"), nonBlocking: true), _depth);
            Epoll.Add(_peers[key].Socket, key, Epoll.Interest.In);
        }
    }

    protected override long Done => Latencies.Total;

    protected override TimeSpan? Heartbeat => Lost;

    public static int Run(string[] arguments) => Run(arguments, ["--connections", "--depth"], options => new UdpGenerator(options));

    public override void Dispose()
    {
        Array.ForEach(_peers, peer => RawSocket.Close(peer.Socket));
        base.Dispose();
    }

    protected override void Start() => Array.ForEach(_peers, Fill);

    protected override void Continue(int key)
    {
        var peer = _peers[key];
        fixed (byte* buffer = _buffer)
        {
            while (Epoll.Receive(peer.Socket, buffer, BufferLength) is >= 0 and var length)
            {
                var number = length == Length ? BinaryPrimitives.ReadInt64LittleEndian(_buffer) : -1;
                if (number < 0 || number >= peer.Next)
                {
                    throw new NoResultException("the server sent what it had not received");
                }

                peer.HeardAt = Stopwatch.GetTimestamp();
                if (number >= peer.First)
                {
                    Latencies.Add(peer.HeardAt - peer.SentAt[number % _depth]);
                    Send(peer);
                }
            }
        }
    }

    protected override void Beat()
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var peer in _peers)
        {
            if (Stopwatch.GetElapsedTime(peer.HeardAt, now) > Lost)
            {
                _lost += _depth;
                peer.First = peer.Next;
                Fill(peer);
            }
        }
    }

    protected override void Finish()
    {
        if (Done == 0)
        {
            throw new NoResultException("not one datagram came back");
        }

        if (_lost > 0)
        {
            Console.Error.WriteLine($"up to {_lost} datagrams were lost");
        }
    }

    void Fill(Peer peer)
    {
        peer.HeardAt = Stopwatch.GetTimestamp();
        for (var i = 0; i < _depth; i++)
        {
            Send(peer);
        }
    }

    void Send(Peer peer)
    {
        peer.SentAt[peer.Next % _depth] = Stopwatch.GetTimestamp();
        var payload = stackalloc byte[Length];
        *(long*)payload = peer.Next++;
        _ = Epoll.Send(peer.Socket, payload, Length);
    }

    sealed class Peer(int socket, int depth)
    {
        public int Socket => socket;

        public long[] SentAt { get; } = new long[depth];

        public long First { get; set; }

        public long Next { get; set; }

        public long HeardAt { get; set; }
    }
}
