namespace Diesel.Reactive;

/// <summary>The peer ended its stream in the middle of a frame, or of a counted body.</summary>
/// <remarks>The frames before it were delivered.</remarks>
public sealed class TruncatedFrameException : ProtocolException
{
    /// <summary>Makes an exception for a frame of which only the beginning arrived.</summary>
    /// <param name="pendingBytes">Bytes that arrived of the frame.</param>
    /// <param name="missingBytes">Bytes that were still to come, at least; 0: nobody knows.</param>
    public TruncatedFrameException(long pendingBytes, long missingBytes = 0)
        : base($"The peer closed in the middle of a frame with {pendingBytes} bytes pending{(missingBytes > 0 ? $" and {missingBytes} missing" : "")}.") =>
        (PendingBytes, MissingBytes) = (pendingBytes, missingBytes);

    internal TruncatedFrameException(long pendingBytes, long missingBytes, bool isCut)
        : this(pendingBytes, missingBytes) => IsCut = isCut;

    /// <summary>What is missing, and which peer sent it.</summary>
    public override string Message => IsCut
        ? $"{base.Message} It did not say that it ends, as TLS asks for (close_notify), so somebody on the way may have cut the connection." : base.Message;

    private bool IsCut { get; }

    /// <summary>Bytes that arrived of the frame that was not finished; of a body, delivered already.</summary>
    public long PendingBytes { get; }

    /// <summary>Bytes that were still to come, at least, as its length or framing says; 0: nobody knows.</summary>
    public long MissingBytes { get; }
}
