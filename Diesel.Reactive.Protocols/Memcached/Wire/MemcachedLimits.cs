namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What a peer may send.</summary>
public sealed record MemcachedLimits
{
    private readonly int _maxLine = 2048;
    private readonly int _maxValue = 1024 * 1024;

    /// <summary>The defaults, which are memcached's own.</summary>
    public static MemcachedLimits Default { get; } = new();

    /// <summary>Bytes of a line without its end; default 2048. A line of several keys (<c>get a b …</c>), which a server reads, may have more:
    /// a thousand of the longest.</summary>
    public int MaxLine { get => _maxLine; init => _maxLine = Setting.Positive(value); }

    /// <summary>Bytes of a value; default 1 MiB, as memcached's <c>-I</c>.</summary>
    public int MaxValue { get => _maxValue; init => _maxValue = Setting.Positive(value); }
}
