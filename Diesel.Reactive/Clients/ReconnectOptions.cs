namespace Diesel.Reactive;

/// <summary>How a client comes back when its connection is lost, or cannot be made.</summary>
public sealed record ReconnectOptions
{
    private readonly TimeSpan _maxWait = TimeSpan.FromSeconds(30);
    private readonly int _maxWaiting = 10_000;

    /// <summary>How long to wait between attempts; default: up to 50 ms, doubled up to 10 s, anew after 10 s of health.</summary>
    /// <remarks>What counts as a failure is an attempt that fails, and a connection that is lost before it was healthy for
    /// <see cref="Backoff.ResetAfter"/> while somebody needed it. A server that closes an idle connection does what it may: the next call
    /// connects at once. Of several endpoints one is tried after the other, and then waited.</remarks>
    public Backoff Backoff { get; init; } = Backoff.Default;

    /// <summary>How long a call waits for a connection, attempts that fail included, before it fails with what the last attempt came to.
    /// Zero: it fails with the attempt, and at once while the next is not due. <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Default
    /// 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan MaxWait { get => _maxWait; init => _maxWait = Waits.For(value, nameof(MaxWait)); }

    /// <summary>Who may wait for a connection at a time; one more fails at once. Default 10 000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public int MaxWaiting { get => _maxWaiting; init => _maxWaiting = Setting.Positive(value); }

    /// <summary>Whether to connect, and connect again, also while nobody calls: for subscriptions. Default false: when a call needs
    /// it.</summary>
    public bool KeepConnected { get; init; }

    /// <summary>Which failures of an attempt say that it is no use to wait (wrong credentials, another protocol): those who wait are told
    /// at once. What it throws is reported, and means no. Null: none.</summary>
    public Func<Exception, bool>? IsFinal { get; init; }

    internal static ReconnectOptions Default { get; } = new();

    /// <summary>Whoever calls tries once, whenever that is.</summary>
    internal static ReconnectOptions OncePerCall { get; } = new() { MaxWait = TimeSpan.Zero, MaxWaiting = int.MaxValue, Pauses = false };

    internal bool Pauses { get; init; } = true;
}
