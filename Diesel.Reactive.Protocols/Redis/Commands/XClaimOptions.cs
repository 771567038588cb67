namespace Diesel.Reactive.Protocols.Redis;

/// <summary>How <c>XClaim</c> gives entries to another consumer.</summary>
public readonly record struct XClaimOptions
{
    /// <summary>How long they count as idle from now on; null: not at all.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>Since when they count as idle; null: since now.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    /// <summary>How often they count as delivered; null: once more.</summary>
    public long? Deliveries { get; init; }

    /// <summary>Whether entries are made pending that were nobody's.</summary>
    public bool Force { get; init; }

    /// <summary>The last entry the group has been given, if that is later than what the server knows.</summary>
    public StreamId? LastId { get; init; }

    internal ReadOnlySpan<Bytes> Words() => (Bytes[])
    [
        .. Idle is { } span ? new Bytes[] { "IDLE", Reply.Milliseconds(span) } : [],
        .. IdleSince is { } moment ? new Bytes[] { "TIME", moment.ToUnixTimeMilliseconds() } : [],
        .. Deliveries is { } count ? new Bytes[] { "RETRYCOUNT", count } : [],
        .. "FORCE".If(Force),
        .. LastId is { } id ? new Bytes[] { "LASTID", id } : [],
    ];
}
