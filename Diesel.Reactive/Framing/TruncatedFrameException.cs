namespace Diesel.Reactive;

/// <summary>The peer ended its stream in the middle of a frame.</summary>
/// <remarks>The frames before it were delivered.</remarks>
public sealed class TruncatedFrameException : ProtocolException
{
    /// <summary>Makes an exception for a frame of which only the beginning arrived.</summary>
    /// <param name="pendingBytes">Bytes that arrived of the frame.</param>
    public TruncatedFrameException(long pendingBytes)
        : base($"The peer closed in the middle of a frame with {pendingBytes} bytes pending.") =>
        PendingBytes = pendingBytes;

    /// <summary>Bytes that arrived of the frame that was not finished.</summary>
    public long PendingBytes { get; }
}
