namespace Diesel.Reactive;

/// <summary>The items nobody has borrowed: last in, first out, so that those not needed grow old. The hub's thread only.</summary>
/// <remarks>One timer for all, armed for the first that will expire, and left alone when that one is borrowed meanwhile.</remarks>
internal sealed class IdleItems<T>(Hub hub, PoolOptions<T> options) : IDisposable
{
    private readonly List<PoolItem<T>> _items = [];
    private IDisposable? _timer;
    private TimeSpan _due = TimeSpan.MaxValue;

    public int Count => _items.Count;

    public PoolItem<T> Top => _items[^1];

    public PoolItem<T> Pop()
    {
        var item = _items[^1];
        _items.RemoveAt(_items.Count - 1);
        item.Watch?.Dispose();
        return item;
    }

    public void Push(PoolItem<T> item, Action expired, Action<PoolItem<T>> gone)
    {
        item.IdleSince = hub.Elapsed;
        _items.Add(item);
        Arm(DueOf(item), expired);
        if (options.Watch is not null)
        {
            var watch = new ItemWatch<T>(hub, item, gone);
            item.Watch = watch;
            watch.Begin(options);
        }
    }

    public void Remove(PoolItem<T> item) => _items.Remove(item);

    /// <summary>Whether its watch has nothing to tell: whoever validated it may have left something behind.</summary>
    public bool IsQuiet(PoolItem<T> item)
    {
        var quiet = true;
        if (options.Watch is not null)
        {
            using var watch = new ItemWatch<T>(hub, item, _ => quiet = false);
            watch.Begin(options);
        }

        return quiet;
    }

    public bool IsTooOld(PoolItem<T> item) =>
        options.Lifetime != Timeout.InfiniteTimeSpan && hub.Elapsed - item.Born >= options.Lifetime;

    /// <summary>Those whose time is up.</summary>
    public List<PoolItem<T>> TakeExpired(Action expired)
    {
        _timer = null;
        _due = TimeSpan.MaxValue;
        var now = hub.Elapsed;
        var over = _items.FindAll(item => DueOf(item) <= now);
        _items.RemoveAll(item => DueOf(item) <= now);
        over.ForEach(static item => item.Watch?.Dispose());
        if (_items.Count > 0)
        {
            Arm(_items.Min(DueOf), expired);
        }

        return over;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _timer = null;
    }

    private TimeSpan DueOf(PoolItem<T> item)
    {
        var idle = options.IdleTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Times.Sum(item.IdleSince, options.IdleTimeout);
        var old = options.Lifetime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Times.Sum(item.Born, options.Lifetime);
        return idle < old ? idle : old;
    }

    private void Arm(TimeSpan due, Action expired)
    {
        if (due >= _due)
        {
            return;
        }

        _timer?.Dispose();
        _due = due;
        var wait = due - hub.Elapsed;
        _timer = hub.StartTimer(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, static e => ((Action)e!)(), expired);
    }
}
