using System.ComponentModel;
using System.Diagnostics;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>
/// A load on one thread that waits in epoll. It warms up, measures, and counts what was done and how long each took.
/// </summary>
internal abstract class Generator : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static string[] Options => ["--port", "--seconds", "--warmup", "--server"];

    protected Epoll Epoll { get; } = new();

    protected LatencyHistogram Latencies { get; } = new();

    /// <summary>What was done and verified so far.</summary>
    protected abstract long Done { get; }

    /// <summary>Runs the generator that the arguments ask for, and prints one line of JSON.</summary>
    public static int Run(string[] arguments, string[] options, Func<CommandLine, Generator> make)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("the load generator speaks epoll and runs on Linux only");
        }

        var line = new CommandLine(arguments, [.. Options, .. options]);
        try
        {
            using var generator = make(line);
            Console.WriteLine(generator.Measure(
                line.Seconds("--warmup", 4),
                line.Seconds("--seconds"),
                new CpuMeter(line.Text("--server") is null ? null : line.Int("--server"))));
            return 0;
        }
        catch (Win32Exception error)
        {
            throw new NoResultException($"the server failed: {error.Message}");
        }
    }

    public virtual void Dispose() => Epoll.Dispose();

    /// <summary>Begins what goes on by itself afterwards.</summary>
    protected abstract void Start();

    /// <summary>The socket of that key is ready.</summary>
    protected abstract void Continue(int key);

    /// <summary>The warm-up is over.</summary>
    protected virtual void BeginMeasuring()
    {
    }

    /// <summary>All is measured: the last chance to find that it was wrong.</summary>
    protected virtual void Finish()
    {
    }

    /// <summary>Ends the wait now and then, for loads in which something may get lost.</summary>
    protected virtual TimeSpan? Heartbeat => null;

    protected virtual void Beat()
    {
    }

    /// <summary>Looks instead of sleeping: where one thing is under way at a time, the generator's own waking would be half of what is measured.</summary>
    protected virtual bool Polls => false;

    /// <summary>One wait and what it found; the time after it.</summary>
    protected long Turn()
    {
        var ready = Polls ? Poll() : Epoll.Wait((int)(Heartbeat ?? Patience).TotalMilliseconds);
        if (ready == 0 && Heartbeat is null)
        {
            throw new NoResultException($"not one byte came back for {Patience.TotalSeconds:0} s");
        }

        for (var i = 0; i < ready; i++)
        {
            Continue(Epoll.Key(i));
        }

        if (Heartbeat is not null)
        {
            Beat();
        }

        return Stopwatch.GetTimestamp();
    }

    int Poll()
    {
        var ready = 0;
        for (var began = Stopwatch.GetTimestamp(); ready == 0 && Stopwatch.GetElapsedTime(began) < Patience;)
        {
            ready = Epoll.Wait(0);
        }

        return ready;
    }

    LoadResult Measure(double warmup, double seconds, CpuMeter meter)
    {
        Start();
        RunFor(warmup);
        BeginMeasuring();
        Latencies.Clear();
        var doneBefore = Done;
        var before = meter.Read();
        RunFor(seconds);
        var after = meter.Read();
        var done = Done - doneBefore;

        var elapsed = Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp).TotalSeconds;
        var cpu = after.Since(before);
        var result = new LoadResult(
            done / elapsed, Microseconds(0.50), Microseconds(0.99), cpu.Own, cpu.Server, cpu.Strangers);
        Finish();
        return result;
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

    double? Microseconds(double fraction) =>
        Latencies.Count == 0 ? null : Latencies.Percentile(fraction) * 1e6 / Stopwatch.Frequency;
}
