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
            var error = Caught(() => Play(run, scenario, carrier));

            // What fails because its hub is gone is no part of the run.
            carrier.Baton.Drop();
            var late = End(run);
            return (run, carrier, error ?? late);
        }
        finally
        {
            if (carrier.Baton.IsAwaited)
            {
                carrier.Baton.Collect();
            }

            carrier.Leave(outer);
        }
    }

    private static void Play(Simulation run, Action<Simulation> scenario, VirtualRun carrier)
    {
        run.Scheduler.Own(carrier);
        run.Scheduler.Pump.Run(_ => scenario(run), null);
        run.Scheduler.ThrowIfLeaked();
        if (run.Scheduler.Pump.Unawaited > 0)
        {
            throw new InvalidOperationException(
                "The scenario is async, or called an async void method, and nobody awaits its end: let time pass with Pass or Until, and start what is async on a hub.");
        }

        if (!run.IgnoreHubErrors && run.Errors.FirstOrDefault(static error => error.Kind == HubErrorKind.Code) is { } failed)
        {
            throw new SimulationException($"Code on a hub failed: {failed}. If that is meant, set IgnoreHubErrors.", failed.Exception);
        }

        run.Plan.ThrowIfInVain();
    }

    // What this brings about is no part of the run; the first error of user code that is disposed of is.
    private static Exception? End(Simulation run)
    {
        run.IsOver = true;
        run.Network.Leave();
        return run.Rows.Leave.Append(run.Hubs.Dispose).Select(Caught).ToArray().FirstOrDefault(static error => error is not null);
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
