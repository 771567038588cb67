using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>The trouble that a scenario asks for at instants that the seed decides.</summary>
internal sealed class FaultPlan
{
    private readonly Simulation _simulation;
    private readonly Chance _chance;
    private readonly List<Fault> _injected = [];
    private readonly HashSet<VirtualHost> _struck = [];
    private readonly Dictionary<string, SimulationNode> _nodes = new(StringComparer.OrdinalIgnoreCase);

    public FaultPlan(Simulation simulation, IReadOnlyCollection<Fault>? only)
    {
        (_simulation, _chance) = (simulation, new Chance(simulation.Seed, () => simulation.Elapsed));
        if (only is not null)
        {
            _chance.Allow(only);
        }
    }

    /// <summary>What struck.</summary>
    public IReadOnlyList<Fault> Injected => _injected;

    /// <summary>What may strike.</summary>
    public FaultLimits Limits { get; } = new();

    /// <summary>A node that may be started again.</summary>
    public SimulationNode Knows(SimulationNode node) => _nodes[node.Name] = node;

    public void Inject(FaultKind kind, string where, TimeSpan within, TimeSpan upTo)
    {
        var network = _simulation.Network;
        where = kind is FaultKind.Crash or FaultKind.Silence or FaultKind.Restart ? network.Host(where).Name : where;
        var (begin, end) = kind == FaultKind.Restart ? Restarts(where) : Strikes(kind, where);
        _struck.UnionWith(where.Split('→', '↔').Select(name => network.Host(name)));
        if (_chance.Draw(kind, where, within, end is null ? TimeSpan.Zero : upTo) is { } drawn)
        {
            var fault = Limits.Shortened(drawn);
            _simulation.Scheduler.Schedule(fault.After!.Value, () => Begin(fault, begin, end));
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

    private void Begin(Fault fault, Action begin, Action? end)
    {
        if (!Limits.Admits(fault.Kind))
        {
            return;
        }

        _injected.Add(fault);
        if (end is not null)
        {
            Limits.Count(fault.Kind, 1);
            _simulation.Scheduler.Schedule(fault.Lasts ?? TimeSpan.Zero, () =>
            {
                Limits.Count(fault.Kind, -1);
                end();
            });
        }

        begin();
    }

    private (Action Begin, Action? End) Strikes(FaultKind kind, string where)
    {
        var (network, end) = (_simulation.Network, EndOf(kind));
        network.Verify(kind, where);
        return (() => network.Strike(kind, where), end is { } over ? () => network.Strike(over, where) : null);
    }

    private (Action Begin, Action End) Restarts(string where)
    {
        var node = _nodes.GetValueOrDefault(where)
            ?? throw new ArgumentException($"There is no node '{where}' that could start again: make it with Node(\"{where}\", …) first.", nameof(where));
        return (() => Traced("killed", node.Kill), () => Traced("started", node.Restart));

        void Traced(string note, Action act)
        {
            _simulation.Network.Trace.Add(TraceKind.Fault, where, note: note);
            act();
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
