namespace Diesel.Reactive;

/// <summary>An immutable recipe that says where a frame ends and what it means.</summary>
/// <typeparam name="T">What a frame is decoded to.</typeparam>
/// <remarks>
/// Share one instance between readers: a reader reuses its decoder for the same instance. Recipes compose with LINQ;
/// <c>from header in A from body in B(header) select …</c> is one frame made of two. A frame is consumed only when all
/// its parts are there. Source: the monadic combinators of Pidgin and Superpower, over bytes that have not all arrived.
/// </remarks>
public abstract class Framing<T>
{
    /// <summary>Starts a decoder at the beginning of a frame.</summary>
    /// <returns>A decoder for one reader; a new one, unless it remembers nothing.</returns>
    public abstract Decoder<T> CreateDecoder();

    /// <summary>What a frame is, as errors show it.</summary>
    public override string ToString() => typeof(T) == typeof(ReadOnlyMemory<byte>) ? "bytes" : typeof(T).Name;

    /// <summary>Turns each frame into another value.</summary>
    /// <typeparam name="TResult">What a frame becomes.</typeparam>
    /// <param name="selector">Called once per frame; what it throws reaches the reader as it is.</param>
    /// <returns>A framing of the same bytes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="selector"/> is null.</exception>
    public Framing<TResult> Select<TResult>(Func<T, TResult> selector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return new RecipeFraming<TResult>(() => SelectDecoder<T, TResult>.Of(CreateDecoder(), selector));
    }

    /// <summary>Accepts only frames that satisfy a condition.</summary>
    /// <param name="predicate">Called once per frame; check a length the peer sent here, before it is used.</param>
    /// <returns>A framing of the same bytes that fails with <see cref="ProtocolException"/> where the condition
    /// does.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="predicate"/> is null.</exception>
    public virtual Framing<T> Where(Func<T, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Select(frame => predicate(frame)
            ? frame
            : throw new ProtocolException("A frame arrived that the protocol's condition refuses."));
    }

    /// <summary>Goes on with a framing that depends on this one's frame.</summary>
    /// <typeparam name="TResult">What the second framing decodes to.</typeparam>
    /// <param name="selector">Called once per frame of this framing, with more of the frame still to arrive.</param>
    /// <returns>A framing that takes both parts as one frame and gives the second.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="selector"/> is null.</exception>
    public Framing<TResult> SelectMany<TResult>(Func<T, Framing<TResult>> selector) =>
        SelectMany(selector, static (_, tail) => tail);

    /// <summary>Goes on with a framing that depends on this one's frame, and combines the two: LINQ's second
    /// <c>from</c>.</summary>
    /// <typeparam name="TTail">What the second framing decodes to.</typeparam>
    /// <typeparam name="TResult">What the two become.</typeparam>
    /// <param name="selector">Called once per frame of this framing, with more of the frame still to arrive.</param>
    /// <param name="result">Called once per whole frame.</param>
    /// <returns>A framing that takes both parts as one frame.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>The first part is decoded once, however late the second arrives. Grammars may nest and recurse: what a frame costs
    /// is in proportion to its bytes and parts, however they come, and none of it is on the thread's stack. One with more than 32 768 parts
    /// inside one another fails with <see cref="ProtocolException"/>; bound the depth where a peer decides it. When the second part throws
    /// away an over-long frame (<see cref="FrameOverflow.Discard"/>), the bytes of the first part go with it and its
    /// value is kept, so that memory stays bounded.</remarks>
    public Framing<TResult> SelectMany<TTail, TResult>(Func<T, Framing<TTail>> selector, Func<T, TTail, TResult> result)
    {
        ArgumentNullException.ThrowIfNull(selector);
        ArgumentNullException.ThrowIfNull(result);
        return new RecipeFraming<TResult>(() => new SelectManyDecoder<T, TTail, TResult>(this, selector, result));
    }

    /// <summary>Tries this framing, and where it fails another one from the same first byte.</summary>
    /// <param name="second">Tried where this one fails with <see cref="ProtocolException"/>.</param>
    /// <returns>A framing that gives this one's frame, else the other's. While this one needs more bytes it
    /// waits; that the stream ends is a failure, too.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="second"/> is null.</exception>
    /// <remarks>A failed attempt costs an exception. Where a first byte tells the alternatives apart and many frames
    /// arrive, <see cref="SelectMany{TResult}"/> over that byte is faster. What a failed attempt has read is read again by the second: where
    /// alternatives that fail late are nested in one another, that doubles with each level. Bytes this framing has thrown away by its
    /// policy commit the reader to it.</remarks>
    public Framing<T> Or(Framing<T> second)
    {
        ArgumentNullException.ThrowIfNull(second);
        return new RecipeFraming<T>(() => new OrDecoder<T>(this, second));
    }
}
