using Diesel.Reactive.Benchmarks.Bulk;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Tls;

/// <summary>TLS 1.3 side by side with Kestrel's <c>UseHttps</c>: echoes, handshakes, mebibytes. All targets are by the server's CPU.</summary>
internal static class TlsComparisons
{
    const double DepthOneTarget = 1.6;
    const double DepthManyTarget = 1.3;
    const double BulkTarget = 1.3;
    const double FullTarget = 1.3;
    const double ResumedTarget = 1.2;

    const string FullArguments = "--rounds 5 --seconds 2 --warmup 4 --attempts 2";

    // Some hundred handshakes a second: .NET compiles what they run, on the server's one core, for ten seconds.
    const string HandshakeArguments = "--rounds 5 --seconds 2 --warmup 12 --attempts 2";
    const string QuickArguments = "--rounds 1 --seconds 0.5 --warmup 1 --attempts 1";

    public static Benchmark Echo { get; } = new(
        "tls-echo",
        "echo lines of 64 bytes over TLS",
        [.. LoadComparison.Options, "--connections", "--depth"],
        $"{LoadComparison.Usage} [--connections 64] [--depth 1,16]",
        FullArguments,
        QuickArguments + " --peers diesel,kestrel",
        MeasureEcho);

    public static Benchmark Handshake { get; } = new(
        "tls-handshake",
        "connect, agree on TLS, echo one line, close",
        [.. LoadComparison.Options, "--clients"],
        $"{LoadComparison.Usage} [--clients 1,8]",
        HandshakeArguments,
        QuickArguments + " --peers diesel,kestrel",
        MeasureHandshake);

    public static Benchmark Bulk { get; } = new(
        "tls-bulk",
        "send and receive a mebibyte at a time over TLS",
        LoadComparison.Options,
        LoadComparison.Usage,
        FullArguments,
        QuickArguments + " --peers diesel,kestrel",
        MeasureBulk);

    static Report MeasureEcho(CommandLine options)
    {
        var depths = options.Ints("--depth", 1, 16);
        var loads =
            from connections in options.Ints("--connections", 64)
            from depth in depths
            select new Load(
                $"{connections} connections, depth {depth}", "load-tls", "--connections", Number.Plain(connections), "--depth", Number.Plain(depth));
        return Measure(
            new LoadComparison(options, "tls:", "diesel", "diesel-portable", "kestrel"),
            "tls-echo", "lines", 1, [.. loads], load => load.Arguments[^1] == "1" ? DepthOneTarget : DepthManyTarget);
    }

    static Report MeasureHandshake(CommandLine options)
    {
        var loads =
            from clients in options.Ints("--clients", 1, 8)
            from resumed in (int[])[0, 1]
            select new Load(
                $"{clients} clients, {(resumed == 1 ? "resumed" : "full")}",
                "load-tls-handshake", "--clients", Number.Plain(clients), "--resumed", Number.Plain(resumed));
        return Measure(
            new LoadComparison(options, "tls:", "diesel", "diesel-portable", "kestrel"),
            "tls-handshake", "handshakes", 1, [.. loads], load => load.Arguments[^1] == "1" ? ResumedTarget : FullTarget);
    }

    static Report MeasureBulk(CommandLine options) => Measure(
        new LoadComparison(options, "tls-bulk:", "diesel", "kestrel"),
        "tls-bulk", "MiB", 1 << 20, [.. new[] { BulkStream.Echo, BulkStream.Download, BulkStream.Upload }.Select(direction => new Load(direction, "load-tls-bulk", "--direction", direction))],
        _ => BulkTarget);

    static Report Measure(LoadComparison comparison, string name, string unit, double scale, Load[] loads, Func<Load, double> target)
    {
        var results = loads.ToDictionary(load => load, comparison.Compare);
        var rows = from load in loads from peer in comparison.Peers select new LoadRow(peer, load.Label, [load.Label], results[load]);
        return new Report(
            comparison.Absentees + new LoadTable(unit, scale, ["load"], "kestrel").ToMarkdown([.. rows]),
            [
                new BarChart($"{name}.svg", $"TLS: {unit} for the server's CPU time", $"{unit} for each second of the server's CPU time", [
                    .. loads.Select(load => BarGroup.Of(load.Label, comparison.Peers.Select(peer => (peer, results[load].Median(peer, r => r.PerServerCpu / scale))))),
                ]),
            ],
            [
                .. loads.Select(load => new Verdict(
                    $"{name}, {load.Label}, by CPU", "Kestrel with UseHttps", results[load].RatioOf("diesel", "kestrel", r => r.PerServerCpu)?.Middle, target(load))),
            ],
            comparison.Failures);
    }
}
