using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>Calls by SignalR and by gRPC, on this library's server and transport and on Kestrel's.</summary>
internal static class CallComparison
{
    // Of gRPC what the hop to the hub leaves on one core: decision 81.
    static readonly (string Prefix, string[] Peers, double Target, Load Load)[] Loads =
    [
        ("signalr:", ["diesel", "diesel-transport", "kestrel"], 1, new("SignalR, 64 connections", "load-websocket", "--connections", "64", "--depth", "1", "--talk", "signalr")),
        ("grpc:", ["diesel-transport", "kestrel"], 0.75, new("gRPC, 8 connections, 16 calls each", "load-grpc", "--connections", "8", "--depth", "16")),
    ];

    public static Benchmark Benchmark { get; } = new(
        "aspnetcore-calls",
        "call a method of ASP.NET Core by SignalR and by gRPC",
        [.. LoadComparison.Options.Where(static option => option != "--peers")],
        LoadComparison.Usage.Replace(" [--peers NAME,…]", "", StringComparison.Ordinal),
        Full: "--rounds 3 --seconds 3 --warmup 8 --attempts 2",
        Quick: "--rounds 1 --seconds 1 --warmup 2 --attempts 1",
        Measure);

    static Report Measure(CommandLine options)
    {
        var measured = Loads.Select(each =>
        {
            var comparison = new LoadComparison(options, each.Prefix, each.Peers);
            return (each.Load.Label, each.Target, Comparison: comparison, Results: comparison.Compare(each.Load));
        }).ToList();
        var rows =
            from one in measured
            from peer in one.Comparison.Peers
            select new LoadRow(peer, one.Label, [one.Label], one.Results);
        return new Report(
            new LoadTable("calls", 1, ["load"], "kestrel").ToMarkdown([.. rows]),
            [],
            [
                .. from one in measured
                   from peer in one.Comparison.Peers
                   where peer != "kestrel"
                   select new Verdict($"{one.Label}, {peer}", "kestrel", one.Results.RatioOf(peer, "kestrel", static r => r.PerServerCpu)?.Middle, one.Target, Note: "by CPU time"),
            ],
            [.. measured.SelectMany(static one => one.Comparison.Failures)]);
    }
}
