namespace Diesel.Reactive;

/// <summary>One timer of a wheel; its own list node, so that cancelling it needs no search.</summary>
internal sealed class WheelTimer(HubTimers timers, long tick, Action<object?> callback, object? state) : IHubWait, IDisposable
{
    public const int Unlinked = -1;
    public const int Firing = -2;

    public WheelTimer? Next;
    public WheelTimer? Previous;
    public int Slot = Unlinked;
    private volatile bool _cancelled;

    /// <summary>When it is due.</summary>
    public long Tick => tick;

    public Action<object?> Callback => callback;

    public object? State => state;

    public bool IsCancelled => _cancelled;

    public void AddToWheel() => timers.Add(this);

    public void RemoveFromWheel() => timers.Remove(this);

    // On its way to the wheel when the hub ended.
    public void HubEnded(ObjectDisposedException error)
    {
        if (!_cancelled)
        {
            (state as IHubWait)?.HubEnded(error);
        }
    }

    public void Dispose()
    {
        if (!_cancelled)
        {
            _cancelled = true;
            timers.Cancel(this);
        }
    }
}
