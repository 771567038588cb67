namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How <c>Set</c> stores a value.</summary>
public readonly record struct SetOptions
{
    /// <summary>How long it lives; null: for ever, or what else is said.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>When it expires; null: never, or what else is said.</summary>
    public DateTimeOffset? ExpireAt { get; init; }

    /// <summary>Whether it expires when the value before it would have.</summary>
    public bool KeepTtl { get; init; }

    /// <summary>On which condition it is stored.</summary>
    public When When { get; init; }

    /// <summary>A value that expires.</summary>
    /// <param name="expiry">How long it lives.</param>
    public static implicit operator SetOptions(TimeSpan expiry) => new() { Expiry = expiry };

    /// <summary>A value that is stored on a condition.</summary>
    /// <param name="when">On which.</param>
    public static implicit operator SetOptions(When when) => new() { When = when };

    internal ReadOnlySpan<Bytes> Words()
    {
        if ((Expiry is null ? 0 : 1) + (ExpireAt is null ? 0 : 1) + (KeepTtl ? 1 : 0) > 1)
        {
            throw new ArgumentException($"Of {nameof(Expiry)}, {nameof(ExpireAt)} and {nameof(KeepTtl)} only one can be.");
        }

        return Expiry is { } span ? (Bytes[])["PX", Reply.Milliseconds(span), .. When.Words()]
            : ExpireAt is { } moment ? (Bytes[])["PXAT", moment.ToUnixTimeMilliseconds(), .. When.Words()]
            : KeepTtl ? (Bytes[])["KEEPTTL", .. When.Words()]
            : When.Words();
    }
}
