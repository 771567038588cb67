using System.Globalization;

namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>
/// No lost wake-up, no stuck write: random sizes, half-closes, resets and slow readers, and every byte accounted for.
/// </summary>
internal static class StressTest
{
    public const string Usage = "stress [--seconds 60] [--connections 1000] [--loops epoll,portable] [--seed N]";

    const int MostDefectsShown = 20;
    const string Descriptors = "/proc/self/fd";

    static readonly TimeSpan SocketPatience = TimeSpan.FromSeconds(5);
    static readonly string[] Loops = ["epoll", "portable"];

    public static int Run(string[] arguments)
    {
        var options = new CommandLine(arguments, "--seconds", "--connections", "--loops", "--seed");
        var loops = options.Names("--loops", Loops);
        var seed = options.Int("--seed", Random.Shared.Next(1, int.MaxValue));
        var connections = options.Int("--connections", 1000);
        var each = TimeSpan.FromSeconds(options.Seconds("--seconds", 60) / loops.Length);
        if (loops.Except(Loops).FirstOrDefault() is { } unknown)
        {
            throw new UsageException($"unknown loop '{unknown}'; known: {string.Join(", ", Loops)}");
        }

        return loops.Select(loop => Run(loop, seed, connections, each)).ToList().Sum() == 0 ? 0 : 1;
    }

    /// <summary>The number of defects, all of them told.</summary>
    static int Run(string loop, int seed, int connections, TimeSpan duration)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{loop}: {connections} connections at a time for {duration.TotalSeconds:0.#} s, --seed {seed}"));
        var before = OpenSockets();
        List<string> defects;
        using (var run = new StressRun(loop == "portable", seed))
        {
            defects = [.. run.Run(connections, duration)];
            Console.WriteLine(run);
        }

        if (LeftOpen(before) is > 0 and var left)
        {
            defects.Add($"{left} more sockets are open than before");
        }

        defects.Take(MostDefectsShown).ToList().ForEach(defect => Console.WriteLine($"  DEFECT {defect}"));
        Console.WriteLine(defects.Count == 0 ? $"{loop}: every byte accounted for" : $"{loop}: {defects.Count} defects");
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
