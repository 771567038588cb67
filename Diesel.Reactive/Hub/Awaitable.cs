namespace Diesel.Reactive;

/// <summary>An observable of at most one value that can be awaited cheaply, and raced with <see cref="First"/>.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <remarks>Awaited on a hub, it resumes on that hub, in the loop that awaits. A source that completes without a value
/// throws <see cref="EndOfStreamException"/> from the <c>await</c>.</remarks>
public abstract class Awaitable<T> : IObservable<T>
{
    private protected Awaitable()
    {
    }

    /// <inheritdoc/>
    public abstract IDisposable Subscribe(IObserver<T> observer);

    /// <summary>For the compiler: makes <c>await</c> work.</summary>
    /// <returns>An awaiter for one use.</returns>
    public Awaiter<T> GetAwaiter() =>
        SynchronizationContext.Current is not HubContext { IsEnding: true } && TryTake(out var ready) ? new Awaiter<T>(ready) : new Awaiter<T>(new Suspension<T>(this));

    /// <summary>The same with a time limit, on its own hub's clock.</summary>
    /// <param name="limit">How long to wait; zero: only if it is ready; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <param name="hub">Whose clock counts if it is bound to no hub; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription and each <c>await</c> counts anew. What is late has consumed nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is negative.</exception>
    /// <remarks>Errors: <see cref="TimeoutException"/> when the time is up. Rx's operator of that name counts on the thread pool.</remarks>
    public Awaitable<T> Timeout(TimeSpan limit, Hub? hub = null)
    {
        if (limit == System.Threading.Timeout.InfiniteTimeSpan)
        {
            return this;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero);
        return new TimedAwaitable<T>(this, limit, hub);
    }

    /// <summary>The hub it lives on, if it is bound to one: a race runs there.</summary>
    internal virtual Hub? Home => null;

    /// <summary>A value that is there already, taken without subscribing.</summary>
    internal virtual bool TryTake(out T value)
    {
        value = default!;
        return false;
    }
}
