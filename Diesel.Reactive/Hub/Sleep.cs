using System.Reactive;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><see cref="Hub.Sleep"/>.</summary>
internal sealed class Sleep(Hub hub, TimeSpan duration, CancellationToken cancellation) : Awaitable<Unit>
{
    public override IDisposable Subscribe(IObserver<Unit> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Timer(hub, duration, observer, cancellation);
    }

    internal override Hub Home => hub;

    public override string ToString() => $"a sleep of {duration}";

    private sealed class Timer : IHubWait, IDisposable
    {
        private readonly IObserver<Unit> _observer;
        private readonly CancellationTokenRegistration _registration;
        private readonly IDisposable _timer;
        private int _over;

        public Timer(Hub hub, TimeSpan duration, IObserver<Unit> observer, CancellationToken cancellation)
        {
            _observer = observer;
            _timer = duration > TimeSpan.Zero ? hub.StartTimer(duration, Fire, this) : Yield(hub);
            if (cancellation.CanBeCanceled)
            {
                _registration = cancellation.UnsafeRegister(state => hub.Invoke(Cancel, state), (this, cancellation));
                Interlocked.MemoryBarrier();
                if (_over != 0)
                {
                    // It came due, on the hub, before there was anything to unregister.
                    _registration.Unregister();
                }
            }
        }

        private static readonly Action<object?> Fire = static timer => ((Timer)timer!).OnDue();

        private static readonly Action<object?> Cancel = static state =>
        {
            var (timer, cancellation) = ((Timer, CancellationToken))state!;
            if (timer.End())
            {
                timer._observer.OnError(new OperationCanceledException(cancellation));
            }
        };

        public void HubEnded(ObjectDisposedException error)
        {
            if (End())
            {
                _observer.OnError(error);
            }
        }

        public void Dispose() => End();

        public override string ToString() => "a sleep";

        private IDisposable Yield(Hub hub)
        {
            if (!hub.Post(Fire, this))
            {
                HubEnded(hub.Ended());
            }

            return Disposable.Empty;
        }

        private void OnDue()
        {
            if (End())
            {
                _observer.OnNext(Unit.Default);
                _observer.OnCompleted();
            }
        }

        private bool End()
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
            {
                return false;
            }

            _timer?.Dispose();
            _registration.Unregister();
            return true;
        }
    }
}
