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
/// <para>Scheduler: the hub. Idea: diesel's <c>ConnectionPool</c>; there <c>pool_size</c> was the idle cap, too, and a
/// timeout of zero meant for ever, where here it means now or never.</para>
/// </remarks>
public sealed class Pool<T> : Lending<T>
{
    private readonly PoolCore<T> _core;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="create">Cold: each subscription makes one item, as <c>Tcp.Connect</c> does.</param>
    /// <param name="close">Closes one; null disposes what is <see cref="IDisposable"/>.</param>
    /// <param name="options">Bounds and checks; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    public Pool(IObservable<T> create, Action<T>? close = null, PoolOptions<T>? options = null, Hub? hub = null)
        : this(Made(create, close, options ?? new PoolOptions<T>(), Hub.Of(hub)))
    {
    }

    private Pool(PoolCore<T> core)
        : base(core, new Borrowing(core, core.Options.AcquireTimeout))
    {
        _core = core;
        PoolMeter.Watch(core);
    }

    internal PoolCore<T> Core => _core;

    /// <summary>Its numbers now.</summary>
    public PoolCounts Counts => _core.Counts;

    /// <summary>Makes items before somebody wants them: from now on there are at least so many, lent and idle together.</summary>
    /// <param name="count">0, as at first: none. No more than <see cref="PoolOptions{T}.Max"/> and <see cref="PoolOptions{T}.MaxIdle"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <remarks>An item that cannot be made ends it, until it is called again: nobody is there who could be told.</remarks>
    public void Fill(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _core.Hub.Invoke(() => _core.Fill(count));
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
    public override void Dispose() => _core.Hub.Invoke(static c => ((PoolCore<T>)c!).Drain(), _core);

    /// <summary>Its name and numbers.</summary>
    public override string ToString() => $"{_core} ({Counts})";

    private protected override Awaitable<Lease<T>> Borrowed(TimeSpan timeout) => new Borrowing(_core, timeout);

    private static PoolCore<T> Made(IObservable<T> create, Action<T>? close, PoolOptions<T> options, Hub hub)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new PoolCore<T>(hub, create, close ?? (static item => (item as IDisposable)?.Dispose()), options);
    }

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
