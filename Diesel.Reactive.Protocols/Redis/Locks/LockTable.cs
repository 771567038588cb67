using System.Reactive.Concurrency;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The locks of a client, and the connection on which they are kept. The hub's thread only, but for <see cref="Enter"/> and
/// <see cref="Dispose"/>.</summary>
internal sealed class LockTable : IRedisListener, IDisposable
{
    private readonly Dictionary<Bytes, LockLine> _lines = [];
    private readonly IStopwatch _clock;
    private bool _isDisposed;

    public LockTable(RedisTopology given)
    {
        Link = given.Another(RedisUse.Tracking);
        _clock = Hub.StartStopwatch();
        Hub.Within(() => Link.Pushes.Add(this));
    }

    public RedisTopology Link { get; }

    public Hub Hub => Link.Hub;

    public TimeSpan Now => _clock.Elapsed;

    public void Enter(LockWait wait)
    {
        if (!Hub.Within(() => EnterHere(wait)) && wait.TryClaim())
        {
            wait.Fail(Disposed());
        }
    }

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
            line.Changed();
        }
    }

    // The server may not say what happens to keys that are another's.
    public void SlotsLeft() => Lost();

    public void Dispose()
    {
        Hub.Within(End);
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

        if (!_lines.TryGetValue(wait.Key, out var line))
        {
            _lines.Add(wait.Key, line = new LockLine(this, wait.Key));
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
