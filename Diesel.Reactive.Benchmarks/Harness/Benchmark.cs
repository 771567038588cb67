using System.Diagnostics;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>
/// A command that measures and reports: prints its section, and writes it into a document where <c>--write</c> asks for it.
/// </summary>
/// <param name="Name">Of the command, and of its section in the document.</param>
/// <param name="Summary">One phrase for the help.</param>
/// <param name="Options">What <see cref="Measure"/> understands.</param>
/// <param name="Usage">The options with their defaults.</param>
/// <param name="Full">The arguments for <c>all</c>.</param>
/// <param name="Quick">The arguments for <c>all --quick</c>.</param>
/// <param name="Measure">Does it.</param>
internal sealed record Benchmark(
    string Name, string Summary, string[] Options, string Usage, string Full, string Quick, Func<CommandLine, Report> Measure)
{
    public Command ToCommand() => new(Name, $"{Summary}: {Name} {Usage} [--write docs/benchmarks.md]", Run);

    /// <summary>Measures with the arguments of <c>all</c>.</summary>
    /// <param name="quick">Less, and sooner.</param>
    /// <param name="file">The document to write into; null for none.</param>
    /// <returns>The exit code.</returns>
    public int Run(bool quick, string? file) =>
        Run([.. (quick ? Quick : Full).Split(' ', StringSplitOptions.RemoveEmptyEntries), .. file is null ? Array.Empty<string>() : ["--write", file]]);

    public int Run(string[] arguments)
    {
        RefuseDebugBuild();
        var document = new CommandLine(arguments, [.. Options, "--write"]).Text("--write") is { } file ? new Document(file) : null;
        document?.Require(Name);
        var report = Measured(arguments);
        Console.WriteLine(report.Text);
        if (report.Verdicts.Count > 0)
        {
            Console.WriteLine($"\n{Verdict.Header}\n{string.Join('\n', report.Verdicts.Select(verdict => verdict.Row(Name)))}");
        }

        document?.Write(Name, report.Text, report.Charts);
        document?.WriteTargets(Name, report.Verdicts, [.. Command.Benchmarks.Select(benchmark => benchmark.Name)]);
        foreach (var failure in report.Failures)
        {
            Console.Error.WriteLine($"failed: {failure}");
        }

        return report.Failures.Count == 0 ? 0 : 1;
    }

    [Conditional("DEBUG")]
    public static void RefuseDebugBuild() => throw new UsageException("a Debug build measures nothing: add -c Release");

    Report Measured(string[] arguments)
    {
        var report = Measure(new CommandLine(arguments, [.. Options, "--write"]));
        string[] header =
        [
            $"{Machine.Description}.",
            "",
            "```",
            string.Join(' ', ["dotnet run -c Release --project Diesel.Reactive.Benchmarks --", Name, .. arguments]),
            "```",
            "",
        ];
        return report with { Text = string.Join('\n', [.. header, report.Text]) };
    }
}
