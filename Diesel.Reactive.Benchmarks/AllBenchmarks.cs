using System.Diagnostics;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks;

/// <summary>Every benchmark in turn, and which of the design's targets were reached.</summary>
internal static class AllBenchmarks
{
    public const string Usage = "all [--quick] [--write docs/benchmarks.md]";

    const string Targets = "targets";

    public static int Run(string[] arguments)
    {
        Benchmark.RefuseDebugBuild();
        var quick = arguments.Contains("--quick");
        var file = new CommandLine(arguments.Where(argument => argument != "--quick").ToArray(), "--write").Text("--write");
        var document = file is null ? null : new Document(file);
        foreach (var section in Command.Benchmarks.Select(benchmark => benchmark.Name).Append(Targets))
        {
            document?.Require(section);
        }

        var clock = Stopwatch.StartNew();
        var reports = Command.Benchmarks.Select(benchmark => Measured(benchmark, quick, document)).ToList();
        var verdicts = $"""
            {Machine.Description}, in {clock.Elapsed.TotalMinutes:0.#} minutes.

            ```
            {string.Join(' ', ["dotnet run -c Release --project Diesel.Reactive.Benchmarks -- all", .. arguments])}
            ```

            {Verdict.Header}
            {string.Join('\n', reports.SelectMany(report => report.Verdicts))}
            """;
        document?.Write(Targets, verdicts, []);
        Console.WriteLine($"\n# Targets\n\n{verdicts}");
        return Benchmark.Told([.. reports.SelectMany(report => report.Failures)]);
    }

    static Report Measured(Benchmark benchmark, bool quick, Document? document)
    {
        Console.WriteLine($"\n# {benchmark.Name}\n");
        try
        {
            var report = benchmark.Measured(quick);
            Console.WriteLine(report.Text);
            document?.Write(benchmark.Name, report.Text, report.Charts);
            return report;
        }
        catch (NoResultException error)
        {
            return new Report("", [], [], [$"{benchmark.Name}: {error.Message}"]);
        }
    }
}
