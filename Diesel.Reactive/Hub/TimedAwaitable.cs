namespace Diesel.Reactive;

/// <summary><see cref="Awaitable{T}.Timeout"/>.</summary>
internal sealed class TimedAwaitable<T>(Awaitable<T> source, TimeSpan limit, Hub? hub) : Awaitable<T>
{
    internal override Hub? Home => source.Home ?? hub;

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(this, observer);
        run.Start(source, source.Home ?? Hub.Of(hub));
        return run;
    }

    public override string ToString() => $"{source} within {limit}";

    private sealed class Run(TimedAwaitable<T> timed, IObserver<T> observer) : IObserver<T>, IHubWait, IDisposable
    {
        private readonly System.Reactive.Disposables.SingleAssignmentDisposable _source = new();
        private readonly System.Reactive.Disposables.SingleAssignmentDisposable _timer = new();
        private int _over;

        public void Start(Awaitable<T> source, Hub hub)
        {
            _source.Disposable = source.Subscribe(this);
            if (Volatile.Read(ref _over) == 0)
            {
                _timer.Disposable = hub.StartTimer(timed.Limit, static run => ((Run)run!).Late(), this);
            }
        }

        public void OnNext(T value)
        {
            if (End())
            {
                observer.OnNext(value);
                observer.OnCompleted();
            }
        }

        public void OnError(Exception error)
        {
            if (End())
            {
                observer.OnError(error);
            }
        }

        public void OnCompleted()
        {
            if (End())
            {
                observer.OnCompleted();
            }
        }

        public void HubEnded(ObjectDisposedException error) => Fail(error);

        public void Dispose() => End();

        private void Late() => Fail(new TimeoutException($"No answer in time: {timed}."));

        private void Fail(Exception error)
        {
            if (End())
            {
                observer.OnError(error);
            }
        }

        // What it waited for is let go of first: a reading that was late has consumed nothing.
        private bool End()
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
            {
                return false;
            }

            _timer.Dispose();
            _source.Dispose();
            return true;
        }
    }

    private TimeSpan Limit => limit;
}
