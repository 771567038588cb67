namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How a client deals with a cluster.</summary>
public sealed record RedisClusterOptions
{
    private readonly int _maxRedirects = 16;

    /// <summary>How often a command follows the servers' word that its slot is elsewhere (<c>MOVED</c>, <c>ASK</c>) before that is its error. Default 16.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or less.</exception>
    public int MaxRedirects { get => _maxRedirects; init => _maxRedirects = Setting.Positive(value); }

    /// <summary>Whether <c>MSET</c> of keys in several slots is sent as several: then others may see a part of it, and a part of it may fail. False: it is
    /// refused. Default true.</summary>
    public bool SplitsMSet { get; init; } = true;
}
