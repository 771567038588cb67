using System.Net;

namespace Diesel.Reactive;

/// <summary>A connection was aborted because its peer did not read what was queued for it.</summary>
/// <param name="pendingBytes">Bytes queued when it was aborted.</param>
/// <param name="limit">The bound, in bytes.</param>
/// <param name="endPoint">The peer.</param>
public sealed class SlowConsumerException(long pendingBytes, long limit, EndPoint endPoint) : ConnectionException(
    $"{endPoint} does not read: {pendingBytes} bytes are queued for it and the limit is {limit}. " +
    $"Await Send, watch Writable, or raise MaxPendingBytes.",
    endPoint)
{
    /// <summary>Bytes queued when the connection was aborted.</summary>
    public long PendingBytes { get; } = pendingBytes;

    /// <summary>The bound, in bytes.</summary>
    public long Limit { get; } = limit;
}
