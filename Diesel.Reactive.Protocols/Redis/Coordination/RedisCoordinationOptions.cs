namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What holds for all objects of a <see cref="RedisCoordination"/>.</summary>
public sealed record RedisCoordinationOptions
{
    private readonly TimeSpan _keepFor = TimeSpan.FromDays(1);
    private readonly TimeSpan _repeatFor = TimeSpan.FromSeconds(30);
    private readonly TimeSpan _replicaTimeout = TimeSpan.FromSeconds(1);
    private readonly int _waitReplicas;
    private readonly int _maxWaiting = 100_000;

    /// <summary>After what time without use the server forgets an object; one with items in it stays. Default one day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than a second.</exception>
    public TimeSpan KeepFor { get => _keepFor; init => _keepFor = AtLeast(TimeSpan.FromSeconds(1), value, nameof(KeepFor)); }

    /// <summary>For how long, from when it was asked for, a step is repeated whose fate is not known; the server does it once. Then it has failed. Default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or more than half an hour: so long a server remembers a step.</exception>
    public TimeSpan RepeatFor
    {
        get => _repeatFor;
        init => _repeatFor = value <= TimeSpan.FromMinutes(30) ? AtLeast(TimeSpan.Zero, value, nameof(RepeatFor)) : throw new ArgumentOutOfRangeException(nameof(RepeatFor), value, "A server remembers a step for an hour.");
    }

    /// <summary>How many steps of an object may wait to be sent, or for their reply; one more fails with <see cref="OutboxFullException"/>. Default 100 000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int MaxWaiting
    {
        get => _maxWaiting;
        init => _maxWaiting = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxWaiting), value, "At least one.");
    }

    /// <summary>How many replicas must have what was put into a queue before it counts as put, and a lock or a place of a semaphore before it counts as acquired; 0, the default: none. It costs a
    /// connection while one waits, and a round trip to the replica. A put is repeated until they have it; a lock that they do not have in time is let go.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int WaitReplicas
    {
        get => _waitReplicas;
        init => _waitReplicas = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(WaitReplicas), value, "There are none, or some.");
    }

    /// <summary>How long is waited for the replicas; default 1 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than a millisecond.</exception>
    public TimeSpan ReplicaTimeout { get => _replicaTimeout; init => _replicaTimeout = AtLeast(TimeSpan.FromMilliseconds(1), value, nameof(ReplicaTimeout)); }

    internal static TimeSpan AtLeast(TimeSpan least, TimeSpan value, string name) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"At least {least}.");
}
