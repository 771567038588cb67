using System.Net;

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
public sealed class BalancedPool<T> : Lending<T>
{
    private readonly BalancedCore<T> _core;

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
        : this(Waits.For(acquireTimeout ?? TimeSpan.FromSeconds(5), nameof(acquireTimeout)), Made(endPoints, pool, options, hub))
    {
    }

    private BalancedPool(TimeSpan acquireTimeout, BalancedCore<T> core)
        : base(core, new BalancedBorrow<T>(core, acquireTimeout)) => _core = core;

    /// <summary>How it stands with each endpoint now; in the order they were given.</summary>
    public IReadOnlyList<EndPointCounts> Counts => _core.Counts;

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
    public override void Dispose() => _core.Hub.Invoke(static core => ((BalancedCore<T>)core!).Dispose(), _core);

    /// <summary>Its endpoints and their numbers.</summary>
    public override string ToString() => $"{_core} ({string.Join("; ", Counts)})";

    private protected override Awaitable<Lease<T>> Borrowed(TimeSpan timeout) => new BalancedBorrow<T>(_core, timeout);

    private static BalancedCore<T> Made(IReadOnlyList<EndPoint> endPoints, Func<EndPoint, Pool<T>> pool, BalancingOptions? options, Hub? hub)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var all = EndPoints.Several(endPoints);
        var core = new BalancedCore<T>(Hub.Of(hub), pool, options ?? BalancingOptions.Default);
        core.Hub.Invoke(() => core.Retarget(all));
        return core;
    }
}
