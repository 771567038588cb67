using System.Text.Json;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>One measured run. CPU use is in cores: 1 is one core all the time; null where nobody measured it.</summary>
/// <param name="Rate">What was done and verified a second: lines, datagrams, connections, bytes.</param>
/// <param name="P50">Median latency in microseconds; null where nothing waits for an answer.</param>
/// <param name="P99">99th percentile of the latency in microseconds.</param>
/// <param name="GeneratorCpu">What the generator itself used.</param>
/// <param name="ServerCpu">What the server's process used.</param>
/// <param name="StrangerCpu">What others used of the server's core or the generator's, whichever is more.</param>
internal sealed record LoadResult(
    double Rate, double? P50, double? P99, double GeneratorCpu, double? ServerCpu, double? StrangerCpu)
{
    /// <summary>What was done for each second of the server's CPU time; strangers change it little.</summary>
    public double? PerServerCpu => Rate / ServerCpu;

    public static LoadResult Parse(string line) => JsonSerializer.Deserialize<LoadResult>(line)!;

    public override string ToString() => JsonSerializer.Serialize(this);
}
