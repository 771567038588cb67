using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>HTTP servers side by side under wrk: a text, the same pipelined, JSON, a file, and a browser's heads.</summary>
internal static class HttpComparison
{
    static readonly (string Name, int Connections, int Depth, string Path, bool Browser, double Target)[] Loads =
    [
        ("plaintext, 64 connections", 64, 1, "/", false, 1.7),
        ("plaintext, 1000 connections", 1000, 1, "/", false, 2.1),
        ("plaintext pipelined by 16", 64, 16, "/", false, 2.5),
        ("JSON", 64, 1, "/json", false, 1.5),
        ("a file of 1 KiB", 64, 1, $"/{HttpPeers.File}", false, 1.5),
        ("plaintext, heads of 2 kB", 64, 1, "/", true, 1.5),
    ];

    public static Benchmark Benchmark { get; } = new(
        "http",
        "answer HTTP requests, driven by wrk",
        LoadComparison.Options,
        LoadComparison.Usage,
        Full: "--rounds 3 --seconds 3 --warmup 2 --attempts 2 --peers diesel,kestrel,kestrel-inline",
        Quick: "--rounds 1 --seconds 1 --warmup 1 --attempts 1 --peers diesel,kestrel",
        Measure);

    static Report Measure(CommandLine options)
    {
        if (HttpLoad.Missing is { } missing)
        {
            throw new NoResultException(missing);
        }

        var comparison = new LoadComparison(options, prefix: "http:", "diesel", "kestrel", "kestrel-inline");
        var results = Loads.ToDictionary(static load => load.Name, load => comparison.Compare(LoadOf(load)));
        var rows =
            from load in Loads
            from peer in comparison.Peers
            select new LoadRow(peer, load.Name, [load.Name], results[load.Name]);
        var table = new LoadTable("requests", 1, ["load"], "kestrel", "kestrel-inline");
        return new Report(
            comparison.Absentees + table.ToMarkdown([.. rows]),
            [new BarChart("http.svg", "HTTP requests for each second of the server's CPU time", "thousand requests", [.. Loads.Select(load => BarGroup.Of(
                load.Name, comparison.Peers.Select(peer => (peer, results[load.Name].Median(peer, static r => r.PerServerCpu / 1000)))))])],
            [.. Loads.Select(load => new Verdict($"HTTP, {load.Name}", "kestrel", results[load.Name].RatioOf("diesel", "kestrel", static r => r.PerServerCpu)?.Middle, load.Target, Note: "by CPU time")),
                new Verdict("HTTP, plaintext, 64 connections", "kestrel-inline", results[Loads[0].Name].RatioOf("diesel", "kestrel-inline", static r => r.PerServerCpu)?.Middle, 1.3, Note: "by CPU time")],
            comparison.Failures);
    }

    static Load LoadOf((string Name, int Connections, int Depth, string Path, bool Browser, double Target) load) => new(
        load.Name, "load-http",
        [
            "--connections", Number.Plain(load.Connections), "--depth", Number.Plain(load.Depth), "--path", load.Path, .. Enumerable.Repeat("--browser", load.Browser ? 1 : 0),
        ]);
}
