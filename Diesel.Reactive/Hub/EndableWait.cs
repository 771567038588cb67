using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>A wait for an awaitable that something else (a timer, a token) may end before it comes out.</summary>
internal abstract class EndableWait<T>(IObserver<T> observer) : IObserver<T>, IToldWhy, IHubWait, IDisposable
{
    private SingleAssignmentDisposableValue _source;
    private int _over;

    protected bool IsOver => Volatile.Read(ref _over) != 0;

    public void OnNext(T value)
    {
        if (End())
        {
            observer.OnNext(value);
            observer.OnCompleted();
        }
    }

    public void OnError(Exception error) => Fail(error);

    public void OnCompleted()
    {
        if (End())
        {
            observer.OnCompleted();
        }
    }

    public void OnEnded(string why)
    {
        if (!End())
        {
            return;
        }

        if (observer is IToldWhy told)
        {
            told.OnEnded(why);
        }
        else
        {
            observer.OnCompleted();
        }
    }

    public void HubEnded(ObjectDisposedException error) => Fail(error);

    public void Dispose() => End();

    protected void WaitFor(Awaitable<T> source) => _source.Disposable = source.Subscribe(this);

    protected void Fail(Exception error)
    {
        if (End())
        {
            observer.OnError(error);
        }
    }

    /// <summary>Lets go of what could end it.</summary>
    protected abstract void LetGo();

    // What it waited for is let go of first: a wait that was ended has consumed nothing, and whoever is told may wait for the same.
    private bool End()
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
        {
            return false;
        }

        LetGo();
        _source.Dispose();
        return true;
    }
}
