using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>A minimal API under wrk, on this library's server and on Kestrel.</summary>
internal static class WebComparison
{
    const double PooledTarget = 1;
    const double PooledPipelinedTarget = 0.8;
    const double InlineTarget = 1.25;
    const double GroupTarget = 1.4;
    const double MostBytesMore = 64;

    static readonly (string Name, int Connections, int Depth, string Path, double Target)[] Loads =
    [
        ("hello, 64 connections", 64, 1, "/", 1.6),
        ("hello, 1000 connections", 1000, 1, "/", 2),
        ("hello pipelined by 16", 64, 16, "/", 2),
        ("JSON", 64, 1, "/json", 1.4),
        ("a Razor page", 64, 1, "/page", 1.05),
    ];

    public static Benchmark Benchmark { get; } = new(
        "aspnetcore",
        "a minimal API of ASP.NET Core, driven by wrk",
        LoadComparison.Options,
        LoadComparison.Usage,
        Full: "--rounds 3 --seconds 3 --warmup 8 --attempts 2",
        Quick: "--rounds 1 --seconds 1 --warmup 1 --attempts 1 --peers diesel-hub,diesel,kestrel",
        Measure);

    static Report Measure(CommandLine options)
    {
        if (HttpLoad.Missing is { } missing)
        {
            throw new NoResultException(missing);
        }

        var comparison = new LoadComparison(options, prefix: "web:", "diesel-hub", "diesel", "kestrel", "kestrel-inline");
        var group = new LoadComparison(options, prefix: "web:", "diesel-group", "kestrel");
        var shared = group.Compare(LoadOf(Loads[0]) with { IsPinned = false });
        var bytes = comparison.Peers.ToDictionary(static peer => peer, static peer => WebBytes.Measure(peer, "/"));
        var results = Loads.ToDictionary(static load => load.Name, load => comparison.Compare(LoadOf(load)));
        var rows =
            from load in Loads
            from peer in comparison.Peers
            select new LoadRow(peer, load.Name, [load.Name], results[load.Name]);
        return new Report(
            comparison.Absentees + new LoadTable("requests", 1, ["load"], "kestrel", "kestrel-inline").ToMarkdown([.. rows]),
            [new BarChart("aspnetcore.svg", "Requests to ASP.NET Core for each second of the server's CPU time", "thousand requests", [.. Loads.Select(load => BarGroup.Of(
                load.Name, comparison.Peers.Select(peer => (peer, results[load.Name].Median(peer, static r => r.PerServerCpu / 1000)))))])],
            [
                .. Loads.Select(load => Verdict(load.Name, "diesel-hub", "kestrel", load.Target)),
                .. Loads.Where(static load => load.Path != "/page").Select(load => Verdict(load.Name, "diesel", "kestrel", load.Depth == 1 ? PooledTarget : PooledPipelinedTarget)),
                Verdict(Loads[0].Name, "diesel-hub", "kestrel-inline", InlineTarget),
                new Verdict("ASP.NET Core, hello on two cores, diesel-group", "kestrel", shared.RatioOf("diesel-group", "kestrel", static r => r.PerServerCpu)?.Middle, GroupTarget, Note: "by CPU time"),
                .. from peer in (string[])["diesel-hub", "diesel"]
                   where bytes.ContainsKey(peer) && bytes.ContainsKey("kestrel")
                   select new Verdict(
                       $"ASP.NET Core, bytes allocated, {peer}", "kestrel + 64 and the request's own", bytes[peer],
                       bytes["kestrel"] + MostBytesMore + WebBytes.Request("/").Length, IsAtMost: true, Unit: "bytes"),
            ],
            [.. comparison.Failures, .. group.Failures]);

        Verdict Verdict(string load, string ours, string other, double target) => new(
            $"ASP.NET Core, {load}, {ours}", other, results[load].RatioOf(ours, other, static r => r.PerServerCpu)?.Middle, target, Note: "by CPU time");
    }

    static Load LoadOf((string Name, int Connections, int Depth, string Path, double Target) load) => new(
        load.Name, "load-http", ["--connections", Number.Plain(load.Connections), "--depth", Number.Plain(load.Depth), "--path", load.Path]);
}
