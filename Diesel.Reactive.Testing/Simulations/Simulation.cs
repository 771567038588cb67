using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Diesel.Reactive.Testing;

/// <summary>One run of a scenario on a <see cref="VirtualNetwork"/>: its clock, its hosts, and its faults, all of one
/// seed.</summary>
/// <remarks>
/// <para>A scenario sets up services and clients on hosts, lets time pass, and checks what must hold whatever goes wrong. It
/// fails by throwing. All chance in it must come from the seed (<see cref="Random"/>, the network's conditions,
/// <see cref="Inject(FaultKind, string, string, TimeSpan, TimeSpan)"/>), and all time from <see cref="Scheduler"/>: then a seed is a
/// schedule of faults that can be run again, and shortened.</para>
/// <para>Source: deterministic simulation as FoundationDB has made it known; shrinking by delta debugging (Zeller's ddmin).</para>
/// </remarks>
public sealed class Simulation
{
    private readonly List<HubError> _errors = [];

    internal Simulation(int seed, IReadOnlyCollection<Fault>? only)
    {
        Seed = seed;
        Random = new Random(Chance.Spread(seed));
        Rows = new SimulationRows(this);
        Network = new VirtualNetwork(seed, Scheduler) { OnlyFaults = only };
        Hubs = new HostHubs(Scheduler, Network, error => _errors.AddRange(IsOver ? [] : [error]), givesWay: () => Yields > 0 ? GivesWay : null);
        Plan = new FaultPlan(this, only);
        Scheduler.Postpones = () => Interleaving > 0 && Network.Chance.Strikes(FaultKind.Postponement, "turns", Interleaving);
        Interleaving = 0.5;
    }

    /// <summary>What all chance of this run is drawn from.</summary>
    public int Seed { get; }

    /// <summary>The scenario's own chance: the same for each run of a seed.</summary>
    public Random Random { get; }

    /// <summary>Its clock, which stands until <see cref="Pass"/> or <see cref="Until"/>.</summary>
    public MarbleScheduler Scheduler { get; } = new() { MaxActions = 1_000_000 };

    /// <summary>Its network. Loss, latency, cuts: set its conditions.</summary>
    public VirtualNetwork Network { get; }

    /// <summary>How likely something that is due is done after all else that is due at that instant, as on a machine that is busy; default 0.5,
    /// 0 for the order in which it was scheduled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 0, or 1 or more.</exception>
    public double Interleaving
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, 1);
            field = Network.Interleaving = value;
        }
    }

    /// <summary>How likely an <c>await</c> on a hub of what is there already (an item of a queue, a lock that is free, a frame that has come) lets all others
    /// go on first; default 0. Say it before the hubs are asked for. It finds loops that rely on nothing coming between two awaits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 0, or 1 or more.</exception>
    public double Yields
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, 1);
            field = value;
        }
    }

    /// <summary>The time from the beginning.</summary>
    public TimeSpan Elapsed => Scheduler.Elapsed;

    /// <summary>What was reported to the hubs so far. What a network or a peer does is no failure by itself; what code does
    /// (<see cref="HubErrorKind.Code"/>), such as a loop that throws, fails the run, unless <see cref="IgnoreHubErrors"/> is set.</summary>
    public IReadOnlyList<HubError> Errors => _errors;

    /// <summary>Lets a run pass although errors of code were reported to its hubs, because they are meant; default false.</summary>
    public bool IgnoreHubErrors { get; set; }

    /// <summary>The faults that struck so far, in order of time.</summary>
    public IReadOnlyList<Fault> Faults => [.. Drawn.Concat(Plan.Injected).OrderBy(static fault => fault.At)];

    /// <summary>Whether what happens now is no part of it.</summary>
    internal bool IsOver { get; set; }

    internal HostHubs Hubs { get; }

    internal FaultPlan Plan { get; }

    internal SimulationVisits Visits { get; } = new();

    internal SimulationRows Rows { get; }

    private IEnumerable<Fault> Drawn => Network.Faults.Where(static fault => fault.Kind < FaultKind.Reset);

    /// <summary>Runs a scenario once for each of the seeds 0, 1, 2, …; where the environment has <c>MARBLES_SEED</c> (a number, or <c>random</c>),
    /// from there on, and with <c>MARBLES_SEEDS</c> so many (<c>5000</c>), or so many times as many (<c>x20</c>).</summary>
    /// <param name="seeds">How many; at least 1.</param>
    /// <param name="scenario">Sets up, lets time pass, checks.</param>
    /// <param name="options">How many at a time, and how hard to look for a shorter schedule.</param>
    /// <param name="name">Filled in by the compiler.</param>
    /// <returns>What the runs came to.</returns>
    /// <exception cref="SimulationFailedException">The scenario threw for a seed: the lowest one is told.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seeds"/> is less than 1.</exception>
    public static SimulationSummary Run(
        int seeds, Action<Simulation> scenario, SimulationOptions? options = null, [CallerArgumentExpression(nameof(scenario))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        return Run(SeedRange.OfEnvironment(seeds), scenario, options, name);
    }

    /// <summary>Runs a scenario once for each of some seeds.</summary>
    /// <param name="seeds">At least one.</param>
    /// <param name="scenario">Sets up, lets time pass, checks.</param>
    /// <param name="options">How many at a time, and how hard to look for a shorter schedule.</param>
    /// <param name="name">Filled in by the compiler.</param>
    /// <returns>What the runs came to.</returns>
    /// <exception cref="SimulationFailedException">The scenario threw for a seed: the first of them is told.</exception>
    /// <exception cref="ArgumentException"><paramref name="seeds"/> has none.</exception>
    public static SimulationSummary Run(
        IEnumerable<int> seeds, Action<Simulation> scenario, SimulationOptions? options = null, [CallerArgumentExpression(nameof(scenario))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentNullException.ThrowIfNull(scenario);
        return new SimulationRuns([.. seeds], scenario, options ?? new(), name).Run();
    }

    /// <summary>Runs a scenario for one seed and gives the finished run: its recordings, its faults, its picture.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="scenario">Sets up, lets time pass, checks. What it throws is thrown.</param>
    /// <param name="only">The only faults that may strike; null: all that the seed brings.</param>
    /// <returns>The run, in which no more time passes.</returns>
    public static Simulation Once(int seed, Action<Simulation> scenario, IReadOnlyCollection<Fault>? only = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var (run, error) = SimulationAttempt.Make(seed, scenario, only);
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return run;
    }

    /// <summary>Gives the hub that runs on a host, and makes both when they are new.</summary>
    /// <param name="host">The host's name.</param>
    /// <returns>The hub: the same for the same name until it is disposed, then a new one. It is disposed when the scenario has ended.</returns>
    public Hub HubOn(string host) => Hubs.On(host);

    /// <summary>Records what an observable tells, from now on; a row of the run's picture.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="label">The row's name.</param>
    /// <param name="source">Subscribed by this call.</param>
    /// <returns>What it has told so far, and goes on to tell. An error is recorded, not thrown.</returns>
    public SimulationRecord<T> Record<T>(string label, IObservable<T> source)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(source);
        return Rows.Record(label, source);
    }

    /// <summary>A machine on which a program runs that can be killed and started again.</summary>
    /// <param name="name">Its host's name.</param>
    /// <param name="start">The program: called now, and each time it is started again. What it knew before, it finds on the node's disk.</param>
    /// <returns>The node, started. <see cref="HubOn"/> with its name gives its hub.</returns>
    public SimulationNode Node(string name, Action<SimulationNode> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        return Plan.Knows(new(this, Network.Host(name).Name, start));
    }

    /// <summary>Whether something goes wrong here that the scenario knows of: a payment declined, a disk full. It is a fault as those of the network
    /// are: drawn from the seed, counted, and left out where it is not needed for a failure.</summary>
    /// <param name="what">In a few words: where the faults of a report stand.</param>
    /// <param name="probability">How likely it is, 0 to 1.</param>
    public bool Fault(string what, double probability)
    {
        ArgumentNullException.ThrowIfNull(what);
        return Network.Chance.Strikes(FaultKind.Own, what, probability);
    }

    /// <summary>Says that the scenario has come to a state of interest: <c>two leaders</c>, <c>queue full</c>. The summary counts in how many runs it did,
    /// and from which to which it went; <see cref="SimulationOptions.StopAfter"/> ends the search when there is nothing new.</summary>
    /// <param name="state">In a few words, of which there are not too many.</param>
    public void Reached(string state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Visits.Reach(state);
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="time">How long; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">Time passes already: it is called by what the scheduler runs.</exception>
    public void Pass(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        ThrowIfPassing();
        Scheduler.AdvanceBy(time.Ticks);
    }

    /// <summary>Lets time pass until something holds.</summary>
    /// <param name="holds">Asked after each instant at which anything happened.</param>
    /// <param name="within">The longest time to wait; not negative.</param>
    /// <param name="what">What is waited for, in words.</param>
    /// <exception cref="SimulationException">It did not come to hold in that time.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="within"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">Time passes already: it is called by what the scheduler runs.</exception>
    public void Until(Func<bool> holds, TimeSpan within, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(holds);
        ArgumentOutOfRangeException.ThrowIfLessThan(within, TimeSpan.Zero);
        ThrowIfPassing();
        var last = within < TimeSpan.MaxValue - Elapsed ? Scheduler.Clock + within.Ticks : long.MaxValue;
        while (!holds())
        {
            if (Scheduler.NextDue is not { } due || due > last)
            {
                Scheduler.RunTo(last);
                Check(holds(), $"within {HumanTime.Of(within)}: {Condition(what)}");
                return;
            }

            Scheduler.RunTo(due);
        }
    }

    /// <summary>Fails the scenario unless something holds.</summary>
    /// <param name="holds">Whether it holds.</param>
    /// <param name="what">What, in words.</param>
    /// <exception cref="SimulationException">It does not.</exception>
    /// <remarks>Assertions of a test framework will do, too, but some count one that failed while a shorter schedule was looked for, though it was caught.</remarks>
    public void Check(bool holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        if (!holds)
        {
            throw new SimulationException($"Does not hold at {HumanTime.Of(Elapsed)}: {what}");
        }
    }

    /// <summary>Brings trouble between two hosts at an instant, and for a time, that the seed decides.</summary>
    /// <param name="kind"><see cref="FaultKind.Partition"/>, <see cref="FaultKind.Stall"/> or <see cref="FaultKind.Reset"/>.</param>
    /// <param name="one">A host's name.</param>
    /// <param name="other">A host's name.</param>
    /// <param name="within">It begins not later than so long after now.</param>
    /// <param name="upTo">The longest time until it ends; no matter for a reset.</param>
    public void Inject(FaultKind kind, string one, string other, TimeSpan within, TimeSpan upTo = default) =>
        Inject(kind, VirtualNetwork.Both(Network.Host(one).Name, Network.Host(other).Name), within, upTo);

    /// <summary>Brings trouble to a host at an instant, and for a time, that the seed decides.</summary>
    /// <param name="kind"><see cref="FaultKind.Crash"/>, <see cref="FaultKind.Silence"/> or, of a node, <see cref="FaultKind.Restart"/>.</param>
    /// <param name="host">A host's name; it is made when it is new.</param>
    /// <param name="within">It begins not later than so long after now.</param>
    /// <param name="upTo">The longest time until it ends, or the node is up again; no matter for a crash.</param>
    /// <exception cref="ArgumentException">Such trouble cannot be brought there.</exception>
    /// <remarks>Trouble for a host on which no hub runs meets nobody: a scenario that ends without one fails.</remarks>
    public void Inject(FaultKind kind, string host, TimeSpan within, TimeSpan upTo = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(within.Ticks, nameof(within));
        ArgumentOutOfRangeException.ThrowIfNegative(upTo.Ticks, nameof(upTo));
        Plan.Inject(kind, host, within, upTo);
    }

    /// <summary>Says how much of a kind of fault the scenario bears; a fault that would be more does not strike. Say it first.</summary>
    /// <param name="kind">Any; of those that are over at once only <paramref name="when"/> can be said.</param>
    /// <param name="atOnce">How many at a time at most.</param>
    /// <param name="upTo">How long one lasts at most; null: as it was injected.</param>
    /// <param name="when">Asked when one would strike: whether it may, such as <c>() => isConnected</c>; null: always.</param>
    /// <exception cref="ArgumentException">Such a fault is over at once.</exception>
    public void Limit(FaultKind kind, int atOnce = int.MaxValue, TimeSpan? upTo = null, Func<bool>? when = null)
    {
        Plan.Limits.Add(kind, atOnce, upTo, when);
        Network.Chance.Admits = Plan.Limits.Admits;
    }

    /// <summary>What was recorded and what crossed the network, as aligned marbles.</summary>
    public override string ToString() => MarbleTable.Draw(Rows.All);

    private bool GivesWay() => Network.Chance.Strikes(FaultKind.Postponement, "awaits", Yields);

    private void ThrowIfPassing()
    {
        if (Scheduler.IsEnabled)
        {
            throw new InvalidOperationException("Time passes already: Pass and Until are for the scenario itself, not for what it schedules or subscribes.");
        }
    }

    // The condition as it was written, without the arrow before it.
    private static string Condition(string what) => what.StartsWith("() =>", StringComparison.Ordinal) ? what[5..].Trim() : what;
}
