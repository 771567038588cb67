using System.Collections.Immutable;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><see cref="Pages.Of"/>.</summary>
internal sealed class PagedObservable<TCursor, T>(TCursor first, Func<TCursor, IObservable<Page<TCursor, T>>> page, Hub hub) : IObservable<T>, IPausable
{
    private ImmutableList<Run> _running = [];

    public Hub Hub => hub;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(this, observer, first);
        ImmutableInterlocked.Update(ref _running, static (running, run) => running.Add(run), run);

        // Not within this call: whoever has enough with the first items has nothing yet to leave by.
        if (!hub.Post(static run => ((Run)run!).GoOn(), run))
        {
            run.Fail(hub.Ended());
        }

        return run;
    }

    public IDisposable Pause() => new CompositeDisposable(_running.Select(static run => run.Hold()));

    private IObservable<Page<TCursor, T>> Page(TCursor cursor) => page(cursor) ?? throw NothingGiven.Observable("a function that asks for pages");

    /// <summary>One subscription. All but holding and leaving happens on the hub.</summary>
    private sealed class Run(PagedObservable<TCursor, T> source, IObserver<T> observer, TCursor cursor) : IDisposable
    {
        private readonly SerialDisposable _asked = new();
        private Page<TCursor, T> _page = new([], cursor);
        private int _taken;
        private int _holds;
        private int _over;
        private bool _isAsking;
        private bool _isGoingOn;

        private Hub Hub => source.Hub;

        private bool IsOver => Volatile.Read(ref _over) != 0;

        private bool IsHeld => Volatile.Read(ref _holds) > 0;

        public IDisposable Hold()
        {
            Interlocked.Increment(ref _holds);
            return Disposable.Create(this, static run =>
            {
                if (Interlocked.Decrement(ref run._holds) == 0)
                {
                    run.Hub.Invoke(static run => ((Run)run!).GoOn(), run);
                }
            });
        }

        public void Dispose()
        {
            if (End())
            {
                _asked.Dispose();
            }
        }

        // A loop: what delivering and asking bring about at once comes back here.
        public void GoOn()
        {
            if (_isGoingOn)
            {
                return;
            }

            _isGoingOn = true;
            try
            {
                while (!IsOver && !IsHeld && !_isAsking)
                {
                    Step();
                }
            }
            finally
            {
                _isGoingOn = false;
            }
        }

        private void Step()
        {
            if (_taken < _page.Items.Count)
            {
                Tell(_page.Items[_taken++]);
            }
            else if (!_page.IsLast)
            {
                Ask();
            }
            else if (End())
            {
                observer.OnCompleted();
            }
        }

        private void Tell(T item)
        {
            try
            {
                observer.OnNext(item);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        private void Ask()
        {
            // What was taken is not held any more: a page may be of many megabytes.
            var next = _page.Next;
            (_isAsking, _page, _taken) = (true, new([], next), 0);
            var (answer, isThere) = (new SingleAssignmentDisposable(), false);
            _asked.Disposable = answer;
            try
            {
                answer.Disposable = source.Page(next).Subscribe(
                    page => Hub.Invoke(() => Take(page, ref isThere)),
                    error => Hub.Invoke(() => Fail(error)),
                    () => Hub.Invoke(() => Ended(isThere)));
            }
            catch (Exception error)
            {
                Fail(error);
            }
        }

        private void Take(Page<TCursor, T> page, ref bool isThere)
        {
            if (!isThere)
            {
                isThere = true;
                (_isAsking, _page, _taken) = (false, page, 0);
                GoOn();
            }
        }

        private void Ended(bool isThere)
        {
            if (!isThere)
            {
                Fail(new EndOfStreamException("A page was asked for, and none came."));
            }
        }

        public void Fail(Exception error)
        {
            if (End())
            {
                observer.OnError(error);
            }
        }

        private bool End()
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
            {
                return false;
            }

            ImmutableInterlocked.Update(ref source._running, static (running, run) => running.Remove(run), this);
            return true;
        }
    }
}
