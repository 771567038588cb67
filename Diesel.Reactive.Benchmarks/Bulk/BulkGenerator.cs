using System.Globalization;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Bulk;

/// <summary>
/// Moves as much as the server can, and copies nothing: what comes is compared during the warm-up and then discarded inside
/// the kernel, and what goes is a file in memory. The server has to copy, so this is never the slower side.
/// </summary>
internal sealed unsafe class BulkGenerator : Generator
{
    public const string Usage = "load-bulk --port P --connections N --direction download|reply|file|upload --seconds S [--warmup 4] [--server PID]";

    readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BulkStream.Length, pinned: true);
    readonly int _file = RawSocket.MemoryFile(BulkStream.Content);
    readonly Flow[] _flows;
    readonly bool _isDownload;
    bool _measuring;
    long _moved;

    BulkGenerator(CommandLine options)
    {
        var direction = options.Text("--direction")!;
        _isDownload = direction != BulkStream.Upload;
        _flows = new Flow[options.Int("--connections")];
        for (var key = 0; key < _flows.Length; key++)
        {
            _flows[key].Socket = RawSocket.Connect(RawSocket.Kind.Stream, options.Int("--port"), nonBlocking: false);
            Say(_flows[key].Socket, direction);
            RawSocket.SetBlocking(_flows[key].Socket, false);
            Epoll.Add(_flows[key].Socket, key, _isDownload ? Epoll.Interest.In : Epoll.Interest.Out);
        }
    }

    protected override long Done => _moved;

    public static int Run(string[] arguments) => Run(arguments, ["--connections", "--direction"], options => new BulkGenerator(options));

    public override void Dispose()
    {
        Array.ForEach(_flows, flow => RawSocket.Close(flow.Socket));
        RawSocket.Close(_file);
        base.Dispose();
    }

    protected override void Start()
    {
    }

    protected override void BeginMeasuring() => _measuring = true;

    protected override void Continue(int key)
    {
        ref var flow = ref _flows[key];
        var moved = !_isDownload ? Send(flow) : _measuring ? RawSocket.Discard(flow.Socket, BulkStream.Length) : Compare(flow);
        if (moved == 0)
        {
            throw new NoResultException("the server closed a connection");
        }

        flow.Position += Math.Max(0, moved);
        _moved += Math.Max(0, moved);
    }

    protected override void Finish()
    {
        if (!_isDownload)
        {
            Array.ForEach(_flows, CompareCount);
        }
    }

    int Send(in Flow flow)
    {
        var at = flow.Position % BulkStream.Length;
        return RawSocket.SendFile(flow.Socket, _file, at, (int)(BulkStream.Length - at));
    }

    int Compare(in Flow flow)
    {
        var at = (int)(flow.Position % BulkStream.Length);
        fixed (byte* buffer = _buffer)
        {
            var count = Epoll.Receive(flow.Socket, buffer, BulkStream.Length - at);
            return count <= 0 || _buffer.AsSpan(0, count).SequenceEqual(BulkStream.Content.AsSpan(at, count))
                ? count
                : throw new NoResultException($"wrong bytes after {flow.Position}");
        }
    }

    void CompareCount(Flow flow)
    {
        RawSocket.EndOutput(flow.Socket);
        RawSocket.SetBlocking(flow.Socket, true);
        fixed (byte* buffer = _buffer)
        {
            var length = RawSocket.Receive(flow.Socket, buffer, BulkStream.Length);
            var count = long.Parse(Encoding.ASCII.GetString(buffer, length), CultureInfo.InvariantCulture);
            if (count != flow.Position)
            {
                throw new NoResultException($"the server got {count} bytes of {flow.Position}");
            }
        }
    }

    static void Say(int socket, string line)
    {
        fixed (byte* bytes = Encoding.ASCII.GetBytes(line + "\r\n"))
        {
            RawSocket.Send(socket, bytes, line.Length + 2);
        }
    }

    struct Flow
    {
        public int Socket;
        public long Position;
    }
}
