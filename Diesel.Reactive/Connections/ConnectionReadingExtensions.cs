namespace Diesel.Reactive;

/// <summary>Ways to read a connection that are made of others: without frames, and within a time.</summary>
public static class ConnectionReadingExtensions
{
    /// <summary>Reads one frame within a time.</summary>
    /// <typeparam name="T">What a frame is decoded to.</typeparam>
    /// <param name="connection">Has one reader at a time.</param>
    /// <param name="framing">Where a frame ends; share one instance between reads.</param>
    /// <param name="within">From the subscription on, on the hub's clock; zero: only if it is there;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: however long it takes.</param>
    /// <returns>As <see cref="Connection.Read{T}"/>. A read that was late has consumed nothing.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="within"/> is negative.</exception>
    /// <remarks>Errors: those of <see cref="Connection.Read{T}"/>, and <see cref="TimeoutException"/>, which tells how much of the frame
    /// had come. Costs hardly more than a read without a limit.</remarks>
    public static Awaitable<T> Read<T>(this Connection connection, Framing<T> framing, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Read(framing).Timeout(within);
    }

    /// <summary>Reads what is there, or what comes next.</summary>
    /// <param name="connection">Has one reader at a time.</param>
    /// <param name="most">Bytes, at least 1; the rest stays.</param>
    /// <returns>Cold: each subscription, and each <c>await</c>, reads once and gives at least one byte; completes empty when the peer
    /// has ended (awaited, that is an <see cref="EndOfStreamException"/>).</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is less than 1.</exception>
    /// <remarks>Errors: as <see cref="Connection.Read{T}"/>.</remarks>
    public static Awaitable<ReadOnlyMemory<byte>> ReadSome(this Connection connection, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return connection.LastReading is Reading<ReadOnlyMemory<byte>> { Framing: ChunkFraming last } same && last.Most == most
            ? same
            : connection.Read(new ChunkFraming(most));
    }

    /// <summary>Reads a body of known length, in chunks as they come.</summary>
    /// <param name="connection">Has one reader at a time.</param>
    /// <param name="count">Bytes; not one more is taken. 0: it completes at once.</param>
    /// <returns>Cold around a hot source: subscribing attaches the reader, unsubscribing detaches it and leaves what was not delivered.
    /// Completes behind the last byte, when somebody else may read already. Held by <see cref="Connection.Pause"/>, and by operators
    /// that hold a connection (<c>SelectAsync</c>, <c>ReadAllAsync</c>, <c>ObserveOnBounded</c>).</returns>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <remarks>Errors: as <see cref="Connection.Decode{T}"/>; a peer that ends before is a <see cref="TruncatedFrameException"/>, which
    /// tells what is missing. A service holds its peer to <c>TcpServiceOptions.MinimumRate</c> meanwhile, and one that stops waits
    /// for the rest. In one piece: <c>Read(Framing.Bytes(count))</c>.</remarks>
    public static IObservable<ReadOnlyMemory<byte>> Body(this Connection connection, long count)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new CountedBody(connection.Life.Input, count);
    }
}
