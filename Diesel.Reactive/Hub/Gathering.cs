namespace Diesel.Reactive;

/// <summary><see cref="Awaitable.All{T}"/>: subscribes in order, keeps the first value of each, and gives them when all are there.</summary>
internal sealed class Gathering<TValues, TResult>(Member<TValues>[] members, Func<TValues> begin, Func<TValues, TResult> end) : Awaitable<TResult>
{
    public override IDisposable Subscribe(IObserver<TResult> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(this, observer, members, begin());

        // On their own thread, so that one hop serves all of them.
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
            foreach (var member in members)
            {
                if (member.Home is { } home)
                {
                    return home;
                }
            }

            return null;
        }
    }

    protected internal override bool TryTake(out TResult value)
    {
        value = members.Length == 0 ? end(begin()) : default!;
        return members.Length == 0;
    }

    public override string ToString() => $"all of {string.Join(", ", members.Select(member => member.ToString()))}";

    private TResult Of(TValues values) => end(values);

    private sealed class Run : IGathering<TValues>, IHubWait, IDisposable
    {
        private readonly Gathering<TValues, TResult> _all;
        private readonly IObserver<TResult> _observer;
        private readonly Seat<TValues>[] _seats;
        private int _missing;
        private int _over;

        public Run(Gathering<TValues, TResult> all, IObserver<TResult> observer, Member<TValues>[] members, TValues values)
        {
            (_all, _observer, Values) = (all, observer, values);
            _seats = Array.ConvertAll(members, member => member.Seat(this));

            // One more, so that it does not come out while the last is being subscribed.
            _missing = members.Length + 1;
        }

        public TValues Values { get; }

        public void Start()
        {
            foreach (var seat in _seats)
            {
                if (Volatile.Read(ref _over) != 0)
                {
                    return;
                }

                try
                {
                    seat.Take();
                }
                catch (Exception error)
                {
                    Fail(error);
                }
            }

            Kept();
        }

        public void Kept()
        {
            if (Interlocked.Decrement(ref _missing) == 0 && End())
            {
                _observer.OnNext(_all.Of(Values));
                _observer.OnCompleted();
            }
        }

        public void Fail(Exception error)
        {
            if (End())
            {
                _observer.OnError(error);
            }
        }

        public void Lacks(Seat<TValues> seat, string why)
        {
            if (!End())
            {
                return;
            }

            if (_observer is IToldWhy told)
            {
                told.OnEnded($"Source {Array.IndexOf(_seats, seat) + 1} of {_seats.Length} gave nothing, and the wait for all ended with it: {why}");
            }
            else
            {
                _observer.OnCompleted();
            }
        }

        public void HubEnded(ObjectDisposedException error) => Fail(error);

        public void Dispose() => End();

        // Those that are still waited for are left before anybody is told, so that what that triggers may wait for the same.
        private bool End()
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
            {
                return false;
            }

            foreach (var seat in _seats)
            {
                seat.Dispose();
            }

            return true;
        }
    }
}
