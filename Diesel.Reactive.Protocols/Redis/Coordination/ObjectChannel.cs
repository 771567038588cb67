using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What the server tells of an object, from the first time that somebody waits. The hub's thread only.</summary>
/// <param name="of">Of what.</param>
/// <param name="told">Gets each message.</param>
/// <param name="look">Called when all that happens from now on is told, the first time and after each gap: whoever subscribes before it looks misses nothing.</param>
/// <param name="failed">Called when nothing is told any more, with why.</param>
internal sealed class ObjectChannel(SharedObject of, Action<Bytes> told, Action look, Action<Exception> failed) : IDisposable
{
    private readonly SerialDisposable _subscription = new();
    private readonly SerialDisposable _again = new();
    private bool _isOpening;

    /// <summary>Whether it tells.</summary>
    public bool IsOpen { get; private set; }

    public void Open()
    {
        if (IsOpen || _isOpening || of.IsDisposed)
        {
            return;
        }

        _isOpening = true;
        var messages = of.Owner.Subscriptions.Shards(of.Key);
        _subscription.Disposable = new CompositeDisposable(
            messages.Gaps.Subscribe(_ => look()),
            messages.Subscribe(message => told(message.Payload), Failed, () => Failed(of.Ended())),
            messages.Opened.Subscribe(_ => Opened(), static _ => { }));
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _again.Dispose();
    }

    private void Opened()
    {
        (_isOpening, IsOpen) = (false, true);
        LookAgain();
    }

    // What nobody uses is forgotten; whoever waits uses it.
    private void LookAgain()
    {
        _again.Disposable = of.Hub.Schedule(of.Owner.Options.KeepFor / 2, LookAgain);
        look();
    }

    // The next who waits tries again.
    private void Failed(Exception error)
    {
        (_isOpening, IsOpen) = (false, false);
        _again.Disposable = Disposable.Empty;
        failed(error);
    }
}
