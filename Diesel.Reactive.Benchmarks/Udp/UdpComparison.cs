using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Udp;

/// <summary>Datagram echo against plain loops: of blocking calls in C#, and in C with many datagrams at a call.</summary>
internal static class UdpComparison
{
    static readonly string[] Yardsticks = ["socket", "c"];

    public static Benchmark Benchmark { get; } = new(
        "udp",
        "echo datagrams of 64 bytes",
        [.. LoadComparison.Options, "--connections", "--depth"],
        $"{LoadComparison.Usage} [--connections 16] [--depth 4]",
        Full: "--rounds 3 --seconds 1 --warmup 1.2 --attempts 2",
        Quick: "--rounds 1 --seconds 0.5 --warmup 0.8 --attempts 1",
        Measure);

    static Report Measure(CommandLine options)
    {
        var comparison = new LoadComparison(options, "udp:", "diesel", "diesel-portable", "socket", "c");
        var (peers, depth) = (Number.Plain(options.Int("--connections", 16)), Number.Plain(options.Int("--depth", 4)));
        var load = new Load($"{peers} peers, depth {depth}", "load-udp", "--connections", peers, "--depth", depth);
        var rounds = comparison.Compare(load);
        var rows = comparison.Peers.Select(peer => new LoadRow(peer, load.Label, [peers, depth], rounds)).ToList();
        return new Report(
            comparison.Absentees + new LoadTable("datagrams", 1, ["peers", "depth"], Yardsticks).ToMarkdown(rows),
            [
                new BarChart("udp.svg", "Echo of datagrams of 64 bytes", "thousand datagrams a second", [
                    BarGroup.Of("", comparison.Peers.Select(peer => (peer, rounds.Median(peer, r => r.Rate / 1000)))),
                ]),
            ],
            [.. Verdicts($"datagrams, {load.Label}", rounds)],
            comparison.Failures);
    }

    static IEnumerable<Verdict> Verdicts(string what, Rounds<LoadResult> rounds) =>
        from target in new (string Yardstick, double Least)[] { ("socket", 1.15), ("c", 0.85) }
        let perCpu = rounds.RatioOf("diesel", target.Yardstick, r => r.PerServerCpu)
        select new Verdict($"{what}, by CPU time", target.Yardstick, perCpu?.Middle, target.Least);
}
