namespace Diesel.Reactive;

/// <summary>The peer sent, or announced, a frame longer than the framing allows.</summary>
/// <remarks>It is found before the frame is buffered whole, so the memory of a reader stays bounded.</remarks>
public sealed class FrameTooLongException : ProtocolException
{
    /// <summary>Makes an exception for a frame of that many bytes.</summary>
    /// <param name="arrived">Bytes announced, or bytes that arrived without the end of the frame among them.</param>
    /// <param name="limit">Bytes allowed.</param>
    public FrameTooLongException(long arrived, long limit)
        : base(
            $"The peer sent or announced a frame of at least {arrived} bytes, the limit is {limit}. "
            + "Raise maxLength to allow it.") =>
        Limit = limit;

    /// <summary>Bytes allowed in a frame, its delimiter or length prefix excluded.</summary>
    public long Limit { get; }
}
