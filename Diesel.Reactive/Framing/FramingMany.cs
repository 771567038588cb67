namespace Diesel.Reactive;

// Repetition: the second argument says what ends it.
public static partial class Framing
{
    internal const int DefaultMaxCount = 1024;

    /// <summary>As many items as a part in front of them says.</summary>
    /// <typeparam name="T">What an item is decoded to.</typeparam>
    /// <param name="item">Where an item ends.</param>
    /// <param name="count">The part in front of the first item.</param>
    /// <param name="maxCount">Items of the largest frame; the count is compared with it before it is used.</param>
    /// <returns>The items of each frame, in their order; possibly none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="item"/> or <paramref name="count"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is negative.</exception>
    /// <remarks>Errors: <see cref="ProtocolException"/> for a larger count, as soon as it has arrived. Memory grows with the items that
    /// came, not with the count. Each item is bounded by its own framing. Marble: marbles/many.marble. Idea: scodec's
    /// <c>listOfN</c>.</remarks>
    public static Framing<IReadOnlyList<T>> Many<T>(Framing<T> item, Framing<ulong> count, int maxCount = DefaultMaxCount)
    {
        Check(item, maxCount);
        ArgumentNullException.ThrowIfNull(count);
        return new RecipeFraming<IReadOnlyList<T>>(() => new CountedDecoder<T>(item, count, maxCount));
    }

    /// <inheritdoc cref="Many{T}(Framing{T}, Framing{ulong}, int)"/>
    /// <returns>The items of each frame, in their order; possibly none. Encoded, their count comes in front.</returns>
    public static Codec<IReadOnlyList<T>> Many<T>(Codec<T> item, Codec<ulong> count, int maxCount = DefaultMaxCount)
    {
        Check(item, maxCount);
        ArgumentNullException.ThrowIfNull(count);
        return new CountedCodec<T>(item, count, maxCount);
    }

    /// <summary>As many items as are known to come.</summary>
    /// <typeparam name="T">What an item is decoded to.</typeparam>
    /// <param name="item">Where an item ends.</param>
    /// <param name="count">Items; the peer may have sent it: it is compared with <paramref name="maxCount"/>.</param>
    /// <param name="maxCount">Items of the largest frame.</param>
    /// <returns>The items of each frame, in their order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="item"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is negative.</exception>
    /// <remarks>Errors: <see cref="ProtocolException"/> for a count that is negative or larger than allowed, before an item is
    /// read.</remarks>
    public static Framing<IReadOnlyList<T>> Many<T>(Framing<T> item, long count, int maxCount = DefaultMaxCount) =>
        Many(item, new KnownCount((ulong)count), maxCount);

    /// <inheritdoc cref="Many{T}(Framing{T}, long, int)"/>
    public static Codec<IReadOnlyList<T>> Many<T>(Codec<T> item, long count, int maxCount = DefaultMaxCount) =>
        Many(item, new KnownCount((ulong)count), maxCount);

    /// <summary>Items up to and including the last, which is known by itself: the empty line behind a head, the line of a reply that says
    /// no other follows.</summary>
    /// <typeparam name="T">What an item is decoded to.</typeparam>
    /// <param name="item">Where an item ends.</param>
    /// <param name="isLast">Called once per item.</param>
    /// <param name="maxCount">Items of the largest frame, the last included.</param>
    /// <returns>The items of each frame, in their order; at least one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="item"/> or <paramref name="isLast"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is negative.</exception>
    /// <remarks>Errors: <see cref="ProtocolException"/> when so many have come and none was the last.</remarks>
    public static Framing<IReadOnlyList<T>> Many<T>(Framing<T> item, Func<T, bool> isLast, int maxCount = DefaultMaxCount)
    {
        Check(item, maxCount);
        ArgumentNullException.ThrowIfNull(isLast);
        return new RecipeFraming<IReadOnlyList<T>>(() => new UntilLastDecoder<T>(item, isLast, maxCount));
    }

    /// <inheritdoc cref="Many{T}(Framing{T}, Func{T, bool}, int)"/>
    public static Codec<IReadOnlyList<T>> Many<T>(Codec<T> item, Func<T, bool> isLast, int maxCount = DefaultMaxCount)
    {
        Check(item, maxCount);
        ArgumentNullException.ThrowIfNull(isLast);
        return new UntilLastCodec<T>(item, isLast, maxCount);
    }

    /// <summary>Items up to bytes that stand where another one would begin.</summary>
    /// <typeparam name="T">What an item is decoded to.</typeparam>
    /// <param name="item">Where an item ends.</param>
    /// <param name="end">At least one byte; copied. No item begins with it.</param>
    /// <param name="maxCount">Items of the largest frame.</param>
    /// <returns>The items of each frame, in their order, without the end; possibly none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="item"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="end"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is negative.</exception>
    /// <remarks>Errors: <see cref="ProtocolException"/> when so many have come and another begins. While what is there may become the
    /// end, it waits.</remarks>
    public static Framing<IReadOnlyList<T>> Many<T>(Framing<T> item, ReadOnlySpan<byte> end, int maxCount = DefaultMaxCount)
    {
        Check(item, maxCount);
        if (end.IsEmpty)
        {
            throw new ArgumentException("An end has at least one byte.", nameof(end));
        }

        var copy = end.ToArray();
        return new RecipeFraming<IReadOnlyList<T>>(() => new TerminatedDecoder<T>(item, copy, maxCount));
    }

    /// <summary>Items that fill a frame to its end.</summary>
    /// <typeparam name="T">What an item is decoded to.</typeparam>
    /// <param name="item">Where an item ends; each takes at least one byte.</param>
    /// <param name="within">The frame that holds them, and nothing else.</param>
    /// <param name="maxCount">Items of the largest frame.</param>
    /// <returns>The items of each frame, in their order; possibly none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="item"/> or <paramref name="within"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is negative.</exception>
    /// <remarks>Errors: <see cref="ProtocolException"/> when the frame ends within an item, or holds more items;
    /// <see cref="InvalidOperationException"/> for items that take no bytes.</remarks>
    public static Framing<IReadOnlyList<T>> Many<T>(Framing<T> item, Framing<ReadOnlyMemory<byte>> within, int maxCount = DefaultMaxCount)
    {
        Check(item, maxCount);
        ArgumentNullException.ThrowIfNull(within);
        return within.Select(frame => ManyEncoding.Split(item, frame, maxCount));
    }

    /// <inheritdoc cref="Many{T}(Framing{T}, Framing{ReadOnlyMemory{byte}}, int)"/>
    public static Codec<IReadOnlyList<T>> Many<T>(Codec<T> item, Codec<ReadOnlyMemory<byte>> within, int maxCount = DefaultMaxCount)
    {
        Check(item, maxCount);
        ArgumentNullException.ThrowIfNull(within);
        return within.Select(frame => ManyEncoding.Split(item, frame, maxCount), items => ManyEncoding.Join(item, items, maxCount));
    }

    private static void Check<T>(Framing<T> item, int maxCount)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentOutOfRangeException.ThrowIfNegative(maxCount);
    }
}
