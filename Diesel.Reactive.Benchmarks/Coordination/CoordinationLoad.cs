using System.Diagnostics;
using System.Text.Json;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Coordination;

/// <summary>Loops that put, take and acknowledge, or that hold locks, again and again. What they count is read from another thread.</summary>
internal abstract class CoordinationLoad : IDisposable
{
    public const string Queue = "queue";
    public const string Locks = "locks";
    public const string Contended = "contended";
    public const string Long = "long";

    /// <summary>Loops that put an item, take one and acknowledge it: so the queue neither grows nor is asked in vain. Or loops with a lock of their own.</summary>
    public const int Callers = 64;

    /// <summary>Those who want the same lock, half of them with a connection of their own.</summary>
    public const int Contenders = 20;

    readonly List<double> _handed = [];
    long _calls;
    long _released;
    int _last = -1;

    public long Calls => Volatile.Read(ref _calls);

    /// <summary>From the moment before a lock is let go until the next has it, in ms; the median since it was asked for last.</summary>
    public double Handed()
    {
        lock (_handed)
        {
            var all = _handed.Order().ToArray();
            _handed.Clear();
            return all.Length == 0 ? 0 : all[all.Length / 2];
        }
    }

    public abstract void Dispose();

    /// <summary>How long each holds it; as long it does something else before it wants it again.</summary>
    public static TimeSpan HoldOf(string workload) => workload switch
    {
        Contended => TimeSpan.FromSeconds(0.1),
        Long => TimeSpan.FromSeconds(1),
        _ => TimeSpan.Zero,
    };

    protected void Count() => Interlocked.Increment(ref _calls);

    // Whoever takes it again at once was not handed it.
    protected void Acquired(int contender)
    {
        Count();
        if (Interlocked.Exchange(ref _last, contender) != contender && Volatile.Read(ref _released) is var released and not 0)
        {
            lock (_handed)
            {
                _handed.Add(Stopwatch.GetElapsedTime(released).TotalMilliseconds);
            }
        }
    }

    protected void Releases() => Volatile.Write(ref _released, Stopwatch.GetTimestamp());
}

/// <summary>What came of a load.</summary>
/// <param name="Rate">Items taken and acknowledged, or locks acquired and released, a second.</param>
/// <param name="Cpu">µs of CPU for each.</param>
/// <param name="Handed">Until the next has the lock, ms; the median.</param>
/// <param name="Commands">That the server was sent for each, where it was asked; else 0.</param>
internal sealed record CoordinationResult(double Rate, double Cpu, double Handed, double Commands)
{
    public const string Diesel = "diesel";
    public const string Streams = "StackExchange.Redis";
    public const string DistributedLock = "DistributedLock.Redis";
    public const string Usage = "load-coordination NAME --workload queue|locks|contended|long --port N [--seconds 1] [--warmup 4]";

    public static int Run(string[] arguments)
    {
        var peer = arguments.FirstOrDefault() ?? throw new UsageException(Usage);
        var options = new CommandLine(arguments.AsSpan(1), "--workload", "--port", "--seconds", "--warmup");
        var (workload, port) = (options.Text("--workload") ?? throw new UsageException(Usage), options.Int("--port"));
        using var load = (peer, workload) switch
        {
            (Diesel, _) => (CoordinationLoad)new DieselCoordinationLoad(port, workload),
            (Streams, CoordinationLoad.Queue) => new StreamsLoad(port),
            (DistributedLock, not CoordinationLoad.Queue) => new DistributedLockLoad(port, workload),
            _ => throw new UsageException($"'{peer}' has no {workload}"),
        };
        Thread.Sleep(TimeSpan.FromSeconds(options.Seconds("--warmup", 4)));
        Console.WriteLine(Measure(load, port, TimeSpan.FromSeconds(options.Seconds("--seconds", 1)), CoordinationLoad.HoldOf(workload) > TimeSpan.Zero));
        return 0;
    }

    public static CoordinationResult Parse(string line) => JsonSerializer.Deserialize<CoordinationResult>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);

    static CoordinationResult Measure(CoordinationLoad load, int port, TimeSpan time, bool isCounted)
    {
        load.Handed();
        var (before, cpu, clock) = (load.Calls, Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        Thread.Sleep(time);
        var (calls, seconds, used, handed) = (load.Calls - before, clock.Elapsed.TotalSeconds, Environment.CpuUsage.TotalTime - cpu, load.Handed());
        return calls == 0 ? throw new NoResultException("nothing was done") : new CoordinationResult(
            calls / seconds, used.TotalMicroseconds / calls, handed, isCounted ? CommandsOf(load, port, time) : 0);
    }

    // In a time of its own: who counts is told of each command, and needs a core for that as whoever is handed a lock does.
    static double CommandsOf(CoordinationLoad load, int port, TimeSpan time)
    {
        using var monitor = new CommandCounter(port);
        var (calls, commands) = (load.Calls, monitor.Commands);
        Thread.Sleep(time);
        return (double)(monitor.Commands - commands) / Math.Max(1, load.Calls - calls);
    }
}
