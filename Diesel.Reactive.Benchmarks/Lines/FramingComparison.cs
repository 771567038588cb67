using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Lines;

/// <summary>What a line costs that is in memory already.</summary>
internal static class FramingComparison
{
    const double AwaitedTarget = 100;

    public static Benchmark Benchmark { get; } = new(
        "framing",
        "take lines of 64 bytes out of what was received",
        ["--rounds", "--lines", "--peers"],
        "[--rounds 7] [--lines 10000000] [--peers NAME,…]",
        Full: "--rounds 7",
        Quick: "--rounds 3 --lines 2000000",
        Measure);

    static Report Measure(CommandLine options)
    {
        var chunks = Math.Max(1, options.Int("--lines", 10_000_000) / LineReaders.LinesPerChunk);
        var peers = options.Names("--peers", LineReaders.Names);
        var readers = peers.ToDictionary(peer => peer, LineReaders.Make);
        foreach (var peer in peers)
        {
            // Twice with a pause: the runtime compiles in the background what turns out to be hot.
            Measure(readers[peer], chunks / 4);
            Thread.Sleep(200);
            Measure(readers[peer], chunks / 4);
        }

        var rounds = Rounds<LineCost>.Run(options.Int("--rounds", 7), peers, (round, peer) =>
        {
            var cost = Measure(readers[peer], chunks);
            Console.Error.WriteLine($"round {round}, {peer}: {cost.Nanoseconds:0.0} ns, {cost.Bytes:0.00} bytes");
            return cost;
        });

        string[] table =
        [
            "| peer | ns per line | × PipeReader | × PipeReader by line | bytes allocated per line |",
            "|---|--:|--:|--:|--:|",
            .. peers.Select(peer =>
                $"| {peer} | {Number.Text(rounds.Median(peer, c => c.Nanoseconds))} | {Against(peer, LineReaders.Pipe)} "
                + $"| {Against(peer, LineReaders.PipeByLine)} | {Number.Text(rounds.Median(peer, c => c.Bytes))} |"),
            "",
            $"Chunks of {LineReaders.LinesPerChunk} lines that are in memory already, so nothing here is the kernel's. `diesel streamed` is `UntilEol` on a connection, "
            + "`diesel awaited` is `await connection.Read(Framing.UntilEol())`, `diesel operator` is `UntilEol` on any observable of bytes, `PipeReader` is pipelines with "
            + "`SequenceReader` and one `await` for each chunk, `by line` one with an `await` for each line, as a conversation reads. × is how many times as fast, within the round.",
        ];
        return new Report(
            string.Join('\n', table),
            [
                new BarChart("framing.svg", "A line of 64 bytes that is in memory", "ns", [
                    BarGroup.Of("", peers.Select(peer => (peer, rounds.Median(peer, c => c.Nanoseconds)))),
                ]),
            ],
            [
                .. Faster("diesel streamed", LineReaders.Pipe),
                .. Faster("diesel operator", LineReaders.Pipe),
                .. Faster("diesel awaited", LineReaders.PipeByLine),
                new Verdict("bytes allocated for a streamed line", "–", rounds.Median("diesel streamed", c => c.Bytes), 0, IsAtMost: true, "bytes"),
                new Verdict("bytes allocated for an awaited line", "–", rounds.Median("diesel awaited", c => c.Bytes), AwaitedTarget, IsAtMost: true, "bytes"),
            ],
            []);

        string Against(string peer, string other) => rounds.RatioOf(peer, other, c => 1 / c.Nanoseconds)?.ToString() ?? "–";

        IEnumerable<Verdict> Faster(string peer, string other) =>
            rounds.RatioOf(peer, other, c => 1 / c.Nanoseconds) is { } ratio
                ? [new Verdict($"lines taken, {peer}", other, ratio.Middle, 1, IsAtMost: false, "×")]
                : [];
    }

    static LineCost Measure((Action ReadChunk, Func<long> Sum) reader, int chunks)
    {
        var sum = reader.Sum();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < chunks; i++)
        {
            reader.ReadChunk();
        }

        var elapsed = clock.Elapsed;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (reader.Sum() - sum != (long)chunks * LineReaders.ChunkLength)
        {
            throw new NoResultException("lines were lost");
        }

        var lines = (double)chunks * LineReaders.LinesPerChunk;
        return new LineCost(elapsed.TotalNanoseconds / lines, Math.Round(allocated / lines, 2));
    }

    sealed record LineCost(double Nanoseconds, double Bytes);
}
