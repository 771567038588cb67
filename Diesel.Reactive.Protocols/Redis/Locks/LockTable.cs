using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The locks of a client, and the connection on which they are kept. The hub's thread only, but for <see cref="Enter"/> and
/// <see cref="Dispose"/>.</summary>
internal sealed class LockTable : IRedisListener, IDisposable
{
    private readonly Dictionary<Bytes, LockLine> _lines = [];
    private readonly IStopwatch _clock;

    // Among the programs that use a lock, this one.
    private readonly string _id = Guid.NewGuid().ToString("N");
    private bool _isDisposed;

    public LockTable(RedisTopology given)
    {
        Link = given.Another(RedisUse.Tracking);
        Subscriptions = new RedisSubHub(given);
        _clock = Hub.StartStopwatch();
        Hub.Within(() => Link.Pushes.Add(this));
    }

    public RedisTopology Link { get; }

    /// <summary>Where it is told who has got a lock.</summary>
    public RedisSubHub Subscriptions { get; }

    public Hub Hub => Link.Hub;

    public TimeSpan Now => _clock.Elapsed;

    /// <summary>Where a lock, or a semaphore, is kept.</summary>
    /// <param name="key">Its.</param>
    /// <param name="count">How many may hold it; null: it is a lock.</param>
    /// <param name="expiry">After what time the server frees it.</param>
    public LockPlace PlaceOf(Bytes key, int? count, TimeSpan expiry) => new(key, count, expiry, ChannelOf(key));

    /// <summary>Waits for a lock, or for a place of a semaphore: cold.</summary>
    /// <param name="place">Which.</param>
    /// <param name="timeout">How long to wait; null: for ever.</param>
    public IObservable<LockLease> Acquire(LockPlace place, TimeSpan? timeout)
    {
        var span = timeout ?? Timeout.InfiniteTimeSpan;
        ArgumentOutOfRangeException.ThrowIfLessThan(span, span == Timeout.InfiniteTimeSpan ? span : TimeSpan.Zero, nameof(timeout));
        return Observable.Create<LockLease>(observer =>
        {
            var wait = new LockWait(Hub, observer, new LockClaim(place, Guid.NewGuid().ToString("N")), span);
            Enter(wait);
            return wait;
        });
    }

    private void Enter(LockWait wait)
    {
        if (!Hub.Within(() => EnterHere(wait)) && wait.TryClaim())
        {
            wait.Fail(Disposed());
        }
    }

    /// <summary>Where this program is told of a lock: in the slot of its key.</summary>
    public Bytes ChannelOf(Bytes key) => $"{LockScripts.LineOf(key)}:{_id}";

    /// <summary>Nobody holds it, or waits for it.</summary>
    public void Forget(LockLine line)
    {
        _lines.Remove(line.Key);
        Link.Listening(-1);
    }

    public void Begun()
    {
    }

    public void Pushed(RespValue push)
    {
        if (push.Items is not [var word, var keys] || !word.Raw.SequenceEqual("invalidate"u8))
        {
            return;
        }

        if (keys.IsNull)
        {
            Lost();
        }

        foreach (var key in keys.Items)
        {
            if (key.Kind == RespKind.BulkString && _lines.TryGetValue(key.ToBytes(), out var line))
            {
                line.Changed();
            }
        }
    }

    // What is not told any more has to be asked.
    public void Lost()
    {
        foreach (var line in _lines.Values.ToArray())
        {
            line.Missed();
        }
    }

    // The server may not say what happens to keys that are another's.
    public void SlotsLeft() => Lost();

    public void Dispose()
    {
        Hub.Within(End);
        Subscriptions.Dispose();
        Link.Dispose();
    }

    private static ObjectDisposedException Disposed() => new(nameof(RedisClient), "The client was disposed: its locks are nobody's any more.");

    private void EnterHere(LockWait wait)
    {
        if (_isDisposed)
        {
            if (wait.TryClaim())
            {
                wait.Fail(Disposed());
            }

            return;
        }

        if (!_lines.TryGetValue(wait.Claim.Key, out var line))
        {
            _lines.Add(wait.Claim.Key, line = new LockLine(this, wait.Claim.Key));
            Link.Listening(1);
        }

        line.Enter(wait);
    }

    private void End()
    {
        _isDisposed = true;
        foreach (var line in _lines.Values.ToArray())
        {
            line.End(Disposed());
        }
    }
}
