namespace Diesel.Reactive.Testing;

/// <summary>Runs of one seed, and what became of them.</summary>
internal static class SimulationAttempt
{
    /// <summary>Runs a seed alone, to the end of all it began.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="scenario">What to run.</param>
    /// <param name="only">The only faults that may strike; null: all.</param>
    /// <param name="settles">Whether it is known that async code must be waited for.</param>
    public static (Simulation Run, Exception? Error) Make(int seed, Action<Simulation> scenario, IReadOnlyCollection<Fault>? only = null, bool settles = false)
    {
        var watch = new RunWatch();
        while (true)
        {
            var (run, carrier, error) = Make(seed, scenario, only, watch, settles);
            if (error is null)
            {
                FindUnseen(watch);
                error = watch.Of(carrier);
            }

            if (settles || !watch.NeedsSettling)
            {
                return (run, error);
            }

            (watch, settles) = (new RunWatch(), true);
        }
    }

    /// <summary>Runs a seed. What fails unseen is not known before <see cref="FindUnseen"/>.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="scenario">What to run.</param>
    /// <param name="only">The only faults that may strike; null: all.</param>
    /// <param name="watch">Of this run, or of several.</param>
    /// <param name="settles">Whether async code that waits without a context is waited for. It takes longer, and few scenarios need it.</param>
    /// <param name="number">Which of several it is.</param>
    public static (Simulation Run, VirtualRun Carrier, Exception? Error) Make(
        int seed, Action<Simulation> scenario, IReadOnlyCollection<Fault>? only, RunWatch watch, bool settles, long number = 0)
    {
        var run = new Simulation(seed, only);
        var carrier = new VirtualRun(run.Scheduler, watch) { IsStrict = true, Settles = settles, Number = number };
        var outer = VirtualRun.Enter(carrier);
        try
        {
            var error = Caught(() => run.Play(scenario, carrier));

            // What fails because its hub is gone is no part of the run.
            carrier.Baton.Drop();
            var late = run.End();
            return (run, carrier, error ?? late);
        }
        finally
        {
            VirtualRun.Enter(outer);
            if (carrier.Baton.IsAwaited)
            {
                carrier.Baton.Collect();
            }
        }
    }

    /// <summary>Finds what failed unseen in some runs.</summary>
    public static void FindUnseen(RunWatch watch)
    {
        watch.Finish();
        foreach (var (run, what) in RealTimers.Of(watch).ToArray())
        {
            watch.Add(run, new InvalidOperationException(what));
        }
    }

    /// <summary>What an action throws; null: nothing.</summary>
    public static Exception? Caught(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
