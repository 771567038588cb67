using System.Globalization;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.MongoDB;

/// <summary>Clients of MongoDB, with the server in memory of this library in another process.</summary>
internal static class MongoComparison
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Benchmark Benchmark { get; } = new(
        "mongodb",
        "ask a server of MongoDB",
        ["--rounds", "--seconds", "--warmup", "--workloads", "--peers"],
        "[--rounds 3] [--seconds 3] [--warmup 16] [--workloads find64,…] [--peers NAME,…]",
        Full: "--rounds 3",
        Quick: "--rounds 1 --seconds 0.5 --warmup 1 --workloads find64",
        Measure);

    // On one core the driver is compiled for long: after four seconds it does a third of what it does after sixteen.
    static Report Measure(CommandLine options)
    {
        var (rounds, seconds, warmup) = (options.Int("--rounds", 3), options.Seconds("--seconds", 3), options.Seconds("--warmup", 16));
        var peers = options.Names("--peers", MongoResult.Diesel, MongoResult.Driver);
        MongoWorkload[] workloads = [.. options.Names("--workloads", [.. MongoWorkload.All.Select(static one => one.Name)]).Select(MongoWorkload.Find)];
        using var server = new PinnedProcess(place: 0, Servers.Find("mongodb:diesel").Command);
        var listening = server.ReadLine(Deadline);
        var port = int.Parse(listening[(listening.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        var all = workloads.Select(workload => (Workload: workload, Rounds: Rounds<MongoResult>.Run(rounds, peers, (round, peer) =>
        {
            using var generator = new PinnedProcess(
                place: 1,
                [
                    .. PinnedProcess.ThisProgram, "load-mongodb", peer, "--port", Number.Plain(port), "--workload", workload.Name, "--seconds", Number.Plain(seconds), "--warmup", Number.Plain(warmup),
                ]);
            var result = MongoResult.Parse(generator.ReadLine(Deadline + TimeSpan.FromSeconds(seconds + warmup)));
            Console.Error.WriteLine($"{workload.Name}, round {round}, {peer}: {result.Rate:N0}/s, {result.Cpu:0.00} µs, {result.Bytes:N0} bytes");
            return result;
        }))).ToArray();
        return new Report(string.Join('\n', Table(peers, all)), [], [.. all.SelectMany(static one => Verdicts(one.Workload, one.Rounds))], []);
    }

    static string[] Table(string[] peers, (MongoWorkload Workload, Rounds<MongoResult> Rounds)[] all) =>
    [
        $"| documents a second | {string.Join(" | ", peers)} |",
        $"|---|{string.Concat(peers.Select(static _ => "--:|"))}",
        .. all.Select(one => $"| {one.Workload.Text} | {string.Join(" | ", peers.Select(peer => $"{Number.Text(one.Rounds.Median(peer, static r => r.Rate))} × {one.Rounds.RatioOf(peer, MongoResult.Driver, static r => r.Rate)?.ToString() ?? "–"}"))} |"),
        "",
        $"| µs of the client's CPU, bytes it allocates per document | {string.Join(" | ", peers)} |",
        $"|---|{string.Concat(peers.Select(static _ => "--:|"))}",
        .. all.Select(one => $"| {one.Workload.Text} | {string.Join(" | ", peers.Select(peer => $"{Number.Text(one.Rounds.Median(peer, static r => r.Cpu))}, {Number.Text(one.Rounds.Median(peer, static r => r.Bytes))}"))} |"),
        "",
        "`MongoService` on one core, the client on another, loopback. × are against MongoDB.Driver, within the round. No server of MongoDB's own could be had: where the service is the slower of the two, the client's CPU says more than the rate.",
    ];

    static IEnumerable<Verdict> Verdicts(MongoWorkload workload, Rounds<MongoResult> rounds)
    {
        yield return new Verdict($"mongodb: {workload.Text}", MongoResult.Driver, rounds.RatioOf(MongoResult.Diesel, MongoResult.Driver, static r => r.Rate)?.Middle, workload.Target);
        if (workload.Asking == MongoAsking.Find)
        {
            yield return new Verdict($"mongodb: {workload.Text}, allocated", MongoResult.Driver, rounds.RatioOf(MongoResult.Diesel, MongoResult.Driver, static r => r.Bytes)?.Middle, 0.33, IsAtMost: true);
        }
    }
}
