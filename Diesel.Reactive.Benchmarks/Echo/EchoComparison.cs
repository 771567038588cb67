using System.Diagnostics;
using System.Globalization;
using Diesel.Reactive.Benchmarks.Echo.Peers;

namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>
/// Runs the peers by turns, A B C, A B C, each time with a fresh server process, so that whatever else the machine
/// does meets all of them alike; and reports medians.
/// </summary>
internal sealed class EchoComparison
{
    public const string Usage =
        "echo [--rounds 5] [--seconds 2] [--warmup 1.5] [--connections 64,1000] [--depth 1,16] [--peers NAME,…] "
        + "[--write docs/benchmarks.md]";

    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    static readonly TimeSpan LoadGrace = TimeSpan.FromSeconds(20);

    // What others may use of a core before a run is repeated, and how often it is run at most.
    const double Disturbance = 0.05;
    const int Attempts = 3;

    readonly int _rounds;
    readonly double _seconds;
    readonly double _warmup;
    readonly string[] _peers;
    readonly List<string> _failures = [];

    EchoComparison(CommandLine options)
    {
        _rounds = options.Int("--rounds", 5);
        _seconds = options.Seconds("--seconds", 2);
        _warmup = options.Seconds("--warmup", 1.5);
        _peers = [.. options.Names("--peers", EchoServer.Names).Select(name => EchoServer.Find(name).Name)];
    }

    public static int Run(string[] arguments)
    {
        RefuseDebugBuild();
        var options = new CommandLine(
            arguments, "--rounds", "--seconds", "--warmup", "--connections", "--depth", "--peers", "--write");
        var comparison = new EchoComparison(options);
        var file = options.Text("--write");
        if (file is not null)
        {
            EchoReport.AroundSection(file);
        }

        Console.Error.WriteLine(CpuPinning.Description);

        var loads =
            from connections in options.Ints("--connections", 64, 1000)
            from depth in options.Ints("--depth", 1, 16)
            select new Load(connections, depth);
        var report = new EchoReport(arguments, loads.SelectMany(comparison.Compare).ToList());
        Console.WriteLine(report);
        if (file is not null)
        {
            report.WriteTo(file);
        }

        return comparison.Failed();
    }

    IEnumerable<EchoRow> Compare(Load load)
    {
        var rounds = Enumerable.Range(1, _rounds)
            .Select(round => _peers.ToDictionary(peer => peer, peer => Attempt(round, peer, load)))
            .ToList();
        return _peers.Select(peer => new EchoRow(peer, load, rounds));
    }

    LoadResult? Attempt(int round, string peer, Load load)
    {
        var label = $"round {round}/{_rounds}, {peer}, {load.Connections} connections, depth {load.Depth}";
        try
        {
            var result = MeasureUndisturbed(peer, load);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{label}: {result.Rate:N0}/s, server {result.ServerCpu:P0}, others {result.StrangerCpu:P0}"));
            return result;
        }
        catch (EchoFailedException error)
        {
            _failures.Add($"{label}: {error.Message}");
            Console.Error.WriteLine(_failures[^1]);
            return null;
        }
    }

    LoadResult MeasureUndisturbed(string peer, Load load)
    {
        var calmest = Measure(peer, load);
        for (var attempt = 1; attempt < Attempts && calmest.StrangerCpu > Disturbance; attempt++)
        {
            var again = Measure(peer, load);
            calmest = again.StrangerCpu < calmest.StrangerCpu ? again : calmest;
        }

        return calmest;
    }

    LoadResult Measure(string peer, Load load)
    {
        using var server = new ChildProcess(place: 0, "serve", peer, "--port", "0");
        var listening = server.ReadLine(StartDeadline);
        using var generator = new ChildProcess(
            place: 1,
            "load",
            "--port", listening[(listening.LastIndexOf(':') + 1)..],
            "--connections", Text(load.Connections),
            "--depth", Text(load.Depth),
            "--seconds", Text(_seconds),
            "--warmup", Text(_warmup),
            "--server", Text(server.Id));
        return LoadResult.Parse(generator.ReadLine(LoadGrace + TimeSpan.FromSeconds(_warmup + _seconds)));
    }

    [Conditional("DEBUG")]
    static void RefuseDebugBuild() => throw new UsageException("a Debug build measures nothing: add -c Release");

    int Failed()
    {
        _failures.ForEach(failure => Console.Error.WriteLine($"failed: {failure}"));
        return _failures.Count == 0 ? 0 : 1;
    }

    static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>How the peers are loaded in one comparison.</summary>
internal sealed record Load(int Connections, int Depth);
