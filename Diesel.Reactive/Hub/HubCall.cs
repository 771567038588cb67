namespace Diesel.Reactive;

/// <summary>A value that a function gives in a turn of the hub, or its error. One that is made while its caller leaves is closed again.</summary>
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
        private const int Waiting = 0;
        private const int Making = 1;
        private const int Over = 2;

        private int _state;

        public override bool IsOver => Volatile.Read(ref _state) == Over;

        public void Call()
        {
            HubWaits.Remove(this);
            if (Interlocked.CompareExchange(ref _state, Making, Waiting) != Waiting)
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
                if (End())
                {
                    observer.OnError(error);
                }

                return;
            }

            if (End())
            {
                observer.OnNext(value);
                observer.OnCompleted();
            }
            else
            {
                Unclaimed.LetGo(value);
            }
        }

        public override void HubEnded(ObjectDisposedException error)
        {
            if (End())
            {
                observer.OnError(error);
            }
        }

        public void Dispose() => End();

        private bool End() => Interlocked.Exchange(ref _state, Over) != Over;
    }
}
