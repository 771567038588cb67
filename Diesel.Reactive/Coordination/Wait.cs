using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>Waiting for one value of something that lives on a hub: each subscription and each <c>await</c> waits anew.</summary>
/// <remarks>The ready case allocates nothing but what the observer does; unsubscribed, it consumes nothing. A loop that
/// awaits a ready value gives way for a turn, unless <see cref="MayGoOn"/>.</remarks>
internal abstract class Wait<T>(Hub hub, TimeSpan timeout) : Awaitable<T>
{
    protected Hub Hub => hub;

    protected TimeSpan Limit => timeout;

    internal override Hub Home => hub;

    /// <summary>Whether a newcomer would be served at once: there is a value, and nobody is in line before.</summary>
    protected abstract bool IsReady { get; }

    /// <summary>Whether a loop may take a ready value without giving way to others first.</summary>
    protected virtual bool MayGoOn => true;

    /// <summary>Whether there will be no value any more, and why.</summary>
    protected virtual bool IsEnded(out Exception? error)
    {
        error = null;
        return false;
    }

    protected abstract WaitLine<T> Line { get; }

    /// <summary>Consumes the value; only when <see cref="IsReady"/>.</summary>
    protected abstract T Take();

    /// <summary>Whether one more may wait; else why not.</summary>
    protected virtual Exception? Refusal() => null;

    /// <summary>Called when somebody new has joined the line.</summary>
    protected virtual void Joined()
    {
    }

    /// <summary>What one is told whose time is up.</summary>
    protected internal abstract Exception OnTimeout();

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (hub.IsCurrent && IsReady)
        {
            hub.Pace.DeliverLast(observer, Take());
            return Disposable.Empty;
        }

        var waiter = new Waiter<T>(hub, observer, this);
        hub.Enter(waiter, static w => ((Waiter<T>)w!).Wait!.Enter((Waiter<T>)w));
        return waiter;
    }

    protected internal override bool TryTake(out T value)
    {
        if (hub.IsCurrent && IsReady && MayGoOn && hub.Pace.TryGoOn())
        {
            value = Take();
            return true;
        }

        value = default!;
        return false;
    }

    private void Enter(Waiter<T> waiter)
    {
        if (IsReady)
        {
            if (waiter.TryClaim())
            {
                waiter.Deliver(Take());
            }
        }
        else if (IsEnded(out var error) || (error = Refusal()) is not null)
        {
            if (waiter.TryClaim())
            {
                waiter.End(error);
            }
        }
        else if (!waiter.IsOver)
        {
            Join(waiter);
        }
    }

    private void Join(Waiter<T> waiter)
    {
        Line.Add(waiter);
        Joined();
        if (timeout == TimeSpan.Zero)
        {
            if (waiter.TryClaim())
            {
                waiter.End(OnTimeout());
            }
        }
        else if (timeout != System.Threading.Timeout.InfiniteTimeSpan && !waiter.IsOver)
        {
            waiter.StartTimer(timeout);
        }
    }
}
