namespace Diesel.Reactive.Protocols.Redis;

/// <summary>One too many waits to be sent to an object of a <see cref="RedisCoordination"/>.</summary>
public sealed class OutboxFullException : InvalidOperationException
{
    internal OutboxFullException(string what, int limit)
        : base($"{limit} steps wait to be sent to {what}: the server, or the connection to it, is slower than the program. Await the twins with Async, or raise {nameof(RedisCoordinationOptions.MaxWaiting)}.") =>
        Limit = limit;

    /// <summary>How many may wait.</summary>
    public int Limit { get; }
}
