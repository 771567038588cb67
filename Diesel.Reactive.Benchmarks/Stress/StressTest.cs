using System.Globalization;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>
/// No lost wake-up, no stuck write: random sizes, half-closes, resets and slow readers, and every byte accounted for.
/// </summary>
internal static class StressTest
{
    const int MostDefectsShown = 20;
    const string Descriptors = "/proc/self/fd";

    static readonly TimeSpan SocketPatience = TimeSpan.FromSeconds(5);
    static readonly string[] Loops = ["epoll", "portable"];

    public static Benchmark Benchmark { get; } = new(
        "stress",
        "try to lose a byte or a wake-up",
        ["--seconds", "--connections", "--loops", "--seed"],
        "[--seconds 60] [--connections 1000] [--loops epoll,portable] [--seed N]",
        Full: "--seconds 60",
        Quick: "--seconds 16",
        Measure);

    static Report Measure(CommandLine options)
    {
        var loops = options.Names("--loops", Loops);
        var seed = options.Int("--seed", Random.Shared.Next(1, int.MaxValue));
        var connections = options.Int("--connections", 1000);
        var each = TimeSpan.FromSeconds(options.Seconds("--seconds", 60) / loops.Length);
        if (loops.Except(Loops).FirstOrDefault() is { } unknown)
        {
            throw new UsageException($"unknown loop '{unknown}'; known: {string.Join(", ", Loops)}");
        }

        var text = new StringBuilder("```\n");
        var defects = loops.Sum(loop => Run(loop, seed, connections, each, text));
        return new Report(
            text.Append("```\n").ToString(),
            [],
            [new Verdict("stress: bytes or connections not accounted for", "–", defects, 0, IsAtMost: true, "defects")],
            defects == 0 ? [] : [$"stress found {defects} defects; repeat with --seed {seed}"]);
    }

    /// <summary>The number of defects, all of them told.</summary>
    static int Run(string loop, int seed, int connections, TimeSpan duration, StringBuilder text)
    {
        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"{loop}: {connections} connections at a time for {duration.TotalSeconds:0.#} s, --seed {seed}");
        Console.Error.WriteLine(title);
        text.Append(title).Append('\n');
        var before = OpenSockets();
        List<string> defects;
        using (var run = new StressRun(loop == "portable", seed))
        {
            defects = [.. run.Run(connections, duration)];
            text.Append(run).Append('\n');
        }

        if (LeftOpen(before) is > 0 and var left)
        {
            MemoryUse.Settled();
            var lost = LeftOpen(before);
            text.Append(CultureInfo.InvariantCulture, $"  {left - lost} sockets were left to the finalizer\n");
            defects.AddRange(lost > 0 ? [$"{lost} more sockets are open than before"] : Array.Empty<string>());
        }

        foreach (var defect in defects.Take(MostDefectsShown))
        {
            Console.Error.WriteLine($"DEFECT {defect}");
            text.Append("  DEFECT ").Append(defect).Append('\n');
        }

        text.Append(defects.Count == 0 ? "  every byte accounted for\n" : $"  {defects.Count} defects\n");
        return defects.Count;
    }

    static int LeftOpen(int before)
    {
        SpinWait.SpinUntil(() => OpenSockets() <= before, SocketPatience);
        return OpenSockets() - before;
    }

    static int OpenSockets() =>
        Directory.Exists(Descriptors)
            ? Directory.GetFiles(Descriptors).Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
            : 0;
}
