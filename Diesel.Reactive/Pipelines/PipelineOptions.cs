namespace Diesel.Reactive;

/// <summary>What bounds a <see cref="Pipeline{TReply}"/> and a <see cref="CallQueue{TReply}"/>.</summary>
public record PipelineOptions
{
    private readonly int _maxInFlight = 1024;
    private readonly int _maxQueuedCalls = 10_000;
    private readonly long _maxQueuedBytes = 16 * 1024 * 1024;
    private readonly long _maxDrainedBytes = 1024 * 1024;
    private readonly TimeSpan _replyTimeout = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _drainTimeout = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(5);
    private readonly Abandoned _abandoned;

    /// <summary>Calls that are written and not answered; further ones are queued. 1: one at a time. Default 1024.</summary>
    public int MaxInFlight { get => _maxInFlight; init => _maxInFlight = Setting.Positive(value); }

    /// <summary>Calls that may wait to be written; one more fails with <see cref="PipelineFullException"/>. Default 10 000.</summary>
    public int MaxQueuedCalls { get => _maxQueuedCalls; init => _maxQueuedCalls = Setting.Positive(value); }

    /// <summary>Bytes, by <see cref="Call{TReply}.Length"/>, of the calls that wait to be written; a call that goes past it while others wait
    /// fails with <see cref="PipelineFullException"/>. Default 16 MiB.</summary>
    public long MaxQueuedBytes { get => _maxQueuedBytes; init => _maxQueuedBytes = Setting.Positive(value); }

    /// <summary>How long the call at the head of the line may be without a reply, or with one that makes no progress, before the
    /// connection is given up; seen within a tenth of it. <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Default 5 s.</summary>
    public TimeSpan ReplyTimeout { get => _replyTimeout; init => _replyTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>What becomes of a call in flight that nobody waits for any more. Default: <see cref="Abandoned.Drain"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such policy.</exception>
    public Abandoned Abandoned
    {
        get => _abandoned;
        init => _abandoned = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Abandoned), value, $"There is no {nameof(Abandoned)} {value}.");
    }

    /// <summary>Bytes that are read for abandoned calls, without a reply to anybody who waits between them, before the connection is given
    /// up; default 1 MiB.</summary>
    public long MaxDrainedBytes { get => _maxDrainedBytes; init => _maxDrainedBytes = Setting.Positive(value); }

    /// <summary>How long abandoned calls may be at the head of the line before the connection is given up; seen within a tenth of it.
    /// Default 1 s.</summary>
    public TimeSpan DrainTimeout { get => _drainTimeout; init => _drainTimeout = Setting.Positive(value); }

    /// <summary>How long a disposed pipeline waits for the replies to what is in flight. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get => _closeTimeout; init => _closeTimeout = Setting.Positive(value); }

    internal static PipelineOptions Default { get; } = new();
}
