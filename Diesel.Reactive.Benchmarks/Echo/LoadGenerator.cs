using System.ComponentModel;
using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>
/// Closed-loop load from one thread: every connection keeps the same number of lines in flight and sends the next
/// ones when some come back.
/// </summary>
internal sealed unsafe class LoadGenerator : IDisposable
{
    public const string Usage =
        "load --port P --connections N --depth D --seconds S [--warmup 1.5] [--server PID]";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly LineTape _tape = new();
    readonly Epoll _epoll = new();
    readonly LatencyHistogram _latencies = new();
    readonly List<LoadConnection> _connections = [];

    LoadGenerator(int port, int connections, int depth)
    {
        for (var key = 0; key < connections; key++)
        {
            _connections.Add(new LoadConnection(port, key, depth, _tape, _epoll, _latencies));
        }
    }

    public static int Run(string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("the load generator speaks epoll and runs on Linux only");
        }

        var options = new CommandLine(
            arguments, "--port", "--connections", "--depth", "--seconds", "--warmup", "--server");
        var depth = options.Int("--depth");
        if (depth > LoadConnection.MaxDepth)
        {
            throw new UsageException($"--depth is at most {LoadConnection.MaxDepth}");
        }

        try
        {
            using var generator = new LoadGenerator(options.Int("--port"), options.Int("--connections"), depth);
            Console.WriteLine(generator.Measure(
                options.Seconds("--warmup", 1.5),
                options.Seconds("--seconds"),
                new CpuMeter(options.Text("--server") is null ? null : options.Int("--server"))));
            return 0;
        }
        catch (Win32Exception error)
        {
            throw new NoResultException($"the server failed: {error.Message}");
        }
    }

    public void Dispose()
    {
        _connections.ForEach(connection => connection.Dispose());
        _epoll.Dispose();
        _tape.Dispose();
    }

    LoadResult Measure(double warmup, double seconds, CpuMeter meter)
    {
        _connections.ForEach(connection => connection.Start());
        RunFor(warmup);
        _latencies.Clear();
        var before = meter.Read();
        RunFor(seconds);
        var after = meter.Read();

        var elapsed = Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp).TotalSeconds;
        var cpu = after.Since(before);
        return new LoadResult(
            _latencies.Count / elapsed, Microseconds(0.50), Microseconds(0.99), cpu.Own, cpu.Server, cpu.Strangers);
    }

    void RunFor(double seconds)
    {
        var now = Stopwatch.GetTimestamp();
        var end = now + (long)(seconds * Stopwatch.Frequency);
        while (now < end)
        {
            now = Turn();
        }
    }

    long Turn()
    {
        var ready = _epoll.Wait((int)Patience.TotalMilliseconds);
        if (ready == 0)
        {
            throw new NoResultException($"not one byte came back for {Patience.TotalSeconds:0} s");
        }

        for (var i = 0; i < ready; i++)
        {
            _connections[_epoll.Key(i)].Continue();
        }

        return Stopwatch.GetTimestamp();
    }

    double Microseconds(double fraction) => _latencies.Percentile(fraction) * 1e6 / Stopwatch.Frequency;
}
