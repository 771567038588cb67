namespace Diesel.Reactive;

/// <summary>One item borrowed from a <see cref="Pool{T}"/>. Dispose it to give the item back.</summary>
/// <typeparam name="T">The item's type.</typeparam>
public sealed class Lease<T> : IDisposable
{
    private readonly PoolCore<T> _pool;
    private readonly PoolItem<T> _item;
    private int _over;

    internal Lease(PoolCore<T> pool, PoolItem<T> item) => (_pool, _item) = (pool, item);

    internal PoolCore<T> Pool => _pool;

    internal PoolItem<T> Item => _item;

    internal bool IsDiscarded { get; private set; }

    /// <summary>The item, while it is borrowed.</summary>
    /// <exception cref="ObjectDisposedException">It was given back, and may be somebody else's by now.</exception>
    public T Value => Volatile.Read(ref _over) == 0
        ? _item.Value
        : throw new ObjectDisposedException(nameof(Lease<T>), "This item was given back to its pool: borrow again.");

    /// <summary>Gives the item back, to be lent again. Any thread; a second time nothing happens.</summary>
    public void Dispose() => End(discard: false);

    /// <summary>Gives the place back and closes the item: it failed, or nobody knows in what state it is. Any thread.</summary>
    public void Discard() => End(discard: true);

    /// <summary>It is lent, for the first time or again.</summary>
    internal void Begin() => Volatile.Write(ref _over, 0);

    private void End(bool discard)
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            IsDiscarded = discard;
            _pool.Return(this);
        }
    }
}
