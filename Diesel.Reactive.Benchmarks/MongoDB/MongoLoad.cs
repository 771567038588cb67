using System.Diagnostics;
using System.Text.Json;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.MongoDB;

/// <summary>Something that asks and asks. Its number is read from another thread.</summary>
internal abstract class MongoLoad : IDisposable
{
    long _calls;

    public long Calls => Volatile.Read(ref _calls);

    public abstract void Dispose();

    protected void Count(int calls) => Interlocked.Add(ref _calls, calls);

    protected static void Check(bool isRight)
    {
        if (!isRight)
        {
            throw new NoResultException("a document is wrong");
        }
    }
}

/// <summary>What one client did.</summary>
/// <param name="Rate">Documents a second.</param>
/// <param name="Cpu">Microseconds of its processor for one.</param>
/// <param name="Bytes">Allocated for one.</param>
internal sealed record MongoResult(double Rate, double Cpu, double Bytes)
{
    public const string Diesel = "diesel";
    public const string Driver = "MongoDB.Driver";
    public const string Usage = "load-mongodb NAME --port N --workload find64 [--seconds 1] [--warmup 4]";

    public static int Run(string[] arguments)
    {
        var peer = arguments.FirstOrDefault() ?? throw new UsageException(Usage);
        var options = new CommandLine(arguments.AsSpan(1), "--port", "--workload", "--seconds", "--warmup");
        var (port, workload) = (options.Int("--port"), MongoWorkload.Find(options.Text("--workload") ?? "find64"));
        using var load = peer switch
        {
            Diesel => (MongoLoad)new DieselMongoLoad(port, workload),
            Driver => new DriverLoad(port, workload),
            _ => throw new UsageException($"unknown peer '{peer}'; known: {Diesel}, {Driver}"),
        };
        Thread.Sleep(TimeSpan.FromSeconds(options.Seconds("--warmup", 4)));
        Console.WriteLine(Measure(load, TimeSpan.FromSeconds(options.Seconds("--seconds", 1))));
        return 0;
    }

    public static MongoResult Parse(string line) => JsonSerializer.Deserialize<MongoResult>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);

    static MongoResult Measure(MongoLoad load, TimeSpan time)
    {
        var (calls, bytes, cpu, clock) = (load.Calls, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        Thread.Sleep(time);
        calls = load.Calls - calls;
        var seconds = clock.Elapsed.TotalSeconds;
        return calls == 0 ? throw new NoResultException("no call was answered") : new MongoResult(
            calls / seconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / calls,
            (double)(GC.GetTotalAllocatedBytes() - bytes) / calls);
    }
}
