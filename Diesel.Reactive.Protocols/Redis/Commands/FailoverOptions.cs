namespace Diesel.Reactive.Protocols.Redis;

/// <summary>To whom, and how, <c>Failover</c> hands over.</summary>
public readonly record struct FailoverOptions
{
    /// <summary>The replica's address; null: any.</summary>
    public string? Host { get; init; }

    /// <summary>The replica's port.</summary>
    public int Port { get; init; }

    /// <summary>How long to wait for it; null: for ever.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Whether it is handed over when that time is up, although something may be lost.</summary>
    public bool Force { get; init; }

    internal ReadOnlySpan<Bytes> Words() => (Bytes[])
    [
        .. Host is { } host ? (Bytes[])["TO", host, Port, .. "FORCE".If(Force)] : [],
        .. Wait is { } wait ? new Bytes[] { "TIMEOUT", Reply.Milliseconds(wait) } : [],
    ];
}
