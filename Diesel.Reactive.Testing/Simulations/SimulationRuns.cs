using System.Collections.Concurrent;

namespace Diesel.Reactive.Testing;

/// <summary>Runs a scenario for many seeds, and tells of the first that fails with as few faults as it can.</summary>
internal sealed class SimulationRuns(IReadOnlyList<int> seeds, Action<Simulation> scenario, SimulationOptions options)
{
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

        return again is null ? Otherwise() : new(
            SimulationReport.Of($"Seed {seed} fails, the first in {first.Key + 1} of {seeds.Count} simulations", run, again, whole, all.Count, shrinking.Runs), run, again);

        SimulationFailedException Otherwise() => new(
            $"Seed {seed} failed once ({error.GetType().Name}: {error.Message}) and went otherwise when it was run again ({again?.Message ?? "no failure"}). " +
            "The scenario uses something outside the simulation: real time, Random.Shared, or what its runs share. Take all time from " +
            "Scheduler and all chance from Random, and try with Parallel = 1.",
            run,
            error);
    }
}
