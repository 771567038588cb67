using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Shares a bounded number of costly things, connections above all, among many borrowers.</summary>
/// <typeparam name="T">The items' type.</typeparam>
/// <remarks>
/// <para>There are never more than <see cref="PoolOptions{T}.Max"/> items, lent, idle or being made. Borrowers are served
/// in the order they came, with the item that was used last. One that loses a race, times out or is unsubscribed takes no
/// item and leaves the line in O(1). <b>Every way out frees the place</b>: completion, error, unsubscription, and an item that
/// cannot be made (diesel lost a place each time).</para>
/// <para>Bounded: items by <c>Max</c>, idle ones by <c>MaxIdle</c>, waiting borrowers by <c>MaxWaiting</c>; past these an
/// item is closed, a borrower waits, or gets <see cref="PoolExhaustedException"/>.</para>
/// <para>Scheduler: the hub. Source: diesel's <c>ConnectionPool</c>; there <c>pool_size</c> was the idle cap, too, and a
/// timeout of zero meant for ever, where here it means now or never.</para>
/// </remarks>
public sealed class Pool<T> : IDisposable
{
    private readonly PoolCore<T> _core;
    private readonly Borrowing _borrow;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="create">Cold: each subscription makes one item, as <c>Tcp.Connect</c> does.</param>
    /// <param name="close">Closes one; null disposes what is <see cref="IDisposable"/>.</param>
    /// <param name="options">Bounds and checks; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    public Pool(IObservable<T> create, Action<T>? close = null, PoolOptions<T>? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        options ??= new PoolOptions<T>();
        _core = new PoolCore<T>(Hub.Of(hub), create, close ?? (static item => (item as IDisposable)?.Dispose()), options);
        _borrow = new Borrowing(_core, options.AcquireTimeout);
        PoolMeter.Watch(_core);
    }

    internal PoolCore<T> Core => _core;

    /// <summary>Its numbers now.</summary>
    public PoolCounts Counts => _core.Counts;

    /// <summary>Borrows an item; the caller gives it back by disposing the lease, or better lets <c>Use</c> do that.</summary>
    /// <param name="timeout">Zero: now or never. Null: <see cref="PoolOptions{T}.AcquireTimeout"/>.</param>
    /// <returns>Cold: each subscription and each <c>await</c> borrows one item.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="PoolTimeoutException"/>, <see cref="PoolExhaustedException"/>,
    /// <see cref="ObjectDisposedException"/> once it drains, and what failed in making an item.</remarks>
    public Awaitable<Lease<T>> Borrow(TimeSpan? timeout = null) =>
        timeout is null ? _borrow : new Borrowing(_core, Waits.For(timeout));

    /// <summary>Borrows an item for some work that gives a stream.</summary>
    /// <typeparam name="TResult">What the work gives.</typeparam>
    /// <param name="work">Has the item to itself until its result completes, fails or is unsubscribed.</param>
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

    /// <summary>Ends the pool: lends nothing any more, closes what is idle, and each item as it comes back.</summary>
    /// <param name="timeout">How long to wait for the lent ones. Zero: only if there are none. Null: for ever.</param>
    /// <returns>Hot: draining begins with the call, observed or not. One <see cref="Unit"/> when everything is closed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="PoolTimeoutException"/>; items that come back later are closed all the same.</remarks>
    public Awaitable<Unit> Drain(TimeSpan? timeout = null)
    {
        var span = Waits.For(timeout);
        if (!_core.Hub.Invoke(static c => ((PoolCore<T>)c!).Drain(), _core))
        {
            _core.Abort();
        }

        return span == Timeout.InfiniteTimeSpan
            ? _core.Drained
            : new Observed<Unit>(Observable.Timeout(_core.Drained, span, Late(span), _core.Hub), $"the end of the {_core}");
    }

    /// <summary>Drains it, without waiting.</summary>
    public void Dispose() => _core.Hub.Invoke(static c => ((PoolCore<T>)c!).Drain(), _core);

    /// <summary>Its name and numbers.</summary>
    public override string ToString() => $"{_core} ({Counts})";

    private IObservable<Unit> Late(TimeSpan span) =>
        Observable.Defer(() => Observable.Throw<Unit>(new PoolTimeoutException($"end of the {_core}", span, Counts)));

    private sealed class Borrowing(PoolCore<T> core, TimeSpan timeout) : Wait<Lease<T>>(core.Hub, timeout)
    {
        protected override bool IsReady => core.IsReady;

        protected override WaitLine<Lease<T>> Line => core.Line;

        protected override Lease<T> Take() => core.Take();

        protected override Exception? Refusal() => core.Refusal();

        protected override void Joined() => core.Serve();

        protected internal override Exception OnTimeout()
        {
            core.TimedOut++;
            return new PoolTimeoutException(core.Options.Name, Limit, core.Counts);
        }

        public override string ToString() => $"waiting for the {core}";
    }
}
