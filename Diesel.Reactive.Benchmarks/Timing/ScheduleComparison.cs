using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Timing;

/// <summary>Work that comes from another thread.</summary>
internal static class ScheduleComparison
{
    public static Benchmark Benchmark { get; } = new(
        "schedule",
        "schedule work from another thread",
        ["--rounds", "--count", "--trips", "--peers"],
        "[--rounds 5] [--count 1000000] [--trips 20000] [--peers NAME,…]",
        Full: "--rounds 5",
        Quick: "--rounds 2 --count 300000 --trips 5000",
        Measure);

    static Report Measure(CommandLine options)
    {
        var (count, trips) = (options.Int("--count", 1_000_000), options.Int("--trips", 20_000));
        var peers = options.Names("--peers", "diesel", "diesel-portable", TimerBed.EventLoop);
        foreach (var peer in peers)
        {
            ScheduleRound.Measure(peer, Math.Max(1, count / 10), Math.Max(1, trips / 10));
        }

        var rounds = Rounds<ScheduleRound>.Run(options.Int("--rounds", 5), peers, (round, peer) =>
        {
            var result = ScheduleRound.Measure(peer, count, trips);
            Console.Error.WriteLine($"round {round}, {peer}: {result.Rate:N0}/s, round trip p50 {result.P50:0.0} µs, p99 {result.P99:0.0} µs");
            return result;
        });

        string[] table =
        [
            "| peer | actions/s | × | round trip p50 µs | p99 µs | × of p50 |",
            "|---|--:|--:|--:|--:|--:|",
            .. peers.Select(peer =>
                $"| {peer} | {Number.Text(rounds.Median(peer, r => r.Rate))} | {rounds.RatioOf(peer, TimerBed.EventLoop, r => r.Rate)?.ToString() ?? "–"} "
                + $"| {Number.Text(rounds.Median(peer, r => r.P50))} | {Number.Text(rounds.Median(peer, r => r.P99))} "
                + $"| {rounds.RatioOf(peer, TimerBed.EventLoop, r => r.P50)?.ToString() ?? "–"} |"),
            "",
            $"Actions: one thread calls `Schedule` {count:N0} times as fast as it can; the clock stops when the last one has run. Round trip: two loops of "
            + $"a kind wake each other {trips:N0} times, so each is asleep when it is asked. × are against `{TimerBed.EventLoop}`, within the round.",
        ];
        return new Report(
            string.Join('\n', table),
            [
                new BarChart("schedule.svg", "Schedule from another thread", "million actions a second", [
                    BarGroup.Of("", peers.Select(peer => (peer, rounds.Median(peer, r => r.Rate / 1e6)))),
                ]),
            ],
            [],
            []);
    }
}
