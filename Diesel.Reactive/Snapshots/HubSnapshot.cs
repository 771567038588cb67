using System.Globalization;
using System.Text;

namespace Diesel.Reactive;

/// <summary>A hub as it was at one time: what there was on it, and what each waited for.</summary>
/// <remarks>The lists are bounded, the counts are not. As text it is for people to read; what is in it may change.</remarks>
public sealed record HubSnapshot
{
    /// <summary>What the hub is called, by telemetry too.</summary>
    public required string Name { get; init; }

    /// <summary>When, by the hub's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How long the hub had run.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>Turns it had run.</summary>
    public long Turns { get; init; }

    /// <summary>Work that waited for the next turn.</summary>
    public int Queued { get; init; }

    /// <summary>The longest turn of the last half to whole minute; null where nobody looks at the clock for it.</summary>
    public TimeSpan? LongestTurn { get; init; }

    /// <summary>How many loops had been forked that stand alone.</summary>
    public int LoopCount { get; init; }

    /// <summary>Those loops, with their children: what each waits for.</summary>
    public LoopTree Loops { get; init; } = new([]);

    /// <summary>How many services ran.</summary>
    public int ServiceCount { get; init; }

    /// <summary>Services.</summary>
    public IReadOnlyList<ServiceSnapshot> Services { get; init; } = [];

    /// <summary>How many connections were open.</summary>
    public int ConnectionCount { get; init; }

    /// <summary>Connections.</summary>
    public IReadOnlyList<ConnectionSnapshot> Connections { get; init; } = [];

    /// <summary>How many pipelines were open.</summary>
    public int PipelineCount { get; init; }

    /// <summary>Pipelines.</summary>
    public IReadOnlyList<PipelineSnapshot> Pipelines { get; init; } = [];

    /// <summary>How many pools there were.</summary>
    public int PoolCount { get; init; }

    /// <summary>Pools, by name.</summary>
    public IReadOnlyList<PoolSnapshot> Pools { get; init; } = [];

    /// <summary>How many datagram sockets were open.</summary>
    public int DatagramCount { get; init; }

    /// <summary>Datagram sockets.</summary>
    public IReadOnlyList<DatagramSnapshot> Datagrams { get; init; } = [];

    /// <summary>How many timers waited.</summary>
    public int TimerCount { get; init; }

    /// <summary>Timers, the next first.</summary>
    public IReadOnlyList<TimerSnapshot> Timers { get; init; } = [];

    /// <summary>All of it, a line for each thing.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Label.OneLine(Name)} at {Time:yyyy-MM-dd HH:mm:ss.fff}, {SnapshotText.Seconds(Age)} after it began: {Turns} turns, {Queued} queued");
        if (LongestTurn is { } longest)
        {
            text.Append(CultureInfo.InvariantCulture, $", the longest of late {longest.TotalMilliseconds:0.###} ms");
        }

        text.Append('\n');
        SnapshotText.Section(text, "loops", LoopCount, [.. Loops.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)], Loops.Roots.Count);
        SnapshotText.Section(text, "services", ServiceCount, Services);
        SnapshotText.Section(text, "connections", ConnectionCount, Connections);
        SnapshotText.Section(text, "pipelines", PipelineCount, Pipelines);
        SnapshotText.Section(text, "pools", PoolCount, Pools);
        SnapshotText.Section(text, "datagram sockets", DatagramCount, Datagrams);
        SnapshotText.Section(text, "timers", TimerCount, Timers);
        return text.ToString();
    }
}
