using System.Collections.Concurrent;
using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Runs a scenario for many seeds, and tells of the first that fails with as few faults as it can.</summary>
internal sealed class SimulationRuns(IReadOnlyList<int> seeds, Action<Simulation> scenario, SimulationOptions options)
{
    private const int MostFaultsTold = 20;
    private const int MostInstantsDrawn = 60;

    private readonly ConcurrentDictionary<long, Exception> _failures = [];
    private volatile bool _settles;

    public SimulationSummary Run()
    {
        if (seeds.Count == 0)
        {
            throw new ArgumentException("There are no seeds: give at least one.", nameof(seeds));
        }

        var (sum, isCertain) = Once();
        if (!isCertain)
        {
            _failures.Clear();
            (sum, _) = Once();
        }

        return _failures.IsEmpty ? sum : throw Failure(_failures.MinBy(static failure => failure.Key));
    }

    // Not certain: async code turned out late to need to be waited for.
    private (SimulationSummary Sum, bool IsCertain) Once()
    {
        var (sum, gate, watch, settled) = (default(SimulationSummary), new Lock(), new RunWatch(), _settles);
        Parallel.For(0L, seeds.Count, new() { MaxDegreeOfParallelism = options.Parallel }, static () => default(SimulationSummary),
            (index, loop, part) => Add(index, loop, part, watch), part =>
            {
                lock (gate)
                {
                    sum = sum.Plus(part);
                }
            });
        SimulationAttempt.FindUnseen(watch);
        foreach (var (run, error) in watch.Found)
        {
            _failures.TryAdd(run.Number, error);
        }

        _settles |= watch.NeedsSettling;
        return (sum, settled || !_settles);
    }

    private SimulationSummary Add(long index, ParallelLoopState loop, SimulationSummary sum, RunWatch watch)
    {
        var (run, _, error) = SimulationAttempt.Make(seeds[(int)index], scenario, null, watch, _settles, index);
        if (error is not null)
        {
            _failures[index] = error;
        }

        if (error is not null || (watch.NeedsSettling && !_settles))
        {
            // All before this one still run, so that it is always the first that is told.
            loop.Break();
        }

        return sum.Plus(SimulationSummary.Of(run));
    }

    private SimulationFailedException Failure(KeyValuePair<long, Exception> first)
    {
        var (seed, error) = (seeds[(int)first.Key], first.Value);
        var (run, again) = SimulationAttempt.Make(seed, scenario, null, _settles);
        if (again?.GetType() != error.GetType())
        {
            return Otherwise();
        }

        var (all, whole) = (run.Faults, again);
        var shrinking = new Shrinking(all, only => SimulationAttempt.Make(seed, scenario, only, _settles).Error?.GetType() == error.GetType(), options.MaxShrinks);
        var shortest = shrinking.Shortest();
        if (shortest.Count < all.Count)
        {
            (run, again) = SimulationAttempt.Make(seed, scenario, shortest, _settles);
        }

        return again is null ? Otherwise() : new(Text(first.Key, run, again, whole, all.Count, shrinking.Runs), run, again);

        SimulationFailedException Otherwise() => new(
            $"Seed {seed} failed once ({error.GetType().Name}: {error.Message}) and went otherwise when it was run again ({again?.Message ?? "no failure"}). " +
            "The scenario uses something outside the simulation: real time, Random.Shared, or what its runs share. Take all time from " +
            "Scheduler and all chance from Random, and try with Parallel = 1.",
            run,
            error);
    }

    private string Text(long index, Simulation run, Exception error, Exception whole, int all, int runs)
    {
        List<string> lines =
        [
            $"Seed {run.Seed} fails, the first in {index + 1} of {seeds.Count} simulations: {error.GetType().Name}: {error.Message}",
            "",
            run.Network.UnlistedFaults > 0 ? $"More than {all} faults struck, and no fewer were found to be enough ({runs} runs). The first of them:"
                : run.Faults.Count == 0 ? $"It fails without any fault (of {all}; {runs} runs to find that)."
                : $"{run.Faults.Count} of its {all} faults {(run.Faults.Count == 1 ? "is" : "are")} enough ({runs} runs to find that):",
            .. run.Faults.Take(MostFaultsTold).Select(Line),
        ];
        if (run.Faults.Count > MostFaultsTold)
        {
            lines.Add($"  … and {run.Faults.Count - MostFaultsTold} more");
        }

        if (error.Message != whole.Message)
        {
            lines.Add($"With all {all} it fails so: {whole.Message}");
        }

        return string.Join(Environment.NewLine,
            [.. lines, "", .. Picture(run.Rows()), "", .. Reported(run), $"To see it alone: Simulation.Run([{run.Seed}], …)."]);
    }

    // The end is where it went wrong.
    private static string[] Picture(IReadOnlyList<MarbleRow> rows)
    {
        var instants = rows.SelectMany(static row => row.Diagram.Events).Select(static e => e.Time).Distinct().Order().ToArray();
        if (instants.Length <= MostInstantsDrawn)
        {
            return ["What happened then:", "", MarbleTable.Draw(rows)];
        }

        var from = instants[^MostInstantsDrawn];
        var last = rows.Select(row => row with { Diagram = new([.. row.Diagram.Events.Where(e => e.Time >= from)], row.Diagram.Length) });
        return [$"What happened then, the last {MostInstantsDrawn} of {instants.Length} instants (all are in Rows):", "", MarbleTable.Draw([.. last])];
    }

    private static string Line(Fault fault) => string.Create(
        CultureInfo.InvariantCulture, $"  {fault.At.TotalSeconds,12:0.0000} s  {fault.Kind,-11}  {fault.Link}  (number {fault.Ordinal})");

    private static IEnumerable<string> Reported(Simulation run) => run.Recorded()
        .Concat(run.Errors.Select(static error => ("Reported to a hub", error.Exception))).Take(MostFaultsTold)
        .Select(static told => $"{told.Item1}: {told.Item2.GetType().Name}: {told.Item2.Message}");
}
