using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>The pull side: reads with <c>await foreach</c>, one item when it is asked for.</summary>
/// <remarks>Nothing is taken before the loop asks for it, so a slow loop slows its source: a connection is not read, a queue
/// keeps its items. Leaving the loop, or cancelling it, consumes nothing more. Operators of System.Linq and
/// System.Interactive.Async apply.</remarks>
public static class ReadAllExtensions
{
    /// <summary>Reads a connection's frames.</summary>
    /// <typeparam name="T">What a frame is decoded to.</typeparam>
    /// <param name="connection">Has one reader at a time: this, from asking for a frame until it is there.</param>
    /// <param name="framing">Where a frame ends.</param>
    /// <param name="cancellation">Ends the loop with <see cref="OperationCanceledException"/>.</param>
    /// <returns>One item per frame; ends at the peer's FIN. What is not read stays for the next reader.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>Errors: as <see cref="Connection.Read{T}"/>.</remarks>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(
        this Connection connection, Framing<T> framing, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(framing);
        return Repeat(() => connection.Read(framing), cancellation);
    }

    /// <summary>Reads a queue's items, as one of its consumers.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="queue">Shared with other consumers or not.</param>
    /// <param name="cancellation">Ends the loop with <see cref="OperationCanceledException"/>.</param>
    /// <returns>One item after the other; ends when the queue was completed and is empty.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="queue"/> is null.</exception>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(this IQueue<T> queue, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return Repeat(() => queue.Get(), cancellation);
    }

    /// <summary>Reads an inbox of a fan-out or a dispatcher.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="inbox">Stays the caller's to dispose.</param>
    /// <param name="cancellation">Ends the loop with <see cref="OperationCanceledException"/>.</param>
    /// <returns>One item after the other; without end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="inbox"/> is null.</exception>
    /// <remarks>Errors: as <see cref="Inbox{T}.Get"/>.</remarks>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(this Inbox<T> inbox, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inbox);
        return Repeat(() => inbox.Get(), cancellation);
    }

    /// <summary>Reads a fan-out, with an inbox of its own that lives as long as the loop.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="fanout">Subscribed when the loop begins.</param>
    /// <param name="capacity">Items that may wait for the loop; null for the fan-out's.</param>
    /// <param name="overflow">The policy past that; null for the fan-out's.</param>
    /// <param name="cancellation">Ends the loop with <see cref="OperationCanceledException"/>.</param>
    /// <returns>One item after the other; without end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fanout"/> is null.</exception>
    /// <remarks>Errors: <see cref="QueueFullException"/>, behind the items that are there, when it was too slow.</remarks>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(
        this Fanout<T> fanout, int? capacity = null, Overflow? overflow = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fanout);
        return ReadInbox(() => fanout.Open(capacity, overflow), cancellation);
    }

    /// <summary>Reads any observable through a bounded buffer.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="source">Subscribed when the loop begins, unsubscribed when it is left. Frames straight from a connection
    /// (<c>connection.UntilEol()</c>) are held when the buffer is full, so nothing overflows.</param>
    /// <param name="capacity">Items that may wait for the loop.</param>
    /// <param name="overflow">What happens when a source that cannot be held gives one more.</param>
    /// <param name="hub">Where the buffer lives; null for the source's, the current, or the default one.</param>
    /// <param name="cancellation">Ends the loop with <see cref="OperationCanceledException"/>.</param>
    /// <returns>One item after the other; ends with the source.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive.</exception>
    /// <remarks>Errors: those of the source, behind its items; <see cref="QueueFullException"/>, likewise.</remarks>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(
        this IObservable<T> source, int capacity, Overflow overflow = Overflow.Fail, Hub? hub = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        return ReadBridge(source, capacity, overflow, (source as IPausable)?.Hub ?? Hub.Of(hub), cancellation);
    }

    private static async IAsyncEnumerable<T> ReadInbox<T>(Func<Inbox<T>> open, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var inbox = open();
        await foreach (var item in Repeat(() => inbox.Get(), cancellation))
        {
            yield return item;
        }
    }

    private static async IAsyncEnumerable<T> ReadBridge<T>(
        IObservable<T> source, int capacity, Overflow overflow, Hub hub, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var bridge = new PullBridge<T>(source, capacity, overflow, hub);
        await foreach (var item in Repeat(bridge.Get, cancellation))
        {
            yield return item;
        }
    }

    // A token that can be cancelled is one more entrant: the wait that loses to it consumes nothing.
    private static async IAsyncEnumerable<T> Repeat<T>(Func<Awaitable<T>> next, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            T item;
            try
            {
                item = cancellation.CanBeCanceled ? await next().Until(cancellation) : await next();
            }
            catch (EndOfStreamException)
            {
                yield break;
            }

            yield return item;
        }
    }
}
