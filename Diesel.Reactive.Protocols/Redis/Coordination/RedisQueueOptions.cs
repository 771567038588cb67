namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a <see cref="RedisQueue{T}"/> does with its items. All programs that use a queue say the same.</summary>
public sealed record RedisQueueOptions
{
    private readonly TimeSpan _visibilityTimeout = TimeSpan.FromSeconds(30);
    private readonly TimeSpan _rememberKeys = TimeSpan.FromMinutes(10);
    private readonly int _maxDeliveries = 10;
    private readonly int _maxLength;
    private readonly int _maxDeadLetters = 10_000;

    /// <summary>After what time an item is handed out again that was neither acknowledged nor renewed. Default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than ten milliseconds.</exception>
    public TimeSpan VisibilityTimeout
    {
        get => _visibilityTimeout;
        init => _visibilityTimeout = RedisCoordinationOptions.AtLeast(TimeSpan.FromMilliseconds(10), value, nameof(VisibilityTimeout));
    }

    /// <summary>How often an item is handed out at most; then it is a dead letter. 0: as often as it takes. Default 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxDeliveries { get => _maxDeliveries; init => _maxDeliveries = NotNegative(value, nameof(MaxDeliveries)); }

    /// <summary>Items that nobody has acknowledged, at most; past it a put fails with <see cref="QueueFullException"/>. 0, the default: any.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxLength { get => _maxLength; init => _maxLength = NotNegative(value, nameof(MaxLength)); }

    /// <summary>Dead letters that are kept at most, the newest. Default 10 000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxDeadLetters { get => _maxDeadLetters; init => _maxDeadLetters = NotNegative(value, nameof(MaxDeadLetters)); }

    /// <summary>For how long an item with the key of one that was put before is taken for the same. Default 10 min.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than a millisecond.</exception>
    public TimeSpan RememberKeys
    {
        get => _rememberKeys;
        init => _rememberKeys = RedisCoordinationOptions.AtLeast(TimeSpan.FromMilliseconds(1), value, nameof(RememberKeys));
    }

    private static int NotNegative(int value, string name) => value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, "It is 0 or more.");
}
