using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Pipelines;

/// <summary>Keeps a number of requests under way over one connection.</summary>
internal static class PipelineGenerator
{
    public const string Pipeline = "pipeline";
    public const string Socket = "socket";
    public const string Usage = "load-pipeline NAME --port N [--seconds 1] [--warmup 4] [--callers 1000]";

    public static int Run(string[] arguments)
    {
        var peer = arguments.FirstOrDefault() ?? throw new UsageException(Usage);
        var options = new CommandLine(arguments.AsSpan(1), "--port", "--seconds", "--warmup", "--callers");
        var (port, callers) = (options.Int("--port"), options.Int("--callers", 1000));
        using var load = peer switch
        {
            Pipeline => (PipelineLoad)new PipelineCallers(port, callers),
            Socket => new SocketLoop(port, callers),
            _ => throw new UsageException($"unknown peer '{peer}'; known: {Pipeline}, {Socket}"),
        };
        Thread.Sleep(TimeSpan.FromSeconds(options.Seconds("--warmup", 4)));
        Console.WriteLine(Measure(load, TimeSpan.FromSeconds(options.Seconds("--seconds", 1))));
        return 0;
    }

    static PipelineResult Measure(PipelineLoad load, TimeSpan time)
    {
        var (calls, writes, turns) = (load.Calls, load.Writes, load.Turns);
        var (bytes, cpu, clock) = (GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        Thread.Sleep(time);
        calls = load.Calls - calls;
        var seconds = clock.Elapsed.TotalSeconds;
        if (calls == 0)
        {
            throw new NoResultException("no call was answered");
        }

        return new PipelineResult(
            calls / seconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / seconds,
            Math.Max(0, ((double)(GC.GetTotalAllocatedBytes() - bytes) / calls) - load.ReplyBytesKept),
            load.Turns > turns ? (double)(load.Writes - writes) / (load.Turns - turns) : null);
    }
}

/// <summary>Something that asks and asks. Its numbers are read from another thread.</summary>
internal abstract class PipelineLoad : IDisposable
{
    public const int RequestLength = 12;
    public const int ReplyLength = 64;

    public abstract long Calls { get; }

    /// <summary>Bytes of a reply, where they are received into memory that is not used again.</summary>
    public virtual int ReplyBytesKept => 0;

    public virtual long Writes => 0;

    public virtual long Turns => 0;

    public abstract void Dispose();
}

/// <summary>A blocking socket: as many bytes as come are asked for again.</summary>
internal sealed class SocketLoop : PipelineLoad
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    long _calls;

    public SocketLoop(int port, int depth)
    {
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        new Thread(() => Loop(depth)) { IsBackground = true }.Start();
    }

    public override long Calls => Volatile.Read(ref _calls);

    public override void Dispose() => _socket.Dispose();

    void Loop(int depth)
    {
        var requests = new byte[depth * RequestLength];
        for (var i = 0; i < depth; i++)
        {
            PipelineCallers.Write(requests.AsSpan(i * RequestLength), i);
        }

        var (received, owed) = (new byte[64 * 1024], 0);
        _socket.Send(requests);
        while (true)
        {
            owed += _socket.Receive(received);
            var calls = owed / ReplyLength;
            owed -= calls * ReplyLength;
            Volatile.Write(ref _calls, _calls + calls);
            if (calls > 0)
            {
                _socket.Send(requests, 0, calls * RequestLength, SocketFlags.None);
            }
        }
    }
}
