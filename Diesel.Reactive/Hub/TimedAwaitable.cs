using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><see cref="Awaitable{T}.Timeout(TimeSpan, Hub?)"/>.</summary>
internal sealed class TimedAwaitable<T>(Awaitable<T> source, TimeSpan limit, Func<string, Exception> late, Hub? hub) : Awaitable<T>
{
    internal override Hub? Home => source.Home ?? hub;

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var wait = new Wait(this, observer);
        wait.Begin(source, source.Home ?? Hub.Of(hub));
        return wait;
    }

    public override string ToString() => $"{source} within {limit}";

    private TimeSpan Limit => limit;

    private Exception Error()
    {
        try
        {
            return late(ToString());
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    private sealed class Wait(TimedAwaitable<T> timed, IObserver<T> observer) : EndableWait<T>(observer)
    {
        private SingleAssignmentDisposableValue _timer;

        public void Begin(Awaitable<T> source, Hub hub)
        {
            WaitFor(source);
            if (!IsOver)
            {
                _timer.Disposable = hub.StartTimer(timed.Limit, static wait => ((Wait)wait!).Late(), this);
            }
        }

        protected override void LetGo() => _timer.Dispose();

        private void Late() => Fail(timed.Error());
    }
}
