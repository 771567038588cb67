using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>Echo servers side by side, at several numbers of connections and depths.</summary>
internal static class EchoComparison
{
    static readonly string[] Yardsticks = ["kestrel", "c"];

    public static Benchmark Benchmark { get; } = new(
        "echo",
        "echo lines of 64 bytes",
        [.. LoadComparison.Options, "--connections", "--depth"],
        $"{LoadComparison.Usage} [--connections 1,64,1000] [--depth 1,16]",
        Full: "--rounds 3 --seconds 1 --warmup 1.2 --attempts 2 --peers diesel,diesel-portable,kestrel,c,twisted,gevent",
        Quick: "--rounds 1 --seconds 0.5 --warmup 0.8 --attempts 1 --peers diesel,kestrel,c,twisted,gevent",
        Measure);

    static Report Measure(CommandLine options)
    {
        var comparison = new LoadComparison(options, prefix: "", Servers.Echo);
        var loads =
            from connections in options.Ints("--connections", 1, 64, 1000)
            from depth in options.Ints("--depth", 1, 16)
            select (Connections: connections, Depth: depth);
        var results = loads.ToDictionary(load => load, load => comparison.Compare(LoadOf(load.Connections, load.Depth)));
        var rows =
            from load in results.Keys
            from peer in comparison.Peers
            select new LoadRow(
                peer,
                LoadOf(load.Connections, load.Depth).Label,
                [Number.Plain(load.Connections), Number.Plain(load.Depth)],
                results[load]);
        var table = new LoadTable("lines", 1, ["connections", "depth"], Yardsticks);
        return new Report(
            comparison.Absentees + table.ToMarkdown([.. rows]),
            [.. results.Keys.GroupBy(load => load.Depth).Select(depth => Chart(depth.Key, comparison, results))],
            [.. Verdicts(results)],
            comparison.Failures);
    }

    static Load LoadOf(int connections, int depth) => new(
        $"{Connections(connections)}, depth {depth}",
        "load",
        "--connections", Number.Plain(connections),
        "--depth", Number.Plain(depth))
    {
        // One side always waits for the other, so there is nothing to share; and a program that is given one core may not look on.
        IsPinned = connections > 1,
    };

    static BarChart Chart(
        int depth, LoadComparison comparison, Dictionary<(int Connections, int Depth), Rounds<LoadResult>> results) => new(
            $"echo-depth-{depth}.svg",
            $"Echo of 64-byte lines, depth {depth}",
            "thousand lines a second",
            [
                .. from load in results.Keys
                   where load.Depth == depth
                   select BarGroup.Of(
                       Connections(load.Connections),
                       comparison.Peers.Select(peer => (peer, results[load].Median(peer, r => r.Rate / 1000)))),
            ]);

    static IEnumerable<Verdict> Verdicts(Dictionary<(int Connections, int Depth), Rounds<LoadResult>> results)
    {
        int[] many = [64, 1000];
        (int[] Connections, int Depth, string Yardstick, double Target)[] targets =
        [
            ([1], 1, "c", 2), ([1], 1, "kestrel", 2),
            (many, 1, "c", 0.85), (many, 1, "kestrel", 1.3), (many, 1, "twisted", 2), (many, 1, "gevent", 2), (many, 16, "kestrel", 1.4),
        ];
        return
            from target in targets
            from connections in target.Connections
            where results.ContainsKey((connections, target.Depth))
            let rounds = results[(connections, target.Depth)]
            let ratio = rounds.RatioOf("diesel", target.Yardstick, r => r.Rate)
            let perCpu = rounds.RatioOf("diesel", target.Yardstick, r => r.PerServerCpu)
            select new Verdict(
                $"echo, {Connections(connections)}, depth {target.Depth}", target.Yardstick, ratio?.Middle, target.Target,
                Note: $"{Number.Text(perCpu?.Middle)} by CPU time{Disturbed(rounds, target.Yardstick)}");
    }

    static string Connections(int count) => count == 1 ? "1 connection" : $"{count} connections";

    static string Disturbed(Rounds<LoadResult> rounds, string yardstick)
    {
        var others = new[] { "diesel", yardstick }.Max(peer => rounds.Median(peer, r => r.StrangerCpu));
        return others > LoadComparison.Disturbance ? $"; disturbed, others used {Number.Percent(others)}" : "";
    }
}
