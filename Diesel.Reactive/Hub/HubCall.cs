namespace Diesel.Reactive;

/// <summary>A value that a function gives in a turn of the hub, or its error.</summary>
internal sealed class HubCall<T>(Hub hub, Func<Hub, T> call, string what) : Awaitable<T>
{
    internal override Hub Home => hub;

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(hub, call, observer);
        hub.Enter(run, static r => ((Run)r!).Call());
        return run;
    }

    public override string ToString() => what;

    private sealed class Run(Hub hub, Func<Hub, T> call, IObserver<T> observer) : HubWaits.Node, IDisposable
    {
        private int _over;

        public override bool IsOver => Volatile.Read(ref _over) != 0;

        public void Call()
        {
            HubWaits.Remove(this);
            if (!End())
            {
                return;
            }

            T value;
            try
            {
                value = call(hub);
            }
            catch (Exception error)
            {
                observer.OnError(error);
                return;
            }

            observer.OnNext(value);
            observer.OnCompleted();
        }

        public override void HubEnded(ObjectDisposedException error)
        {
            if (End())
            {
                observer.OnError(error);
            }
        }

        public void Dispose() => End();

        private bool End() => Interlocked.Exchange(ref _over, 1) == 0;
    }
}
