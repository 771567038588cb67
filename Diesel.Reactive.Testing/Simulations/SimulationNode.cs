using System.Diagnostics.CodeAnalysis;

namespace Diesel.Reactive.Testing;

/// <summary>A machine of a <see cref="Simulation"/> on which a program runs that can be killed and started again, whose clock can be wrong, and whose
/// disk keeps what it wrote.</summary>
public sealed class SimulationNode
{
    private readonly Simulation _simulation;
    private readonly Action<SimulationNode> _start;
    private readonly Dictionary<string, object?> _disk = [];
    private NodeScheduler _time;
    private (TimeSpan By, double Rate) _clock = (TimeSpan.Zero, 1);

    internal SimulationNode(Simulation simulation, string name, Action<SimulationNode> start)
    {
        (_simulation, Name, _start) = (simulation, name, start);
        Boot();
    }

    /// <summary>Its name, which is that of its host on the network.</summary>
    public string Name { get; }

    /// <summary>The hub its program runs on: another after each start.</summary>
    public Hub Hub { get; private set; }

    /// <summary>Whether its program runs, or is held up.</summary>
    public bool IsUp { get; private set; }

    /// <summary>How often its program was started: 1 after the first time.</summary>
    public int Starts { get; private set; }

    /// <summary>What its clock shows, from the instant zero of the simulation.</summary>
    public TimeSpan Clock => TimeSpan.FromTicks(_time.Shown);

    /// <summary>Reads what was written to its disk, before it was killed or after.</summary>
    /// <typeparam name="T">What was written.</typeparam>
    /// <param name="name">Under which name.</param>
    /// <param name="otherwise">What there is where nothing was written.</param>
    public T Read<T>(string name, T otherwise) => _disk.TryGetValue(name, out var value) ? (T)value! : otherwise;

    /// <summary>Writes to its disk, at once and for good.</summary>
    /// <typeparam name="T">What is written: what changes later changes on the disk, too, so write what does not.</typeparam>
    /// <param name="name">Under which name.</param>
    /// <param name="value">What.</param>
    public void Write<T>(string name, T value) => _disk[name] = value;

    /// <summary>Its disk is lost.</summary>
    public void Wipe() => _disk.Clear();

    /// <summary>Its program ends at once and without a word, as when the power fails: its sockets vanish, its peers get a reset when they next send.</summary>
    public void Kill()
    {
        if (IsUp)
        {
            IsUp = false;
            _simulation.Network.Crash(Name);
            Hub.Dispose();
        }
    }

    /// <summary>Its program starts anew; one that runs is killed first.</summary>
    public void Restart()
    {
        Kill();
        Boot();
    }

    /// <summary>Its program is held up: what it would do waits, and what is sent to it arrives and is not read.</summary>
    public void Pause() => _time.Pause();

    /// <summary>Its program goes on where it was held up.</summary>
    public void Continue() => _time.Continue();

    /// <summary>Sets its clock.</summary>
    /// <param name="by">How much it is set forward, or back where this is negative. Waits that have begun are as long as they were.</param>
    /// <param name="rate">How fast it goes from now on: 1.01 gains a hundredth, and waits become as much shorter.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not greater than zero.</exception>
    public void SetClock(TimeSpan by, double rate = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        _clock = (_clock.By + by, rate);
        _time.Adjust(by, rate);
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    [MemberNotNull(nameof(_time), nameof(Hub))]
    private void Boot()
    {
        _time = new NodeScheduler(_simulation.Scheduler);
        _time.Adjust(_clock.By, _clock.Rate);
        Hub = _simulation.Hubs.Make(Name, _time);
        (IsUp, Starts) = (true, Starts + 1);
        _start(this);
    }
}
