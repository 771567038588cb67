using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Pipelines;

/// <summary>Many callers over one connection, against a loop that sends the same requests and reads as many bytes.</summary>
internal static class PipelineComparison
{
    const double RateTarget = 0.6;
    const double BytesTarget = 130;

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static Benchmark Benchmark { get; } = new(
        "pipeline",
        "share one connection between many callers",
        ["--rounds", "--seconds", "--warmup", "--callers", "--peers"],
        "[--rounds 5] [--seconds 1] [--warmup 4] [--callers 1000] [--peers NAME,…]",
        Full: "--rounds 5",
        Quick: "--rounds 2 --seconds 0.5 --warmup 2",
        Measure);

    static Report Measure(CommandLine options)
    {
        var server = Servers.Find("pipeline:c");
        if (server.Missing is { } missing)
        {
            throw new NoResultException($"the server cannot run: {missing}");
        }

        var (seconds, warmup, callers) = (options.Seconds("--seconds", 1), options.Seconds("--warmup", 4), options.Int("--callers", 1000));
        var peers = options.Names("--peers", PipelineGenerator.Pipeline, PipelineGenerator.Socket);
        var rounds = Rounds<PipelineResult>.Run(options.Int("--rounds", 5), peers, (round, peer) =>
        {
            var result = Measure(server, peer, seconds, warmup, callers);
            Console.Error.WriteLine($"round {round}, {peer}: {result.Rate:N0}/s, {result.BytesPerCall:0.0} bytes, {result.WritesPerTurn:0.00} writes a turn");
            return result;
        });

        string[] table =
        [
            "| peer | calls/s | × | by CPU × | bytes allocated per call | writes per turn |",
            "|---|--:|--:|--:|--:|--:|",
            .. peers.Select(peer =>
                $"| {peer} | {Number.Text(rounds.Median(peer, r => r.Rate))} | {rounds.RatioOf(peer, PipelineGenerator.Socket, r => r.Rate)?.ToString() ?? "–"} "
                + $"| {rounds.RatioOf(peer, PipelineGenerator.Socket, r => r.Rate / r.Cpu)?.ToString() ?? "–"} "
                + $"| {Number.Text(rounds.Median(peer, r => r.BytesPerCall))} | {Number.Text(rounds.Median(peer, r => r.WritesPerTurn))} |"),
            "",
            $"The server is in C, with -O3: it looks each request's number up and answers with a line of {PipelineLoad.ReplyLength} bytes. {callers:N0} loops each `await` one reply after the other over one `Pipeline`, and check it; `socket` is a blocking socket that "
            + "keeps as many requests under way, and looks at no reply. × are against it, within the round. The bytes are those of call and `await`, without the reply's own; the loops' "
            + "state is made once. Writes are counted in a turn that writes at all.",
        ];
        return new Report(
            string.Join('\n', table),
            [
                new BarChart("pipeline.svg", "Calls over one connection", "thousand calls a second", [
                    BarGroup.Of("", peers.Select(peer => (peer, rounds.Median(peer, r => r.Rate / 1000)))),
                ]),
            ],
            [
                new Verdict($"{callers:N0} callers over one pipeline", PipelineGenerator.Socket, rounds.RatioOf(PipelineGenerator.Pipeline, PipelineGenerator.Socket, r => r.Rate)?.Middle, RateTarget),
                new Verdict("bytes allocated for a call", "–", rounds.Median(PipelineGenerator.Pipeline, r => r.BytesPerCall), BytesTarget, IsAtMost: true, "bytes"),
                new Verdict("writes of a turn", "–", rounds.Median(PipelineGenerator.Pipeline, r => r.WritesPerTurn), 2, IsAtMost: true, "writes"),
            ],
            []);
    }

    static PipelineResult Measure(ServerProgram server, string peer, double seconds, double warmup, int callers)
    {
        using var process = new PinnedProcess(place: 0, server.Command);
        var listening = process.ReadLine(Deadline);
        using var generator = new PinnedProcess(
            place: 1,
            [
                .. PinnedProcess.ThisProgram, "load-pipeline", peer,
                "--port", listening[(listening.LastIndexOf(':') + 1)..],
                "--seconds", Number.Plain(seconds),
                "--warmup", Number.Plain(warmup),
                "--callers", Number.Plain(callers),
            ]);
        return PipelineResult.Parse(generator.ReadLine(Deadline + TimeSpan.FromSeconds(seconds + warmup)));
    }
}
