using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Timing;

/// <summary>Timers that are cancelled, as almost all timeouts are, and timers that fire.</summary>
internal static class TimerComparison
{
    const double Target = 10;

    public static Benchmark Benchmark { get; } = new(
        "timers",
        "set and cancel a million timers, and see how late others fire",
        ["--rounds", "--count", "--fired", "--peers"],
        "[--rounds 5] [--count 1000000] [--fired 200] [--peers NAME,…]",
        Full: "--rounds 3",
        Quick: "--rounds 1 --peers diesel,EventLoopScheduler,Timer",
        Measure);

    static Report Measure(CommandLine options)
    {
        var (count, fired) = (options.Int("--count", 1_000_000), options.Int("--fired", 200));
        var peers = options.Names("--peers", TimerBed.Names);
        foreach (var peer in peers)
        {
            TimerRound.Measure(peer, Math.Max(100, count / 10), 10);
        }

        var rounds = Rounds<TimerRound>.Run(options.Int("--rounds", 5), peers, (round, peer) =>
        {
            var result = TimerRound.Measure(peer, count, fired);
            Console.Error.WriteLine(
                $"round {round}, {peer}: {result.OneByOne.Nanoseconds:0} and {result.Together.Nanoseconds:0} ns each, "
                + $"{result.Early} early, p99 {result.Late(0.99):0} µs late");
            return result;
        });

        string[] table =
        [
            "| peer | set and cancel, one by one: ns | × as fast | bytes held | all set, then all cancelled: ns | × as fast | bytes held | CPU ns in all | × as little |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
            .. peers.Select(peer =>
                $"| {peer} | {Median(peer, r => r.OneByOne.Nanoseconds)} | {Speed(peer, r => r.OneByOne)?.ToString() ?? "–"} | {Median(peer, r => r.OneByOne.HeldBytes)} "
                + $"| {Median(peer, r => r.Together.Nanoseconds)} | {Speed(peer, r => r.Together)?.ToString() ?? "–"} | {Median(peer, r => r.Together.HeldBytes)} "
                + $"| {Median(peer, r => r.InAll)} | {InAll(peer)?.ToString() ?? "–"} |"),
            "",
            $"Of each of {count:N0} timers, on the thread where they fire. × as fast is against `{TimerBed.EventLoop}`, within the round. Bytes held are what "
            + "is still alive after a full collection, a minute before the timers would have been due. CPU in all is the process's, from setting until "
            + "after the timers would have been due about a second later: whoever only marks a timer as cancelled pays for it then.",
            "",
            "| peer | fired | early | lateness p50 µs | p99 µs | max µs |",
            "|---|--:|--:|--:|--:|--:|",
            .. peers.Select(peer =>
                $"| {peer} | {fired} | {Most(peer, r => r.Early)} | {Median(peer, r => r.Late(0.5))} | {Median(peer, r => r.Late(0.99))} | {Median(peer, r => r.Late(1))} |"),
            "",
            "Due after 1 to 500 whole milliseconds, nothing else to do. Early is the most of any round; the others are medians of the rounds.",
        ];
        return new Report(
            string.Join('\n', table),
            [
                new BarChart("timers.svg", "Set and cancel a timer", "ns each", [
                    BarGroup.Of("one by one", peers.Select(peer => (peer, rounds.Median(peer, r => r.OneByOne.Nanoseconds)))),
                    BarGroup.Of("all set, then all cancelled", peers.Select(peer => (peer, rounds.Median(peer, r => r.Together.Nanoseconds)))),
                ]),
            ],
            [
                new Verdict("timers: set and cancel 10⁶, one by one", TimerBed.EventLoop, Speed("diesel", r => r.OneByOne)?.Middle, Target),
                new Verdict("timers: set 10⁶, then cancel them", TimerBed.EventLoop, Speed("diesel", r => r.Together)?.Middle, Target),
                new Verdict("timers: 10⁶ cancelled ones until they would have been due, CPU time", TimerBed.EventLoop, InAll("diesel")?.Middle, Target),
                new Verdict("memory a cancelled timer holds", "–", rounds.Median("diesel", r => Math.Max(r.OneByOne.HeldBytes, r.Together.HeldBytes)), 1, IsAtMost: true, "bytes"),
                new Verdict("timers that fire early", "–", rounds.Most("diesel", r => r.Early), 0, IsAtMost: true, "timers"),
            ],
            []);

        string Median(string peer, Func<TimerRound, double?> value) => Number.Text(rounds.Median(peer, value));
        string Most(string peer, Func<TimerRound, double?> value) => Number.Text(rounds.Most(peer, value));
        Ratio? InAll(string peer) => rounds.RatioOf(peer, TimerBed.EventLoop, r => 1 / r.InAll);
        Ratio? Speed(string peer, Func<TimerRound, TimerCost> cost) => rounds.RatioOf(peer, TimerBed.EventLoop, r => 1 / cost(r).Nanoseconds);
    }
}
