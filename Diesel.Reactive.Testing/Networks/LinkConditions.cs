using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>How a link between two hosts behaves, in one direction.</summary>
/// <remarks>By default it takes no time but the turns a hub needs, and does no harm. Latency, bandwidth and the faults of
/// datagrams concern what is sent from then on; what is under way stays as it was.</remarks>
public sealed record LinkConditions
{
    private readonly long? _bandwidth;
    private readonly int _window = 64 * 1024;
    private readonly int _sentInBackground;
    private readonly Cut _cut = Cut.Whole;
    private readonly double _loss;
    private readonly double _duplication;
    private readonly double _reordering;
    private readonly TimeSpan _reorderingDelay = TimeSpan.FromMilliseconds(10);
    private readonly int _maxDatagram = 65507;

    /// <summary>How long bytes are under way; default: no time.</summary>
    public Latency Latency { get; init; }

    /// <summary>Bytes per second, shared by all that crosses the link, in the order it was sent; null (default): no limit.
    /// What is sent at once arrives when its last byte has been through.</summary>
    public long? Bandwidth { get => _bandwidth; init => _bandwidth = value is null or > 0 ? value : throw Bad(value, "greater than zero, or null"); }

    /// <summary>Bytes of one connection that may be under way or unread; default 64 KiB. A sender with more has to wait until
    /// half of it is free again: the receiver has read, and the news of that has come back.</summary>
    public int Window { get => _window; init => _window = value > 0 ? value : throw Bad(value, "greater than zero"); }

    /// <summary>Bytes of what a full window refused that are sent without the sender when there is room, as some systems do;
    /// default 0.</summary>
    public int SentInBackground { get => _sentInBackground; init => _sentInBackground = value >= 0 ? value : throw Bad(value, "zero or more"); }

    /// <summary>How the receiver's bytes are cut into chunks; default <see cref="Cut.Whole"/>.</summary>
    public Cut Cut { get => _cut; init => _cut = value ?? throw new ArgumentNullException(nameof(Cut)); }

    /// <summary>How likely a datagram gets lost, 0 to 1; default 0.</summary>
    public double Loss { get => _loss; init => _loss = Probability(value); }

    /// <summary>How likely a datagram arrives twice, 0 to 1; default 0.</summary>
    public double Duplication { get => _duplication; init => _duplication = Probability(value); }

    /// <summary>How likely a datagram is held back for <see cref="ReorderingDelay"/>, so that those sent meanwhile overtake
    /// it, 0 to 1; default 0.</summary>
    public double Reordering { get => _reordering; init => _reordering = Probability(value); }

    /// <summary>How long a reordered datagram is held back; default 10 ms.</summary>
    public TimeSpan ReorderingDelay
    {
        get => _reorderingDelay;
        init => _reorderingDelay = value > TimeSpan.Zero ? value : throw Bad(value, "greater than zero");
    }

    /// <summary>Bytes of the largest datagram that can be sent; default 65507. Larger ones are an error of the sender's.</summary>
    public int MaxDatagram { get => _maxDatagram; init => _maxDatagram = value > 0 ? value : throw Bad(value, "greater than zero"); }

    internal static LinkConditions Default { get; } = new();

    /// <summary>How long the link is busy with so many bytes, rounded up.</summary>
    internal TimeSpan Occupies(int bytes) =>
        Bandwidth is { } rate ? TimeSpan.FromTicks((long)((((Int128)bytes * TimeSpan.TicksPerSecond) + rate - 1) / rate)) : TimeSpan.Zero;

    private static double Probability(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and <= 1 ? value : throw Bad(value, "from 0 to 1", name);

    private static ArgumentOutOfRangeException Bad(object? value, string rule, [CallerMemberName] string name = "") =>
        new(name, value, $"{name} must be {rule}.");
}
