namespace Diesel.Reactive;

/// <summary>Somebody who waits in a <see cref="WaitLine{T}"/>: for one value, or, as a listener, for all of them.</summary>
/// <remarks>A link of the line it stands in, so that leaving takes no search and leaves nothing behind. Unsubscribed on any
/// thread, it gets nothing from then on: nothing is consumed for one who has gone.</remarks>
internal sealed class Waiter<T>(Hub hub, IObserver<T> observer, Wait<T>? wait = null) : HubWaits.Node, IDisposable
{
    private static readonly Action<object?> OnDuePosted = static waiter => ((Waiter<T>)waiter!).OnDue();

    private IDisposable? _timer;
    private int _over;

    /// <summary>What it waits for; null for a listener.</summary>
    public Wait<T>? Wait => wait;

    public WaitLine<T>? Line { get; set; }

    public Waiter<T>? Ahead { get; set; }

    public Waiter<T>? Behind { get; set; }

    /// <summary>Its place in the line: later ones have higher numbers.</summary>
    public long Number { get; set; }

    public override bool IsOver => Volatile.Read(ref _over) != 0;

    /// <summary>Takes it out of the line, to be given its one value or its end; false when it has gone.</summary>
    public bool TryClaim()
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
        {
            return false;
        }

        Leave();
        return true;
    }

    public void Deliver(T value) => hub.Pace.DeliverLast(observer, value);

    public void End(Exception? error) => hub.Pace.End(observer, error);

    /// <summary>One value of many.</summary>
    public void Pass(T value)
    {
        if (!IsOver && !hub.Pace.TryDeliver(observer, value))
        {
            TryClaim();
        }
    }

    public override void HubEnded(ObjectDisposedException error)
    {
        if (TryClaim())
        {
            End(error);
        }
    }

    public void StartTimer(TimeSpan timeout) => _timer = hub.StartTimer(timeout, OnDuePosted, this);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            hub.Invoke(static w => ((Waiter<T>)w!).Leave(), this);
        }
    }

    // In a turn of the hub's own: what is told here runs at once.
    private void OnDue()
    {
        if (!TryClaim())
        {
            return;
        }

        try
        {
            observer.OnError(wait!.OnTimeout());
        }
        catch (Exception error)
        {
            hub.Report(error, Label.Of(wait!));
        }
    }

    private void Leave()
    {
        HubWaits.Remove(this);
        Line?.Remove(this);
        _timer?.Dispose();
    }
}
