using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Bulk;

/// <summary>Throughput of one core with a mebibyte per write, in both directions, from memory and from a file.</summary>
internal static class BulkComparison
{
    const double MebiByte = 1 << 20;
    const double DownloadTarget = 1.1;
    const double FileTarget = 1.5;

    public static Benchmark Benchmark { get; } = new(
        "bulk",
        "send and receive a mebibyte at a time",
        [.. LoadComparison.Options, "--connections"],
        $"{LoadComparison.Usage} [--connections 4]",
        Full: "--rounds 3 --seconds 1 --warmup 1.2 --attempts 2",
        Quick: "--rounds 1 --seconds 0.5 --warmup 0.8 --attempts 1 --peers diesel,kestrel,socket",
        Measure);

    static Report Measure(CommandLine options)
    {
        var comparison = new LoadComparison(options, "bulk:", "diesel", "diesel-portable", "kestrel", "socket");
        var connections = Number.Plain(options.Int("--connections", 4));
        var results = new[] { BulkStream.Download, BulkStream.Reply, BulkStream.File, BulkStream.Upload }.ToDictionary(
            direction => direction,
            direction => comparison.Compare(new Load(
                direction, "load-bulk", "--connections", connections, "--direction", direction)));
        var rows =
            from direction in results.Keys
            from peer in comparison.Peers
            select new LoadRow(peer, direction, [direction, connections], results[direction]);
        var table = new LoadTable("MiB", MebiByte, ["direction", "connections"], "kestrel", "socket");
        return new Report(
            comparison.Absentees + table.ToMarkdown([.. rows]),
            [
                new BarChart("bulk.svg", "Throughput with a mebibyte per write", "MiB for each second of the server's CPU time", [
                    .. results.Select(direction => BarGroup.Of(
                        direction.Key,
                        comparison.Peers.Select(peer => (peer, direction.Value.Median(peer, r => r.PerServerCpu / MebiByte))))),
                ]),
            ],
            [
                new Verdict("bulk: CPU of a mebibyte that is sent", "socket", 1 / ByCpu(BulkStream.Download), DownloadTarget, IsAtMost: true),
                new Verdict("bulk: MiB of a file for each second of CPU time", "socket, which reads 64 KiB and sends them", ByCpu(BulkStream.File), FileTarget),
            ],
            comparison.Failures);

        double? ByCpu(string direction) => results[direction].RatioOf("diesel", "socket", static r => r.PerServerCpu)?.Middle;
    }
}
