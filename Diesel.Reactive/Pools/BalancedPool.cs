using System.Net;
using System.Reactive;

namespace Diesel.Reactive;

/// <summary>Shares costly things, connections above all, to several endpoints that do the same: a <see cref="Pool{T}"/> for each, and every
/// use goes to one of them.</summary>
/// <typeparam name="T">The items' type.</typeparam>
/// <remarks>
/// <para>Which endpoint gets the next use <see cref="BalancingOptions.Policy"/> says; what counts as its load is its borrowers, lent to and
/// waiting. One that fails several times in a row is ejected: it gets no uses, and is probed after a while by having an item made, until
/// that works. When all are ejected they are used as though none was.</para>
/// <para>A borrower to whom one endpoint has nothing to give, since it cannot be connected to or its pool is exhausted, is served by the next
/// one, until its time is up or each was tried. Members may be called from any thread. Scheduler: the hub.</para>
/// </remarks>
public sealed class BalancedPool<T> : IDisposable
{
    private readonly BalancedCore<T> _core;
    private readonly BalancedBorrow<T> _borrow;

    /// <summary>Makes it; nothing is dialled yet.</summary>
    /// <param name="endPoints">At least one.</param>
    /// <param name="pool">Makes the pool of one endpoint, with its bounds; called on the hub, once for each endpoint. The pool lives on the same
    /// hub, and is this object's.</param>
    /// <param name="options">How to choose, and when one gets nothing; null for the defaults.</param>
    /// <param name="acquireTimeout">How long a borrower waits, for whichever endpoints; null: 5 s.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoints"/>, one of them or <paramref name="pool"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no endpoint.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One has port 0, or <paramref name="acquireTimeout"/> is negative.</exception>
    public BalancedPool(
        IReadOnlyList<EndPoint> endPoints, Func<EndPoint, Pool<T>> pool, BalancingOptions? options = null, TimeSpan? acquireTimeout = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var all = EndPoints.Several(endPoints);
        _core = new BalancedCore<T>(Hub.Of(hub), pool, options ?? BalancingOptions.Default);
        _borrow = new BalancedBorrow<T>(_core, Waits.For(acquireTimeout ?? TimeSpan.FromSeconds(5), nameof(acquireTimeout)));
        _core.Hub.Invoke(() => _core.Retarget(all));
    }

    /// <summary>How it stands with each endpoint now; in the order they were given.</summary>
    public IReadOnlyList<EndPointCounts> Counts => _core.Counts;

    /// <summary>Borrows an item of one of the endpoints; the caller gives it back by disposing the lease, or better lets <c>Use</c> do
    /// that.</summary>
    /// <param name="timeout">Zero: now or never. Null: as the pool has it.</param>
    /// <returns>Cold: each subscription and each <c>await</c> borrows one item.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: what the last endpoint that was tried has failed with; <see cref="PoolTimeoutException"/>,
    /// <see cref="PoolExhaustedException"/>, <see cref="ObjectDisposedException"/>.</remarks>
    public Awaitable<Lease<T>> Borrow(TimeSpan? timeout = null) => timeout is null ? _borrow : new BalancedBorrow<T>(_core, Waits.For(timeout));

    /// <summary>Borrows an item for some work that gives a stream.</summary>
    /// <typeparam name="TResult">What the work gives.</typeparam>
    /// <param name="work">Has the item to itself until its result completes, fails or is unsubscribed. It is not repeated elsewhere when it
    /// fails.</param>
    /// <returns>Cold: what the work gives; each subscription borrows. The item is back before the end is told.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <remarks>Errors: those of <see cref="Borrow"/> and of the work. An error discards the item; unsubscribing before the end
    /// does too, unless <see cref="PoolOptions{T}.ReuseAbandoned"/>.</remarks>
    public IObservable<TResult> Use<TResult>(Func<T, IObservable<TResult>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new PoolUse<T, TResult>(_core, _borrow, work, oneResult: false);
    }

    /// <summary>Borrows an item for some work with one result.</summary>
    /// <typeparam name="TResult">What the work gives.</typeparam>
    /// <param name="work">Has the item to itself until its result is there.</param>
    /// <returns>As <see cref="Use{TResult}(Func{T, IObservable{TResult}})"/>; each <c>await</c> borrows.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    public Awaitable<TResult> Use<TResult>(Func<T, Awaitable<TResult>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new PoolUse<T, TResult>(_core, _borrow, work, oneResult: true);
    }

    /// <summary>Borrows an item for an asynchronous method.</summary>
    /// <typeparam name="TResult">What the method returns.</typeparam>
    /// <param name="work">Has the item to itself until its task ends; runs on the hub, in a loop of its own.</param>
    /// <returns>As <see cref="Use{TResult}(Func{T, IObservable{TResult}})"/>; unsubscribing ends the loop.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    public Awaitable<TResult> Use<TResult>(Func<T, Task<TResult>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new PoolUse<T, TResult>(_core, _borrow, item => Conversation.Of(_core.Hub, () => work(item)), oneResult: true);
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

    /// <summary>From now on it lends items of these endpoints.</summary>
    /// <param name="endPoints">At least one. Of one that stays nothing changes. Of one that leaves idle items are closed, and lent ones when
    /// they come back; who waits for one of its items gets another endpoint's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoints"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One has port 0.</exception>
    public void Retarget(params IReadOnlyList<EndPoint> endPoints)
    {
        var all = EndPoints.Several(endPoints);
        _core.Hub.Invoke(() => _core.Retarget(all));
    }

    /// <summary>Ends it: lends nothing any more, closes what is idle, and each item as it comes back.</summary>
    public void Dispose() => _core.Hub.Invoke(static core => ((BalancedCore<T>)core!).Dispose(), _core);

    /// <summary>Its endpoints and their numbers.</summary>
    public override string ToString() => $"{_core} ({string.Join("; ", Counts)})";
}
