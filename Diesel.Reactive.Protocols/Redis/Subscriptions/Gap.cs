namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A time in which messages may have been missed: the connection was lost, and is back.</summary>
/// <param name="From">When the loss was noticed; it may have begun earlier, by <see cref="RedisOptions.PingInterval"/> and
/// <see cref="ProtocolOptions.Timeout"/> at most.</param>
/// <param name="Until">When the server has confirmed all subscriptions again.</param>
public readonly record struct Gap(DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>How long it was.</summary>
    public TimeSpan Duration => Until - From;
}
