using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Fairness;

/// <summary>What many quiet connections feel of a flooding one: their p99 without and with it, in the same round.</summary>
internal static class FairnessComparison
{
    const double Target = 3;

    public static Benchmark Benchmark { get; } = new(
        "fairness",
        "latency of 1000 connections while another one floods",
        [.. LoadComparison.Options, "--connections", "--flooding"],
        $"{LoadComparison.Usage} [--connections 1000] [--flooding 1]",
        Full: "--rounds 3 --seconds 1 --warmup 1.2 --attempts 2",
        Quick: "--rounds 1 --seconds 0.5 --warmup 0.8 --attempts 1 --peers diesel,kestrel",
        Measure);

    static Report Measure(CommandLine options)
    {
        var comparison = new LoadComparison(options, prefix: "", "diesel", "diesel-portable", "kestrel", "c");
        var (connections, flooding) = (options.Int("--connections", 1000), options.Int("--flooding", 1));
        var (calm, flooded) = (LoadOf(connections, 0), LoadOf(connections, flooding));
        var rounds = Rounds<Pair>.Run(comparison.RoundCount, comparison.Peers, (round, peer) =>
            comparison.Attempt(round, peer, calm) is { } without && comparison.Attempt(round, peer, flooded) is { } with
                ? new Pair(without, with)
                : null);

        string[] table =
        [
            "| peer | connections | flooding | p99 µs without | p99 µs with | × | p50 µs without | p50 µs with | lines/s of the others, with | others |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
            .. comparison.Peers.Select(peer =>
                $"| {peer} | {connections} | {flooding} | {Median(peer, pair => pair.Without.P99)} | {Median(peer, pair => pair.With.P99)} "
                + $"| {RatioOf(peer)?.ToString() ?? "–"} | {Median(peer, pair => pair.Without.P50)} | {Median(peer, pair => pair.With.P50)} "
                + $"| {Median(peer, pair => pair.With.Rate)} | {Number.Percent(rounds.Median(peer, pair => pair.With.StrangerCpu))} |"),
            "",
            "The flooding connection keeps 1024 lines in flight, 64 KiB at any time; the others one each. It is driven by the same "
            + "generator, so part of what the others wait for is the generator, the same for all servers. × is the p99 with the flood "
            + "over the p99 without, in the same round.",
        ];
        return new Report(
            comparison.Absentees + string.Join('\n', table),
            [
                new BarChart("fairness.svg", "p99 of quiet connections, without and with a flood", "µs", [
                    .. comparison.Peers.Select(peer => BarGroup.Of(peer,
                    [
                        ("without", rounds.Median(peer, pair => pair.Without.P99)),
                        ("with", rounds.Median(peer, pair => pair.With.P99)),
                    ])),
                ]),
            ],
            [
                .. comparison.Peers.Where(peer => peer.StartsWith("diesel", StringComparison.Ordinal)).Select(peer =>
                    new Verdict($"p99 of {connections} connections while one floods, {peer}", "without the flood", RatioOf(peer)?.Middle, Target, IsAtMost: true)),
            ],
            comparison.Failures);

        string Median(string peer, Func<Pair, double?> value) => Number.Text(rounds.Median(peer, value));
        Ratio? RatioOf(string peer) => rounds.Ratio(peer, pair => pair.With.P99 / pair.Without.P99);
    }

    static Load LoadOf(int connections, int flooding) => new(
        flooding == 0 ? $"{connections} connections" : $"{connections} connections and {flooding} flooding",
        "load",
        "--connections", Number.Plain(connections),
        "--depth", "1",
        "--flooding", Number.Plain(flooding));

    sealed record Pair(LoadResult Without, LoadResult With);
}
