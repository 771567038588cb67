namespace Diesel.Reactive;

/// <summary>What bounds a <see cref="ProcessPool"/>.</summary>
public sealed record ProcessPoolOptions
{
    private readonly int _max = Environment.ProcessorCount;
    private readonly int _maxWaiting = 1000;
    private readonly int _maxReply = 16 * 1024 * 1024;
    private readonly TimeSpan _acquireTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Processes there are at most; one works on one call at a time. Default: as many as the machine has processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public int Max { get => _max; init => _max = Setting.Positive(value); }

    /// <summary>Calls that may wait for a process; one more gets <see cref="PoolExhaustedException"/>. Default 1000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public int MaxWaiting { get => _maxWaiting; init => _maxWaiting = Setting.Positive(value); }

    /// <summary>How long a call waits for a process, before it gets <see cref="PoolTimeoutException"/>. Zero: now or never;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Default 5 s.</summary>
    public TimeSpan AcquireTimeout { get => _acquireTimeout; init => _acquireTimeout = Waits.For(value, nameof(AcquireTimeout)); }

    /// <summary>Bytes of the longest reply; a longer one is a crash of its process. Default 16 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public int MaxReply { get => _maxReply; init => _maxReply = Setting.Positive(value); }

    /// <summary>How the processes are started; null for the defaults.</summary>
    public ChildOptions? Child { get; init; }
}
