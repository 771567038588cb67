using System.Reactive;

namespace Diesel.Reactive;

/// <summary>What bounds a <see cref="Pool{T}"/>, and which of its items may be lent again.</summary>
/// <typeparam name="T">The items' type.</typeparam>
public sealed record PoolOptions<T>
{
    private readonly int _max = 100;
    private readonly int _maxIdle = 5;
    private readonly int _maxWaiting = 1000;
    private readonly TimeSpan _acquireTimeout = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _idleTimeout = TimeSpan.FromMinutes(1);
    private readonly TimeSpan _lifetime = Timeout.InfiniteTimeSpan;

    /// <summary>What it is called in errors; default: the type's name.</summary>
    public string Name { get; init; } = $"pool of {typeof(T).Name}";

    /// <summary>Items there are at most: lent, idle, and being made. Default 100.</summary>
    public int Max { get => _max; init => _max = value > 0 ? value : throw Wrong(nameof(Max), value); }

    /// <summary>Items kept while nobody wants them; a surplus is closed when it comes back. Default 5.</summary>
    public int MaxIdle { get => _maxIdle; init => _maxIdle = value >= 0 ? value : throw Wrong(nameof(MaxIdle), value); }

    /// <summary>Borrowers that may wait; one more gets <see cref="PoolExhaustedException"/>. Default 1000.</summary>
    public int MaxWaiting { get => _maxWaiting; init => _maxWaiting = value >= 0 ? value : throw Wrong(nameof(MaxWaiting), value); }

    /// <summary>How long a borrower waits for an item, one that is made for it included, before it gets
    /// <see cref="PoolTimeoutException"/>. Zero: now or never; <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Default
    /// 5 s.</summary>
    public TimeSpan AcquireTimeout { get => _acquireTimeout; init => _acquireTimeout = Waits.For(value, nameof(AcquireTimeout)); }

    /// <summary>Whether a borrower that finds no idle item and no place for a new one gets
    /// <see cref="PoolExhaustedException"/> at once, instead of waiting. Default false.</summary>
    public bool FailFast { get; init; }

    /// <summary>How long an item may be idle before it is closed: less than its server's patience. Default one minute;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</summary>
    public TimeSpan IdleTimeout { get => _idleTimeout; init => _idleTimeout = Waits.For(value, nameof(IdleTimeout)); }

    /// <summary>How old an item may be before it is closed: idle, or when it comes back. Default: no limit.</summary>
    public TimeSpan Lifetime { get => _lifetime; init => _lifetime = Waits.For(value, nameof(Lifetime)); }

    /// <summary>Whether an item may be lent again, as far as that can be told at once; asked when it is about to be lent and
    /// when it comes back. Throwing means no. Null: always.</summary>
    public Func<T, bool>? IsUsable { get; init; }

    /// <summary>Watches an item while it is idle: the first thing this tells (a value, an error, completion) takes the item out of the
    /// pool at once and closes it, and its place is free. Subscribed on the hub each time the item becomes idle, and unsubscribed
    /// before it is lent; telling at once means that it is no good already. Null: not watched.</summary>
    public Func<T, IObservable<Unit>>? Watch { get; init; }

    /// <summary>Asks an idle item whether it still works (a ping) before it is lent: a task that fails, or takes
    /// longer than <see cref="AcquireTimeout"/>, closes the item, and the borrower gets another one. Null: not asked.</summary>
    public Func<T, Task>? Validate { get; init; }

    /// <summary>Whether an item goes back to the pool when the work of <c>Use</c> was unsubscribed before its end. Default
    /// false: it may be in the middle of something, so it is closed.</summary>
    public bool ReuseAbandoned { get; init; }

    /// <summary>Whether an item is lent with the same lease each time, so that lending allocates nothing. Default false: a lease is used once, and
    /// whoever disposes one twice harms nobody. With true it is for the borrower to forget a lease that was given back: by then it may be another's.</summary>
    public bool ReusesLeases { get; init; }

    private static ArgumentOutOfRangeException Wrong(string name, int value) => new(name, value, $"{name} is too small.");
}
