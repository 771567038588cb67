using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Takes a source at one's own pace, with a bound, a policy past it, and a count of what was dropped.</summary>
public static class ToInboxExtensions
{
    /// <summary>Subscribes with an inbox.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="source">Subscribed at once; unsubscribed when the inbox is disposed or cut off. Nothing waits for the inbox.</param>
    /// <param name="capacity">Items it holds at most.</param>
    /// <param name="overflow">The policy past that.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>Gets the items, then the source's end or error behind them; dispose it to leave.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive, or <paramref name="overflow"/> is not
    /// defined.</exception>
    /// <remarks>Errors, behind the items that are there: the source's, and <see cref="QueueFullException"/> when it was cut off for being too slow.
    /// <c>ReadAllAsync</c> reads it with <c>await foreach</c>.</remarks>
    public static Inbox<T> ToInbox<T>(this IObservable<T> source, int capacity = 1024, Overflow overflow = Overflow.Fail, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        if (!Enum.IsDefined(overflow))
        {
            throw new ArgumentOutOfRangeException(nameof(overflow), overflow, $"There is no {nameof(Overflow)} {overflow}.");
        }

        var subscription = new SingleAssignmentDisposable();
        var inbox = new Inbox<T>(capacity, overflow, Hub.Of(hub), _ => subscription.Dispose());
        subscription.Disposable = source.Subscribe(new Filling<T>(inbox));
        return inbox;
    }

    private sealed class Filling<T>(Inbox<T> inbox) : IObserver<T>
    {
        public void OnNext(T value)
        {
            if (inbox.Queue.Hub.IsCurrent)
            {
                Offer(value);
            }
            else
            {
                inbox.Queue.Hub.Post(_ => Offer(value));
            }
        }

        public void OnError(Exception error) => inbox.Queue.Hub.Invoke(() => inbox.Queue.End(error));

        public void OnCompleted() => inbox.Queue.Complete();

        private void Offer(T value)
        {
            if (!inbox.IsClosed)
            {
                inbox.Offer(value);
            }
        }
    }
}
