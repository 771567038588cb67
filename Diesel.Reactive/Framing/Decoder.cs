namespace Diesel.Reactive;

/// <summary>A running instance of a <see cref="Framing{T}"/>: finds one frame after the other at the start of a buffer.</summary>
/// <typeparam name="T">What a frame is decoded to.</typeparam>
/// <remarks>
/// One decoder belongs to one reader and is called from one thread at a time. It remembers how far it looked, so that the
/// work over a frame is linear in its bytes however they were cut. It knows no socket, no observable and no task.
/// Idea: tokio-util's <c>Decoder</c>, with its <c>decode_eof</c> and its reservations, and h11's readers.
/// </remarks>
public abstract class Decoder<T>
{
    /// <summary>Takes one whole frame from the start of the buffer, if it is there.</summary>
    /// <param name="buffer">All bytes not consumed yet, contiguous, from the first byte of the frame. After a call that
    /// returned <see langword="false"/> the next buffer is the same bytes (less what was consumed) with more behind them.
    /// The bytes never change: frames may be slices of the buffer.</param>
    /// <param name="frame">The frame, when there is one.</param>
    /// <param name="consumed">Bytes the frame took, its delimiter or prefix included; may be 0 (an empty frame). With
    /// <see langword="false"/> it is 0, except for a decoder that throws away an over-long frame by its policy.</param>
    /// <returns><see langword="true"/>: a frame was found and the decoder is ready for the next one.
    /// <see langword="false"/>: more bytes are needed.</returns>
    /// <exception cref="ProtocolException">No continuation of these bytes is a frame.</exception>
    public abstract bool TryDecode(ReadOnlyMemory<byte> buffer, out T frame, out int consumed);

    /// <summary>The same as a part of a grammar: with false, the run knows what it waits for.</summary>
    internal virtual bool TryPart(GrammarRun run, out T frame) => run.TryLeaf(this, out frame);

    /// <summary>Takes the last frame, if the end of the stream makes one of the bytes in front of it.</summary>
    /// <param name="buffer">What is left of the stream, for which <see cref="TryDecode"/> has just returned
    /// <see langword="false"/> (less what that consumed). At least one byte, unless it is the last part of a composed frame.</param>
    /// <param name="frame">The frame, when there is one.</param>
    /// <param name="consumed">As of <see cref="TryDecode"/>.</param>
    /// <returns><see langword="false"/>, as by default: the stream has ended inside a frame.</returns>
    /// <exception cref="ProtocolException">These bytes are no frame, though they are the last.</exception>
    public virtual bool TryDecodeEnd(ReadOnlyMemory<byte> buffer, out T frame, out int consumed)
    {
        (frame, consumed) = (default!, 0);
        return false;
    }

    /// <summary>Whether only the end of the stream says that all is there; by default it does not. One that somebody may have cut short, as over TLS
    /// without a farewell, is then an error.</summary>
    protected internal virtual bool TrustsEnd => false;

    /// <summary>How many bytes the frame that is begun still needs at least, as far as that is known: a hint, so that a long frame is
    /// received where it is to lie and a short one is not searched in vain.</summary>
    /// <param name="buffered">Length of the buffer for which <see cref="TryDecode"/> has just returned <see langword="false"/>.</param>
    /// <returns>0, as by default: it cannot say. The number may be the peer's, and as large as it likes: memory is taken as bytes
    /// arrive.</returns>
    public virtual int Missing(int buffered) => 0;

    /// <summary>Whether the peer owes bytes although none are unread: in the middle of something that is given out in several frames, as a body is.
    /// By default it owes nothing between two frames.</summary>
    /// <remarks>A stream that ends there is cut off; a service that stops waits for the rest, and holds its peer to a rate meanwhile. Asked of the decoder
    /// that reads; frames that are made of others owe nothing.</remarks>
    public virtual bool IsOwed => false;
}
