using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><see cref="First"/>: subscribes in order until one is ready, lets the first notification win, drops the rest.</summary>
internal sealed class Race<TResult>(params Entrant<TResult>[] entrants) : Awaitable<TResult>
{
    public override IDisposable Subscribe(IObserver<TResult> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(observer, entrants);

        // On their own thread, so that the hub cannot give a loser something while another one is winning.
        if (Home is not { IsCurrent: false } home)
        {
            run.Start();
        }
        else if (!home.Post(static r => ((Run)r!).Start(), run))
        {
            run.HubEnded(home.Ended());
        }

        return run;
    }

    internal override Hub? Home
    {
        get
        {
            foreach (var entrant in entrants)
            {
                if (entrant.Home is { } home)
                {
                    return home;
                }
            }

            return null;
        }
    }

    public override string ToString() => $"the first of {string.Join(", ", entrants.Select(e => e.ToString()))}";

    internal sealed class Run(IObserver<TResult> observer, Entrant<TResult>[] entrants) : IHubWait, IDisposable
    {
        private readonly CompositeDisposable _entered = [];
        private int _over;

        // Losers are unsubscribed before the winner is told, so that what the winner triggers may read at once.
        private bool IsFirst => Interlocked.Exchange(ref _over, 1) == 0;

        public void Start()
        {
            foreach (var entrant in entrants)
            {
                if (Volatile.Read(ref _over) != 0)
                {
                    return;
                }

                Enter(entrant);
            }
        }

        public void Won<T>(Func<T, TResult> result, T value)
        {
            if (IsFirst)
            {
                _entered.Dispose();
                observer.OnNext(result(value));
                observer.OnCompleted();
            }
        }

        public void Failed(Exception error)
        {
            if (IsFirst)
            {
                _entered.Dispose();
                observer.OnError(error);
            }
        }

        public void Ended(Entrant<TResult> entrant)
        {
            if (!IsFirst)
            {
                return;
            }

            _entered.Dispose();
            if (observer is IToldWhy told)
            {
                told.OnEnded(
                    $"Source {Array.IndexOf(entrants, entrant) + 1} of a race, {entrant}, ended without a value, and the race with it. " +
                    "Catch this where an end is expected, give the source a value for its end (DefaultIfEmpty), " +
                    "or let the others go on without it (Concat with Observable.Never).");
            }
            else
            {
                observer.OnCompleted();
            }
        }

        public void HubEnded(ObjectDisposedException error) => Failed(error);

        public void Dispose()
        {
            Volatile.Write(ref _over, 1);
            _entered.Dispose();
        }

        private void Enter(Entrant<TResult> entrant)
        {
            try
            {
                _entered.Add(entrant.Run(this));
            }
            catch
            {
                // Nobody gets a subscription that could end those before it.
                Dispose();
                throw;
            }
        }
    }
}
