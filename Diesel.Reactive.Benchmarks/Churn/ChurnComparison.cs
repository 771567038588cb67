using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Churn;

/// <summary>Short connections: accept, one line, close. The echo servers of the other comparison.</summary>
internal static class ChurnComparison
{
    public static Benchmark Benchmark { get; } = new(
        "churn",
        "connect, echo one line, close",
        [.. LoadComparison.Options, "--connections"],
        $"{LoadComparison.Usage} [--connections 64]",
        Full: "--rounds 3 --seconds 1 --warmup 1.2 --attempts 2",
        Quick: "--rounds 1 --seconds 0.5 --warmup 0.8 --attempts 1 --peers diesel,kestrel,c",
        Measure);

    static Report Measure(CommandLine options)
    {
        var comparison = new LoadComparison(options, prefix: "", "diesel", "diesel-portable", "kestrel", "socket", "c", "twisted", "gevent");
        var connections = Number.Plain(options.Int("--connections", 64));
        var load = new Load($"{connections} at a time", "load-churn", "--connections", connections);
        var rounds = comparison.Compare(load);
        var rows = comparison.Peers.Select(peer => new LoadRow(peer, load.Label, [connections], rounds)).ToList();
        return new Report(
            comparison.Absentees + new LoadTable("connections", 1, ["at a time"], "kestrel", "c").ToMarkdown(rows),
            [
                new BarChart("churn.svg", "Connect, one line, close", "thousand connections a second", [
                    BarGroup.Of("", comparison.Peers.Select(peer => (peer, rounds.Median(peer, r => r.Rate / 1000)))),
                ]),
            ],
            [],
            comparison.Failures);
    }
}
