using System.Diagnostics;
using System.Text.Json;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>Drives a Redis server with one client.</summary>
internal static class RedisGenerator
{
    public const string Diesel = "diesel";

    /// <summary>The same on a hub that never looks before it sleeps.</summary>
    public const string Sleeping = "sleeping diesel";

    public const string Socket = "socket";
    public const string Polling = "polling socket";
    public const string StackExchange = "StackExchange.Redis";
    public const string Stack = "NRedisStack";
    public const string Usage = "load-redis NAME --port N --workload get16 [--seconds 1] [--warmup 4]";

    public static int Run(string[] arguments)
    {
        var peer = arguments.FirstOrDefault() ?? throw new UsageException(Usage);
        var options = new CommandLine(arguments.AsSpan(1), "--port", "--workload", "--seconds", "--warmup");
        var (port, workload) = (options.Int("--port"), RedisWorkload.Find(options.Text("--workload") ?? "get16"));
        using var load = peer switch
        {
            Diesel or Sleeping => (RedisLoad)new DieselRedisLoad(port, workload, looks: peer == Diesel),
            StackExchange => new StackExchangeLoad(port, workload, stack: false),
            Stack => new StackExchangeLoad(port, workload, stack: true),
            Socket or Polling => new RawRedisLoad(port, workload, polls: peer == Polling),
            _ => throw new UsageException($"unknown peer '{peer}'; known: {Diesel}, {Sleeping}, {StackExchange}, {Stack}, {Socket}, {Polling}"),
        };
        Thread.Sleep(TimeSpan.FromSeconds(options.Seconds("--warmup", 4)));
        Console.WriteLine(Measure(load, TimeSpan.FromSeconds(options.Seconds("--seconds", 1))));
        return 0;
    }

    static RedisResult Measure(RedisLoad load, TimeSpan time)
    {
        var (calls, bytes, cpu, clock) = (load.Calls, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        Thread.Sleep(time);
        calls = load.Calls - calls;
        var seconds = clock.Elapsed.TotalSeconds;
        return calls == 0 ? throw new NoResultException("no call was answered") : new RedisResult(
            calls / seconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / calls,
            (double)(GC.GetTotalAllocatedBytes() - bytes) / calls);
    }
}

/// <summary>What one client did.</summary>
/// <param name="Rate">Commands a second.</param>
/// <param name="Cpu">Microseconds of its processor for one; null: not known.</param>
/// <param name="Bytes">Allocated for one; null: not known.</param>
internal sealed record RedisResult(double Rate, double? Cpu, double? Bytes)
{
    public static RedisResult Parse(string line) => JsonSerializer.Deserialize<RedisResult>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);
}
