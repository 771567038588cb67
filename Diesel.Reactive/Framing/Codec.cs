using System.Buffers;

namespace Diesel.Reactive;

/// <summary>A framing that is known in both directions: what it decodes it encodes, too.</summary>
/// <typeparam name="T">What a frame is decoded to, and encoded from.</typeparam>
/// <remarks>What is encoded is decoded to the same value, however the bytes are cut; what would not be is refused before a byte is
/// written. Codecs compose: <see cref="Select{TResult}"/> with the way back, <see cref="Then{TNext}(Codec{TNext})"/>, and
/// <see cref="Framing.Many{T}(Codec{T}, Codec{ulong}, int)"/>. What is composed as a framing (LINQ's <c>from</c>, <c>Or</c>) decodes
/// only. Idea: scodec's <c>Codec</c>, whose <c>xmap</c>, <c>flatZip</c> and <c>listOfN</c> these are; tokio-util's <c>Encoder</c>.</remarks>
public abstract class Codec<T> : Framing<T>
{
    /// <summary>Writes one frame.</summary>
    /// <param name="value">What decoding is to give back.</param>
    /// <param name="output">Takes the frame's bytes, all of them or none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    /// <exception cref="ArgumentException">The value is none that the decoder would give back: too long, holding its own delimiter,
    /// not of the length announced. Nothing was written.</exception>
    public abstract void Encode(T value, IBufferWriter<byte> output);

    /// <summary>One frame in memory of its own.</summary>
    /// <param name="value">What decoding is to give back.</param>
    /// <returns>The frame's bytes: for <c>connection.Send</c>, say.</returns>
    /// <exception cref="ArgumentException">As <see cref="Encode(T, IBufferWriter{byte})"/>.</exception>
    public ReadOnlyMemory<byte> Encode(T value) => EncodedParts.ToMemory(this, value);

    /// <summary>Turns each frame into another value, and back.</summary>
    /// <typeparam name="TResult">What a frame becomes.</typeparam>
    /// <param name="there">Called once per frame that is decoded.</param>
    /// <param name="back">Called once per value that is encoded; gives what <paramref name="there"/> makes the same value of, and
    /// throws <see cref="ArgumentException"/> where there is none.</param>
    /// <returns>A codec of the same bytes.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Codec<TResult> Select<TResult>(Func<T, TResult> there, Func<TResult, T> back)
    {
        ArgumentNullException.ThrowIfNull(there);
        ArgumentNullException.ThrowIfNull(back);
        return new SelectCodec<T, TResult>(this, Select(there), back);
    }

    /// <summary>Accepts only values that satisfy a condition, in both directions.</summary>
    /// <param name="predicate">Called once per frame and per value.</param>
    /// <returns>A codec of the same bytes that fails with <see cref="ProtocolException"/> for a frame, and refuses with
    /// <see cref="ArgumentException"/> a value, that does not satisfy it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="predicate"/> is null.</exception>
    public override Codec<T> Where(Func<T, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new SelectCodec<T, T>(this, base.Where(predicate), value => predicate(value)
            ? value
            : throw new ArgumentException("The protocol's condition refuses this value.", nameof(value)));
    }

    /// <summary>Goes on with another codec: two parts are one frame.</summary>
    /// <typeparam name="TNext">What the second part is.</typeparam>
    /// <param name="next">The second part.</param>
    /// <returns>A codec of both; <see cref="Select{TResult}"/> makes what you like of the pair.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    public Codec<(T First, TNext Second)> Then<TNext>(Codec<TNext> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Then(_ => next);
    }

    /// <summary>Goes on with a codec that depends on this one's value: a kind and what belongs to it, a head and its body.</summary>
    /// <typeparam name="TNext">What the second part is.</typeparam>
    /// <param name="next">Called once per frame, with more of it still to arrive, and once per value.</param>
    /// <returns>A codec of both; <see cref="Select{TResult}"/> makes what you like of the pair.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    /// <remarks>As <see cref="Framing{T}.SelectMany{TResult}"/>, and back.</remarks>
    public Codec<(T First, TNext Second)> Then<TNext>(Func<T, Codec<TNext>> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new ThenCodec<T, TNext>(this, next);
    }

    /// <summary>The same as a part of a whole that is dropped when it refuses: bytes may have been written by then.</summary>
    internal virtual void EncodePart(T value, IBufferWriter<byte> output) => Encode(value, output);
}
