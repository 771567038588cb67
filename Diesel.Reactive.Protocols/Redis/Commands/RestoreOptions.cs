namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How <c>Restore</c> stores a value.</summary>
public readonly record struct RestoreOptions
{
    /// <summary>How long it lives; null: for ever, or what else is said.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>When it expires; null: never, or what else is said.</summary>
    public DateTimeOffset? ExpireAt { get; init; }

    /// <summary>Whether what is there may be overwritten.</summary>
    public bool Replace { get; init; }

    /// <summary>How long it counts as not used; null: not at all.</summary>
    public TimeSpan? IdleTime { get; init; }

    /// <summary>How often it counts as used, by the logarithm; null: as the server likes.</summary>
    public long? Freq { get; init; }

    /// <summary>A value that expires.</summary>
    /// <param name="expiry">How long it lives.</param>
    public static implicit operator RestoreOptions(TimeSpan expiry) => new() { Expiry = expiry };

    internal Bytes Ttl => ExpireAt is { } moment ? moment.ToUnixTimeMilliseconds() : Expiry is { } span ? Reply.Milliseconds(span) : 0;

    /// <exception cref="ArgumentException">Two expiries are said.</exception>
    internal ReadOnlySpan<Bytes> Words() => Expiry is not null && ExpireAt is not null
        ? throw new ArgumentException($"Of {nameof(Expiry)} and {nameof(ExpireAt)} only one can be.")
        : (Bytes[])
        [
            .. "REPLACE".If(Replace),
            .. "ABSTTL".If(ExpireAt is not null),
            .. IdleTime is { } idle ? new Bytes[] { "IDLETIME", (long)idle.TotalSeconds } : [],
            .. Freq is { } freq ? new Bytes[] { "FREQ", freq } : [],
        ];
}
