using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Timing;

/// <summary>Work that comes from another thread.</summary>
internal static class ScheduleComparison
{
    public static Benchmark Benchmark { get; } = new(
        "schedule",
        "schedule work from another thread",
        ["--rounds", "--count", "--trips", "--naps", "--peers"],
        "[--rounds 9] [--count 1000000] [--trips 20000] [--naps 300] [--peers NAME,…]",
        Full: "--rounds 9",
        Quick: "--rounds 3 --count 300000 --trips 5000 --naps 100",
        Measure);

    static Report Measure(CommandLine options)
    {
        var (count, trips, naps) = (options.Int("--count", 1_000_000), options.Int("--trips", 20_000), options.Int("--naps", 300));
        var peers = options.Names("--peers", "diesel", "diesel-portable", TimerBed.EventLoop);
        foreach (var peer in peers)
        {
            ScheduleRound.Measure(peer, Math.Max(1, count / 10), Math.Max(1, trips / 10), Math.Max(1, naps / 10));
        }

        var rounds = Rounds<ScheduleRound>.Run(options.Int("--rounds", 9), peers, (round, peer) =>
        {
            var result = ScheduleRound.Measure(peer, count, trips, naps);
            Console.Error.WriteLine(
                $"round {round}, {peer}: {result.Rate:N0}/s, round trip p50 {result.P50:0.0} µs, p99 {result.P99:0.0} µs, asleep p50 {result.AsleepP50:0.0} µs");
            return result;
        });

        string[] table =
        [
            "| peer | actions/s | × | round trip p50 µs | p99 µs | × of p50 | asleep p50 µs | p99 µs | × of p50 |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
            .. peers.Select(peer =>
                $"| {peer} | {Number.Text(rounds.Median(peer, r => r.Rate))} | {rounds.RatioOf(peer, TimerBed.EventLoop, r => r.Rate)?.ToString() ?? "–"} "
                + $"| {Number.Text(rounds.Median(peer, r => r.P50))} | {Number.Text(rounds.Median(peer, r => r.P99))} "
                + $"| {Ratio(rounds, peer, r => r.P50)} | {Number.Text(rounds.Median(peer, r => r.AsleepP50))} "
                + $"| {Number.Text(rounds.Median(peer, r => r.AsleepP99))} | {Ratio(rounds, peer, r => r.AsleepP50)} |"),
            "",
            $"Actions: one thread calls `Schedule` {count:N0} times as fast as it can; the clock stops when the last one has run. Round trip: two loops of "
            + $"a kind wake each other {trips:N0} times, over and over. Asleep: {naps:N0} times both have slept for a millisecond, when a third thread asks the one, which "
            + $"asks the other, and back. × are against `{TimerBed.EventLoop}`, within the round.",
        ];
        return new Report(
            string.Join('\n', table),
            [
                new BarChart("schedule.svg", "Schedule from another thread", "million actions a second", [
                    BarGroup.Of("", peers.Select(peer => (peer, rounds.Median(peer, r => r.Rate / 1e6)))),
                ]),
            ],
            [
                new Verdict("a turn asked for from another thread and back, over and over", TimerBed.EventLoop, Middle(rounds, r => r.P50), 3.5, IsAtMost: true),
                new Verdict("the same when both have slept for 1 ms", TimerBed.EventLoop, Middle(rounds, r => r.AsleepP50), 1.5, IsAtMost: true),
            ],
            []);
    }

    static string Ratio(Rounds<ScheduleRound> rounds, string peer, Func<ScheduleRound, double?> value) =>
        rounds.RatioOf(peer, TimerBed.EventLoop, value)?.ToString() ?? "–";

    static double? Middle(Rounds<ScheduleRound> rounds, Func<ScheduleRound, double?> value) =>
        rounds.RatioOf("diesel", TimerBed.EventLoop, value)?.Middle;
}
