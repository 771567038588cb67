namespace Diesel.Reactive.Protocols.Redis;

/// <summary>One who listens to channels or patterns. The hub's thread only, but for <see cref="Dispose"/>.</summary>
internal abstract class SubscriptionListener(RedisSubHub hub, SubscriptionKind kind, RedisPlace place, IReadOnlyList<Bytes> names) : IDisposable
{
    private DateTimeOffset? _lostAt;
    private volatile bool _hasLeft;

    public SubscriptionKind Kind => kind;

    /// <summary>Where it is to listen, of several servers.</summary>
    public RedisPlace Place => place;

    public IReadOnlyList<Bytes> Names => names;

    /// <summary>What it listens to; null: it does not, yet or any more.</summary>
    public SubscriptionEntry[]? Entries { get; set; }

    /// <summary>How many of its entries the server has not confirmed, and for how many of its names it is not known where to ask.</summary>
    public int Missing { get; set; }

    /// <summary>Whether it is told nothing more.</summary>
    public bool HasLeft => _hasLeft;

    /// <summary>All are confirmed.</summary>
    public void Open(DateTimeOffset now)
    {
        var lostAt = _lostAt;
        _lostAt = null;
        Opened(lostAt is { } from ? new Gap(from, now) : null);
    }

    /// <summary>One of them that was confirmed is not any more.</summary>
    public void Lose(DateTimeOffset now) => _lostAt ??= now;

    /// <summary>Takes a message.</summary>
    public abstract void Next(in RedisMessage message);

    /// <summary>There will be no more messages.</summary>
    /// <param name="error">Why; null: it was to be so.</param>
    public abstract void End(Exception? error);

    /// <summary>Leaves. Any thread.</summary>
    public void Dispose()
    {
        _hasLeft = true;
        hub.Leave(this);
    }

    protected abstract void Opened(Gap? gap);
}
