using System.Globalization;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>
/// Puts servers under the same load by turns, each time in a fresh process, pinned to one core with the generator on
/// another. A turn that others disturbed is run again.
/// </summary>
internal sealed class LoadComparison
{
    public const string Usage = "[--rounds 5] [--seconds 2] [--warmup 4] [--attempts 3] [--peers NAME,…]";

    /// <summary>What others may use of a core before a run is repeated, or its number doubted.</summary>
    public const double Disturbance = 0.05;

    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    static readonly TimeSpan LoadGrace = TimeSpan.FromSeconds(20);

    readonly int _rounds;
    readonly double _seconds;
    readonly double _warmup;
    readonly int _attempts;
    readonly IReadOnlyList<ServerProgram> _servers;
    readonly List<string> _failures = [];

    public LoadComparison(CommandLine options, string prefix, params string[] peers)
    {
        _rounds = options.Int("--rounds", 5);
        _seconds = options.Seconds("--seconds", 2);
        _warmup = options.Seconds("--warmup", 4);
        _attempts = options.Int("--attempts", 3);
        var wanted = options.Names("--peers", peers).Select(name => (Name: name, Server: Servers.Find(prefix + name))).ToList();
        Missing = [.. from peer in wanted where peer.Server.Missing is not null select $"{peer.Name}: {peer.Server.Missing}"];
        var present = wanted.Where(peer => peer.Server.Missing is null).ToList();
        (Peers, _servers) = ([.. present.Select(peer => peer.Name)], [.. present.Select(peer => peer.Server)]);
        foreach (var missing in Missing)
        {
            Console.Error.WriteLine($"skipped {missing}");
        }

        Console.Error.WriteLine(CpuPinning.Description);
    }

    public static string[] Options => ["--rounds", "--seconds", "--warmup", "--attempts", "--peers"];

    public IReadOnlyList<string> Peers { get; }

    /// <summary>Peers that cannot run here, and why.</summary>
    public IReadOnlyList<string> Missing { get; }

    public IReadOnlyList<string> Failures => _failures;

    public int RoundCount => _rounds;

    /// <summary>The sentence for the report; empty when nobody is missing.</summary>
    public string Absentees => Missing.Count == 0 ? "" : $"Not measured here: {string.Join("; ", Missing)}.\n\n";

    public Rounds<LoadResult> Compare(Load load) =>
        Rounds<LoadResult>.Run(_rounds, Peers, (round, peer) => Attempt(round, peer, load));

    /// <summary>One turn of one peer; null where it failed, which is told in the end.</summary>
    public LoadResult? Attempt(int round, string peer, Load load)
    {
        var label = $"round {round}/{_rounds}, {peer}, {load.Label}";
        try
        {
            var result = MeasureUndisturbed(peer, load);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{label}: {result.Rate:N0}/s, server {result.ServerCpu:P0}, others {result.StrangerCpu:P0}"));
            return result;
        }
        catch (NoResultException error)
        {
            _failures.Add($"{label}: {error.Message}");
            Console.Error.WriteLine(_failures[^1]);
            return null;
        }
    }

    LoadResult MeasureUndisturbed(string peer, Load load)
    {
        var calmest = Measure(peer, load);
        for (var attempt = 1; attempt < _attempts && calmest.StrangerCpu > Disturbance; attempt++)
        {
            var again = Measure(peer, load);
            calmest = again.StrangerCpu < calmest.StrangerCpu ? again : calmest;
        }

        return calmest;
    }

    LoadResult Measure(string peer, Load load)
    {
        using var server = new PinnedProcess(load.IsPinned ? 0 : null, _servers[Peers.ToList().IndexOf(peer)].Command);
        var listening = server.ReadLine(StartDeadline);
        using var generator = new PinnedProcess(
            load.IsPinned ? 1 : null,
            [
                .. PinnedProcess.ThisProgram, load.Command,
                "--port", listening[(listening.LastIndexOf(':') + 1)..],
                "--seconds", Number.Plain(_seconds),
                "--warmup", Number.Plain(_warmup),
                "--server", Number.Plain(server.Id),
                .. load.Arguments,
            ]);
        return LoadResult.Parse(generator.ReadLine(LoadGrace + TimeSpan.FromSeconds(_warmup + _seconds)));
    }
}

/// <summary>A command of this program that drives a server, its arguments, and what the progress calls it.</summary>
internal sealed record Load(string Label, string Command, params string[] Arguments)
{
    /// <summary>Whether server and generator have a core each; else both may use all, as programs do that are left alone.</summary>
    public bool IsPinned { get; init; } = true;
}
