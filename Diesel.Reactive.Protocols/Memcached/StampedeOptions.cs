namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>How <see cref="MemcachedClient.GetOrCompute"/> keeps a value from being computed by all who miss it.</summary>
public sealed record StampedeOptions
{
    private readonly TimeSpan _computing = TimeSpan.FromSeconds(30);
    private readonly TimeSpan _maxWait = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _look = TimeSpan.FromMilliseconds(25);

    /// <summary>The defaults.</summary>
    public static StampedeOptions Default { get; } = new();

    /// <summary>How long one who computes may take: when it is not there then, somebody else computes. Default 30 s.</summary>
    public TimeSpan Computing { get => _computing; init => _computing = Setting.Positive(value); }

    /// <summary>How long others wait for a value of which there is no stale one; then they compute one themselves, which they do not store. Default 5 s.</summary>
    public TimeSpan MaxWait { get => _maxWait; init => _maxWait = Setting.Positive(value); }

    /// <summary>How often they look at first; each time twice as long, up to a second. Default 25 ms.</summary>
    public TimeSpan Look { get => _look; init => _look = Setting.Positive(value); }

    /// <summary>A value that is there for less than this is computed anew by the first who asks, while the others get it; null, the default: it is used
    /// until it is gone.</summary>
    public TimeSpan? RefreshBefore { get; init; }
}
