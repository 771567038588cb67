using System.Reactive;

namespace Diesel.Reactive;

/// <summary>What lends items for uses: a <see cref="Pool{T}"/>, or a <see cref="BalancedPool{T}"/> of several. Whoever takes one takes either.</summary>
/// <typeparam name="T">The items' type.</typeparam>
public abstract class Lending<T> : IDisposable
{
    private readonly IBorrowed<T> _items;
    private readonly Awaitable<Lease<T>> _borrow;

    private protected Lending(IBorrowed<T> items, Awaitable<Lease<T>> borrow) => (_items, _borrow) = (items, borrow);

    /// <summary>Borrows an item; the caller gives it back by disposing the lease, or better lets <c>Use</c> do that.</summary>
    /// <param name="timeout">Zero: now or never. Null: as the pool has it, see <see cref="PoolOptions{T}.AcquireTimeout"/>.</param>
    /// <returns>Cold: each subscription and each <c>await</c> borrows one item.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="PoolTimeoutException"/>, <see cref="PoolExhaustedException"/>, <see cref="ObjectDisposedException"/> once it drains,
    /// and what failed in making an item; of several endpoints, what the last that was tried has failed with.</remarks>
    public Awaitable<Lease<T>> Borrow(TimeSpan? timeout = null) => timeout is null ? _borrow : Borrowed(Waits.For(timeout));

    /// <summary>Borrows an item for some work that gives a stream.</summary>
    /// <typeparam name="TResult">What the work gives.</typeparam>
    /// <param name="work">Has the item to itself until its result completes, fails or is unsubscribed. It is not repeated with another one when it
    /// fails.</param>
    /// <returns>Cold: what the work gives; each subscription borrows. The item is back before the end is told.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <remarks>Errors: those of <see cref="Borrow"/> and of the work. An error discards the item; unsubscribing before the end
    /// does too, unless <see cref="PoolOptions{T}.ReuseAbandoned"/>.</remarks>
    public IObservable<TResult> Use<TResult>(Func<T, IObservable<TResult>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new PoolUse<T, TResult>(_items, _borrow, work, oneResult: false);
    }

    /// <summary>Borrows an item for some work with one result.</summary>
    /// <typeparam name="TResult">What the work gives.</typeparam>
    /// <param name="work">Has the item to itself until its result is there.</param>
    /// <returns>As <see cref="Use{TResult}(Func{T, IObservable{TResult}})"/>; each <c>await</c> borrows.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    public Awaitable<TResult> Use<TResult>(Func<T, Awaitable<TResult>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new PoolUse<T, TResult>(_items, _borrow, work, oneResult: true);
    }

    /// <summary>Borrows an item for an asynchronous method.</summary>
    /// <typeparam name="TResult">What the method returns.</typeparam>
    /// <param name="work">Has the item to itself until its task ends; runs on the hub, in a loop of its own.</param>
    /// <returns>As <see cref="Use{TResult}(Func{T, IObservable{TResult}})"/>; unsubscribing ends the loop.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    public Awaitable<TResult> Use<TResult>(Func<T, Task<TResult>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new PoolUse<T, TResult>(_items, _borrow, item => Conversation.Of(_items.Hub, () => work(item)), oneResult: true);
    }

    /// <inheritdoc cref="Use{TResult}(Func{T, Task{TResult}})"/>
    public Awaitable<Unit> Use(Func<T, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Use(async item =>
        {
            await work(item);
            return Unit.Default;
        });
    }

    /// <summary>Ends it: lends nothing any more, closes what is idle, and each item as it comes back.</summary>
    public abstract void Dispose();

    private protected abstract Awaitable<Lease<T>> Borrowed(TimeSpan timeout);
}
