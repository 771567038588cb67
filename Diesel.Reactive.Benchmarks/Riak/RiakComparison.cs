using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Riak;

/// <summary>Clients of Riak, which ask the node in memory.</summary>
internal static class RiakComparison
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Benchmark Benchmark { get; } = new(
        "riak",
        "ask a node of Riak in memory over eight connections",
        ["--rounds", "--seconds", "--warmup"],
        "[--rounds 5] [--seconds 1] [--warmup 3]",
        Full: "--rounds 5",
        Quick: "--rounds 1 --seconds 0.5 --warmup 1",
        Measure);

    static Report Measure(CommandLine options)
    {
        var (rounds, seconds, warmup) = (options.Int("--rounds", 5), options.Seconds("--seconds", 1), options.Seconds("--warmup", 3));
        using var server = new PinnedProcess(place: 0, Servers.Find("riak").Command);
        var listening = server.ReadLine(Deadline);
        var port = int.Parse(listening[(listening.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        RiakLoad.Store(port).GetAwaiter().GetResult();
        string[] peers = [RiakResult.Diesel, RiakResult.Protobuf];
        var results = Rounds<RiakResult>.Run(rounds, peers, (round, peer) =>
        {
            using var load = new PinnedProcess(
                place: 1, [.. PinnedProcess.ThisProgram, "load-riak", peer, "--port", Number.Plain(port), "--seconds", Number.Plain(seconds), "--warmup", Number.Plain(warmup)]);
            var result = RiakResult.Parse(load.ReadLine(Deadline + TimeSpan.FromSeconds(seconds + warmup)));
            Console.Error.WriteLine($"round {round}, {peer}: {result.Rate:N0}/s, {result.Cpu:0.00} µs, {result.Bytes:N0} bytes");
            return result;
        });
        return new Report(
            string.Join('\n', [
                "| | values a second | µs of the client's CPU | bytes it allocates |", "|---|--:|--:|--:|",
                .. peers.Select(peer => $"| {peer} | {Number.Text(results.Median(peer, static r => r.Rate))} | {Number.Text(results.Median(peer, static r => r.Cpu))} | {Number.Text(results.Median(peer, static r => r.Bytes))} |"),
                "",
                $"Values of {RiakLoad.Length} bytes, {RiakLoad.Callers} callers over {RiakLoad.Connections} connections, loopback; the node in memory on one core, the client on another. `{RiakResult.Protobuf}` is the straightforward program: "
                + "streams of sockets that are lent, a header and a body for each reply, Google.Protobuf.",
            ]),
            [],
            [
                new Verdict("riak: gets of 1 KiB, by CPU", RiakResult.Protobuf, results.RatioOf(RiakResult.Protobuf, RiakResult.Diesel, static r => r.Cpu)?.Middle, 1.5),
                new Verdict("riak: gets of 1 KiB", RiakResult.Protobuf, results.RatioOf(RiakResult.Diesel, RiakResult.Protobuf, static r => r.Rate)?.Middle, 1.5),
                new Verdict("riak: allocated for each", RiakResult.Protobuf, results.RatioOf(RiakResult.Diesel, RiakResult.Protobuf, static r => r.Bytes)?.Middle, 0.7, IsAtMost: true),
            ],
            []);
    }
}
