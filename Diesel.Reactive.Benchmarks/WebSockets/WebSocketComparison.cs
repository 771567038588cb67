using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.WebSockets;

/// <summary>WebSocket servers side by side: messages of 64 bytes that come back.</summary>
internal static class WebSocketComparison
{
    const double Target = 1.5;

    public static Benchmark Benchmark { get; } = new(
        "websocket",
        "echo WebSocket messages of 64 bytes",
        [.. LoadComparison.Options, "--connections", "--depth"],
        $"{LoadComparison.Usage} [--connections 64,1000] [--depth 1,16]",
        Full: "--rounds 3 --seconds 2 --warmup 2 --attempts 2 --peers diesel,kestrel,kestrel-inline",
        Quick: "--rounds 1 --seconds 0.5 --warmup 1 --attempts 1 --peers diesel,kestrel",
        Measure);

    static Report Measure(CommandLine options)
    {
        var comparison = new LoadComparison(options, prefix: "websocket:", "diesel", "kestrel", "kestrel-inline");
        Load[] loads =
        [
            .. from connections in options.Ints("--connections", 64, 1000)
               from depth in options.Ints("--depth", 1, 16)
               where connections * depth <= 1024
               select new Load(
                   $"{connections} connections, depth {depth}", "load-websocket", "--connections", Number.Plain(connections), "--depth", Number.Plain(depth)),
        ];
        var results = loads.ToDictionary(load => load, comparison.Compare);
        var rows = from load in loads from peer in comparison.Peers select new LoadRow(peer, load.Label, [load.Label], results[load]);
        return new Report(
            comparison.Absentees + new LoadTable("messages", 1, ["load"], "kestrel", "kestrel-inline").ToMarkdown([.. rows]),
            [
                new BarChart("websocket.svg", "WebSocket messages for each second of the server's CPU time", "thousand messages", [
                    .. loads.Select(load => BarGroup.Of(load.Label, comparison.Peers.Select(peer => (peer, results[load].Median(peer, r => r.PerServerCpu / 1000))))),
                ]),
            ],
            [
                .. loads.Select(load => new Verdict(
                    $"WebSocket echo, {load.Label}", "kestrel", results[load].RatioOf("diesel", "kestrel", r => r.PerServerCpu)?.Middle, Target, Note: "by CPU time")),
            ],
            comparison.Failures);
    }
}
