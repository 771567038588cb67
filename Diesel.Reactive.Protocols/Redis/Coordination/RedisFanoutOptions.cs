namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a <see cref="RedisFanout{T}"/> keeps. All programs that use it say the same.</summary>
public sealed record RedisFanoutOptions
{
    private readonly int _maxLength = 10_000;
    private readonly int _capacity = 1000;
    private readonly TimeSpan _maxAge = Timeout.InfiniteTimeSpan;

    /// <summary>How many items the server keeps, the newest; an inbox that is further behind is told. Default 10 000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int MaxLength { get => _maxLength; init => _maxLength = Positive(value, nameof(MaxLength)); }

    /// <summary>How old items become at the server; <see cref="Timeout.InfiniteTimeSpan"/>, the default: as old as their number allows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than a millisecond.</exception>
    public TimeSpan MaxAge
    {
        get => _maxAge;
        init => _maxAge = value == Timeout.InfiniteTimeSpan ? value : RedisCoordinationOptions.AtLeast(TimeSpan.FromMilliseconds(1), value, nameof(MaxAge));
    }

    /// <summary>How many items an inbox holds here; what it has no room for it reads from the server when it has. Default 1000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int Capacity { get => _capacity; init => _capacity = Positive(value, nameof(Capacity)); }

    private static int Positive(int value, string name) => value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "At least one.");
}
