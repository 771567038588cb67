using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>The trouble that a scenario asks for at instants that the seed decides.</summary>
internal sealed class FaultPlan
{
    private readonly Simulation _simulation;
    private readonly Chance _chance;
    private readonly List<Fault> _injected = [];
    private readonly HashSet<VirtualHost> _struck = [];

    public FaultPlan(Simulation simulation, IReadOnlyCollection<Fault>? only)
    {
        (_simulation, _chance) = (simulation, new Chance(simulation.Seed, () => simulation.Elapsed));
        if (only is not null)
        {
            _chance.Allow(only);
        }
    }

    /// <summary>What struck, or will.</summary>
    public IReadOnlyList<Fault> Injected => _injected;

    public void Inject(FaultKind kind, string where, TimeSpan within, TimeSpan upTo)
    {
        var end = EndOf(kind);
        var network = _simulation.Network;
        where = kind is FaultKind.Crash or FaultKind.Silence ? network.Host(where).Name : where;
        network.Verify(kind, where);
        _struck.UnionWith(where.Split('→', '↔').Select(name => network.Host(name)));
        var lasting = _chance.Lasting(kind, where, upTo);
        if (_chance.DrawDelay(kind, where, within) is not { } delay)
        {
            return;
        }

        _injected.Add(_chance.Struck[^1] with { At = Times.Sum(_simulation.Elapsed, delay) });
        _simulation.Scheduler.Schedule(delay, () => network.Strike(kind, where));
        if (end is { } over)
        {
            _simulation.Scheduler.Schedule(Times.Sum(delay, lasting), () => network.Strike(over, where));
        }
    }

    /// <summary>Throws if something was asked for that can meet nobody.</summary>
    public void ThrowIfInVain()
    {
        if (_struck.FirstOrDefault(static host => !host.HasRunHub) is { } empty)
        {
            throw new InvalidOperationException(
                $"Trouble was injected for the host '{empty}', and no hub ever ran there: it can meet nobody. Is the name that of HubOn? If so, ask for the hub.");
        }
    }

    private static FaultKind? EndOf(FaultKind kind) => kind switch
    {
        FaultKind.Partition => FaultKind.Heal,
        FaultKind.Stall => FaultKind.Resume,
        FaultKind.Silence => FaultKind.Answer,
        FaultKind.Reset or FaultKind.Crash => null,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"{kind} cannot be injected: set the network's conditions for it, or inject what it ends."),
    };
}
