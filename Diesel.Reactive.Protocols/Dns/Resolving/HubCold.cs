namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Something cold that begins in a turn of a hub, at once when this is one.</summary>
/// <param name="hub">Whose turn.</param>
/// <param name="begin">Begins it; what it returns gives it up, on the hub.</param>
internal sealed class HubCold<T>(Hub hub, Func<IObserver<T>, IDisposable> begin) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(hub);
        if (hub.IsCurrent)
        {
            run.Begin(begin, observer);
        }
        else if (!hub.Post(_ => run.Begin(begin, observer)))
        {
            observer.OnError(new ObjectDisposedException(nameof(Hub), "The hub was disposed."));
        }

        return run;
    }

    private sealed class Run(Hub hub) : IDisposable
    {
        private volatile bool _left;
        private IDisposable? _begun;

        public void Begin(Func<IObserver<T>, IDisposable> begin, IObserver<T> observer)
        {
            if (_left)
            {
                return;
            }

            _begun = begin(observer);
            if (_left)
            {
                _begun.Dispose();
            }
        }

        public void Dispose()
        {
            _left = true;
            if (hub.IsCurrent)
            {
                _begun?.Dispose();
            }
            else
            {
                hub.Post(static run => ((Run)run!)._begun?.Dispose(), this);
            }
        }
    }
}
