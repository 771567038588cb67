using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks;

/// <summary>Every benchmark in turn.</summary>
internal static class AllBenchmarks
{
    public const string Usage = "all [--quick] [--write docs/benchmarks.md]";

    /// <returns>The exit code: of the first that failed, but the others are run as well.</returns>
    public static int Run(string[] arguments)
    {
        var quick = arguments.Contains("--quick");
        var file = new CommandLine(arguments.Where(argument => argument != "--quick").ToArray(), "--write").Text("--write");
        var document = file is null ? null : new Document(file);
        foreach (var benchmark in Command.Benchmarks)
        {
            // Now, and not when hours have been measured.
            document?.Require(benchmark.Name);
        }

        return Command.Benchmarks.Select(benchmark => Measured(benchmark, quick, file)).ToList().FirstOrDefault(code => code != 0);
    }

    static int Measured(Benchmark benchmark, bool quick, string? file)
    {
        Console.WriteLine($"\n# {benchmark.Name}\n");
        try
        {
            return benchmark.Run(quick, file);
        }
        catch (NoResultException error)
        {
            Console.Error.WriteLine($"failed: {benchmark.Name}: {error.Message}");
            return 1;
        }
    }
}
