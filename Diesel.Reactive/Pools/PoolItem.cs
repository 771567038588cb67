namespace Diesel.Reactive;

/// <summary>One item of a pool, lent or idle.</summary>
internal sealed class PoolItem<T>(T value, TimeSpan born)
{
    private Lease<T>? _lease;

    public T Value => value;

    public TimeSpan Born => born;

    public TimeSpan IdleSince { get; set; }

    /// <summary>Who watches it while it is idle.</summary>
    public IDisposable? Watch { get; set; }

    /// <summary>Lends it, with the lease of the last time if that is used again.</summary>
    public Lease<T> Lend(PoolCore<T> pool)
    {
        var lease = _lease ?? new Lease<T>(pool, this);
        _lease = pool.Options.ReusesLeases ? lease : null;
        lease.Begin();
        return lease;
    }
}
