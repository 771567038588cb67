using System.Reactive.Concurrency;

namespace Diesel.Reactive.Testing;

/// <summary>The way from one host to another: when what crosses it arrives, and whether anything does.</summary>
internal sealed class Link(VirtualNetwork network, VirtualHost from, VirtualHost to)
{
    private readonly List<Action> _held = [];
    private LinkConditions? _conditions;
    private TimeSpan _free;
    private bool _stalled;

    public VirtualHost From => from;

    public VirtualHost To => to;

    public string Name { get; } = $"{from.Name}→{to.Name}";

    /// <summary>Its own, or those of the network.</summary>
    public LinkConditions Conditions => _conditions ?? network.Conditions;

    public bool IsPartitioned { get; private set; }

    public bool IsOpen => !_stalled && !IsPartitioned;

    public void Set(LinkConditions conditions) => _conditions = conditions;

    public void Stall() => Change(isStalled: true, IsPartitioned);

    public void Partition() => Change(_stalled, isPartitioned: true);

    public void Resume() => Change(isStalled: false, IsPartitioned);

    public void Heal() => Change(_stalled, isPartitioned: false);

    /// <summary>When a packet that is sent now arrives.</summary>
    public TimeSpan Arrival(int length)
    {
        var conditions = Conditions;
        var now = network.Now;
        _free = Times.Sum(_free > now ? _free : now, conditions.Occupies(length));
        return Times.Sum(_free, network.Chance.Draw(FaultKind.Delay, Name, conditions.Latency));
    }

    /// <summary>Runs in a turn of the hub when a packet arrives that is sent now; one the link holds up, when it is open again.</summary>
    public void Carry(IHub hub, int length, Action arrived) => DeliverAt(hub, Arrival(length), arrived);

    public void DeliverAt(IHub hub, TimeSpan due, Action arrived) => hub.Schedule(due - network.Now, () => WhenOpen(hub, arrived));

    /// <summary>Runs now if the link is open, else in a turn of the hub when it is.</summary>
    public void WhenOpen(IHub hub, Action action)
    {
        if (IsOpen)
        {
            action();
        }
        else
        {
            Hold(() => hub.Schedule(() => WhenOpen(hub, action)));
        }
    }

    /// <summary>Called, outside any turn, when the link is open again or its partition begins or ends: to look again.</summary>
    public void Hold(Action changed) => _held.Add(changed);

    // A stall holds for ever, a partition does not: what is held hears when that is another matter from now on.
    private void Change(bool isStalled, bool isPartitioned)
    {
        var isNews = isPartitioned != IsPartitioned;
        (_stalled, IsPartitioned) = (isStalled, isPartitioned);
        if (!isNews && !IsOpen)
        {
            return;
        }

        var held = _held.ToArray();
        _held.Clear();
        foreach (var changed in held)
        {
            changed();
        }
    }
}
