using System.Diagnostics;
using System.Text.Json;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Dns;

/// <summary>Drives a server of names with one client.</summary>
internal static class DnsGenerator
{
    public const string Diesel = "diesel";
    public const string Socket = "socket";
    public const string SocketEdns = "socket-edns";
    public const string SocketFresh = "socket-fresh";
    public const string Theirs = "DnsClient.NET";
    public const string Usage = "load-dns NAME --port N --workload udp64 [--seconds 1] [--warmup 8]";

    public static int Run(string[] arguments)
    {
        var peer = arguments.FirstOrDefault() ?? throw new UsageException(Usage);
        var options = new CommandLine(arguments.AsSpan(1), "--port", "--workload", "--seconds", "--warmup");
        var (port, workload) = (options.Int("--port"), DnsWorkload.Find(options.Text("--workload") ?? "udp64"));
        using var load = peer switch
        {
            Diesel => (DnsLoad)new DieselDnsLoad(port, workload),
            Theirs => new TheirDnsLoad(port, workload),
            Socket => workload.IsTcp ? new RawTcpDnsLoad(port, workload) : new RawDnsLoad(port, workload, usesEdns: false),
            SocketEdns => new RawDnsLoad(port, workload, usesEdns: true),
            SocketFresh => new RawFreshDnsLoad(port, workload),
            _ => throw new UsageException($"unknown peer '{peer}'; known: {Diesel}, {Theirs}, {Socket}, {SocketEdns}, {SocketFresh}"),
        };
        Thread.Sleep(TimeSpan.FromSeconds(options.Seconds("--warmup", 8)));
        Console.WriteLine(Measure(load, TimeSpan.FromSeconds(options.Seconds("--seconds", 1))));
        return 0;
    }

    static DnsResult Measure(DnsLoad load, TimeSpan time)
    {
        var (calls, bytes, cpu, clock) = (load.Calls, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        Thread.Sleep(time);
        calls = load.Calls - calls;
        var seconds = clock.Elapsed.TotalSeconds;
        return calls == 0 ? throw new NoResultException("no query was answered") : new DnsResult(
            calls / seconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / calls, (double)(GC.GetTotalAllocatedBytes() - bytes) / calls);
    }
}

/// <summary>What one client did.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="Cpu">Microseconds of its processor for one.</param>
/// <param name="Bytes">Allocated for one.</param>
internal sealed record DnsResult(double Rate, double Cpu, double Bytes)
{
    public static DnsResult Parse(string line) => JsonSerializer.Deserialize<DnsResult>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);
}
