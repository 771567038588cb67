using System.Collections.Concurrent;
using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Runs a scenario for many seeds, and tells of the first that fails with as few faults as it can.</summary>
internal sealed class SimulationRuns(IReadOnlyList<int> seeds, Action<Simulation> scenario, SimulationOptions options, string name)
{
    private readonly ConcurrentDictionary<long, Exception> _failures = [];
    private volatile bool _settles;

    public SimulationSummary Run()
    {
        if (seeds.Count == 0)
        {
            throw new ArgumentException("There are no seeds: give at least one.", nameof(seeds));
        }

        var sum = default(SimulationSummary);
        for (var from = 0; from < seeds.Count && _failures.IsEmpty;)
        {
            var to = options.StopAfter is { } few && few < seeds.Count - from ? from + few : seeds.Count;
            var (more, isCertain) = Once(from, to);
            if (!isCertain)
            {
                _failures.Clear();
                (more, _) = Once(from, to);
            }

            var before = (sum.States.Count, sum.Edges.Count);
            sum = sum.Plus(more);
            from = options.StopAfter is not null && before == (sum.States.Count, sum.Edges.Count) ? seeds.Count : to;
        }

        return _failures.IsEmpty ? sum : throw Failure(_failures.MinBy(static failure => failure.Key));
    }

    // Not certain: async code turned out late to need to be waited for.
    private (SimulationSummary Sum, bool IsCertain) Once(int from, int to)
    {
        var (sum, gate, watch, settled) = (default(SimulationSummary), new Lock(), new RunWatch(), _settles);
        Parallel.For((long)from, to, new() { MaxDegreeOfParallelism = options.Parallel }, static () => default(SimulationSummary),
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
        if (error is null && options.Twice)
        {
            var (again, _, otherwise) = SimulationAttempt.Make(seeds[(int)index], scenario, null, watch, _settles, index);
            error = Compare(run, again, otherwise);
        }

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
        if (error is TwoWaysException)
        {
            return new(string.Create(CultureInfo.InvariantCulture, $"Seed {seed} {error.Message}"), run, error);
        }

        if (again?.GetType() != error.GetType())
        {
            return Otherwise();
        }

        var (all, whole) = (run.Faults, again);
        var shrinking = new Shrinking(all, only => SimulationAttempt.Make(seed, scenario, only, _settles).Error?.GetType() == error.GetType(), options.MaxShrinks);
        var least = shrinking.Least();
        if (!least.SequenceEqual(all))
        {
            (run, again) = SimulationAttempt.Make(seed, scenario, least, _settles);
        }

        return again is null ? Otherwise() : new(
            new SimulationReport(run, name).Of($"Seed {seed} fails, the first in {first.Key + 1} of {seeds.Count} simulations", again, whole, all.Count, shrinking.Runs), run, again);

        SimulationFailedException Otherwise() => new(
            $"Seed {seed} failed once ({error.GetType().Name}: {error.Message}) and went otherwise when it was run again ({again?.Message ?? "no failure"}). " +
            TwoWaysException.Advice,
            run,
            error);
    }

    private static TwoWaysException? Compare(Simulation run, Simulation again, Exception? error) =>
        error is not null ? new($"went otherwise when it was run again: {error.GetType().Name}: {error.Message}")
        : FirstDifference([.. run.Rows.Lines()], [.. again.Rows.Lines()]) is { } difference ? new(difference)
        : null;

    private static string? FirstDifference(string[] one, string[] other)
    {
        var at = one.Zip(other).TakeWhile(static pair => pair.First == pair.Second).Count();
        return at == one.Length && at == other.Length ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"went otherwise when it was run again, first in line {at + 1} of what it told and sent:{Environment.NewLine}  first: {one.ElementAtOrDefault(at)}{Environment.NewLine}  then:  {other.ElementAtOrDefault(at)}");
    }

    /// <summary>Two runs of one seed differ.</summary>
    private sealed class TwoWaysException(string how) : Exception($"{how}{Environment.NewLine}{Advice}")
    {
        public const string Advice = "The scenario uses something outside the simulation: real time, Random.Shared, or what its runs share. Take all time from "
            + "Scheduler and all chance from Random, and try with Parallel = 1.";
    }
}
