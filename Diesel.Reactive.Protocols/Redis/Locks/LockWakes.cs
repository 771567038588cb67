using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What the server tells this program of those who wait here for a lock: that one has it. The hub's thread only.</summary>
/// <param name="subscriptions">Where it is told.</param>
/// <param name="channel">Where.</param>
/// <param name="told">Gets the token of who has it.</param>
/// <param name="look">Called when all that happens from now on is told, the first time and after each gap.</param>
internal sealed class LockWakes(RedisSubHub subscriptions, Bytes channel, Action<string> told, Action look) : IDisposable
{
    private readonly SerialDisposable _subscription = new();
    private bool _isOpening;

    /// <summary>Whether it tells; not with a server before version 7.</summary>
    public bool IsOpen { get; private set; }

    public void Open()
    {
        if (IsOpen || _isOpening)
        {
            return;
        }

        _isOpening = true;
        var messages = subscriptions.Shards(channel.ToText());
        _subscription.Disposable = new CompositeDisposable(
            messages.Gaps.Subscribe(_ => look()),
            messages.Subscribe(message => told(message.Text), _ => IsOpen = false, () => IsOpen = false),
            messages.Opened.Subscribe(
                _ =>
                {
                    IsOpen = true;
                    look();
                },
                static _ => { }));
    }

    public void Dispose() => _subscription.Dispose();
}
