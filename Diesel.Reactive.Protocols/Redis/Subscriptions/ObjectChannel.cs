using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What the server tells of an object, as long as somebody waits for it. The hub's thread only.</summary>
/// <param name="hub">Where it is told.</param>
/// <param name="subscriptions">Who tells it.</param>
/// <param name="channel">Where.</param>
/// <param name="keepFor">How long the server keeps what it tells of: whoever waits uses it.</param>
/// <param name="told">Gets each message.</param>
/// <param name="look">Called when all that happens from now on is told, the first time and after each gap: whoever subscribes before it looks misses nothing.</param>
/// <param name="failed">Called when nothing is told any more, with why; the next who waits tries again.</param>
internal sealed class ObjectChannel(Hub hub, RedisSubHub subscriptions, Bytes channel, TimeSpan keepFor, Action<Bytes> told, Action look, Action<Exception> failed) : IDisposable
{
    // Whoever waits again soon need not subscribe again.
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(10);

    private readonly SerialDisposable _subscription = new();
    private readonly SerialDisposable _again = new();
    private readonly SerialDisposable _closing = new();
    private bool _isOpening;
    private bool _isOver;
    private int _users;

    /// <summary>Whether it tells.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Somebody waits, until the result is disposed.</summary>
    public IDisposable Use()
    {
        _users++;
        _closing.Disposable = null;
        Open();
        return Disposable.Create(() => hub.Within(Leave));
    }

    /// <summary>Listens from now on, whoever waits.</summary>
    public void Open()
    {
        if (IsOpen || _isOpening || _isOver)
        {
            return;
        }

        _isOpening = true;
        var messages = subscriptions.Shards(channel.ToText());
        _subscription.Disposable = new CompositeDisposable(
            messages.Gaps.Subscribe(_ => look()),
            messages.Subscribe(message => told(message.Payload), Failed, () => Failed(new ObjectDisposedException(nameof(RedisSubHub)))),
            messages.Opened.Subscribe(_ => Opened(), static _ => { }));
    }

    public void Dispose()
    {
        _isOver = true;
        Close();
        _closing.Dispose();
    }

    private void Leave()
    {
        if (--_users == 0 && !_isOver)
        {
            _closing.Disposable = hub.Schedule(Lingering, Close);
        }
    }

    private void Close()
    {
        (_isOpening, IsOpen) = (false, false);
        (_subscription.Disposable, _again.Disposable) = (null, null);
    }

    private void Opened()
    {
        (_isOpening, IsOpen) = (false, true);
        LookAgain();
    }

    private void LookAgain()
    {
        _again.Disposable = hub.Schedule(keepFor / 2, LookAgain);
        look();
    }

    private void Failed(Exception error)
    {
        Close();
        failed(error);
    }
}
