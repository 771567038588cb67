namespace Diesel.Reactive;

/// <summary>A subscription to something that takes the hub a while to get: begun on the hub, told there once, given up by
/// unsubscribing on any thread. It ends with its hub at the latest.</summary>
internal abstract class HubAttempt<T>(Hub hub, IObserver<T> observer, string what) : IHubResource, IHubWait, IDisposable
{
    private bool _begun;
    private bool _over;
    private volatile bool _left;
    private int _settled;

    /// <summary>Whether somebody still waits for the outcome.</summary>
    protected bool IsWanted => !_over && !_left;

    protected Hub Hub => hub;

    public IDisposable Begin()
    {
        if (!hub.Invoke(static a => ((HubAttempt<T>)a!).BeginHere(), this))
        {
            Abort();
        }

        return this;
    }

    /// <summary>The hub ends before this does, or has ended before it could begin.</summary>
    public void Abort() => Fail(new ObjectDisposedException(nameof(Hub), $"The hub was disposed before there was {what}."));

    public void HubEnded(ObjectDisposedException error) => Abort();

    public void Dispose()
    {
        _left = true;
        TrySettle();
        hub.Invoke(static a => ((HubAttempt<T>)a!).End(), this);
    }

    public override string ToString() => what;

    /// <summary>Sets out, on the hub.</summary>
    protected abstract void Start();

    /// <summary>Lets go of what is under way: it is over, or unwanted.</summary>
    protected abstract void GiveUp();

    /// <summary>Hands over what was got.</summary>
    protected abstract void Give(T value, IObserver<T> to);

    protected void Succeed(T value)
    {
        End();
        if (!TrySettle())
        {
            Unclaimed.LetGo(value);
            return;
        }

        Give(value, observer);
        if (!_left)
        {
            observer.OnCompleted();
        }
    }

    protected void Fail(Exception error)
    {
        var isWanted = IsWanted;
        End();
        if (isWanted && TrySettle())
        {
            observer.OnError(error);
        }
    }

    // Who leaves on another thread in the moment in which it comes out, or it.
    private bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;

    private void BeginHere()
    {
        // An observer that is told of the hub's end may try again: nobody would close that.
        if (hub.IsDisposed)
        {
            Abort();
        }
        else if (!_left)
        {
            _begun = true;
            hub.Register(this);
            Start();
        }
    }

    // What never began is not the hub's, and may end on any thread.
    private void End()
    {
        _over = true;
        if (_begun)
        {
            _begun = false;
            hub.Unregister(this);
            GiveUp();
        }
    }
}
