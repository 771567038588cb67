using System.Collections.Immutable;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>A stream that a command returns: cold, each subscription asks anew. Whoever holds it holds the connection; whoever leaves closes it.</summary>
internal sealed class RiakStream<T>(RiakNodes nodes, RiakRequest<(IReadOnlyList<T> Items, bool IsLast)> request, RiakCallOptions options) : IObservable<T>, IPausable
{
    private ImmutableList<Run> _running = [];

    public Hub Hub => nodes.Hub;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(this, nodes, request, options, observer);
        ImmutableInterlocked.Update(ref _running, static (all, one) => all.Add(one), run);

        // Not within this call: whoever has enough with the first items has nothing yet to leave by.
        if (!Hub.Post(static run => ((Run)run!).Begin(), run))
        {
            run.OnError(new ObjectDisposedException(nameof(Hub), "The hub of the client was disposed."));
        }

        return run;
    }

    public IDisposable Pause() => new CompositeDisposable(_running.Select(static run => run.Hold()));

    public override string ToString() => request.ToString();

    /// <summary>One subscription. The hub's thread only, but for holding and leaving.</summary>
    private sealed class Run(
        RiakStream<T> stream, RiakNodes nodes, RiakRequest<(IReadOnlyList<T> Items, bool IsLast)> request, RiakCallOptions options, IObserver<T> observer)
        : IObserver<IReadOnlyList<T>>, IDisposable
    {
        private readonly Queue<IReadOnlyList<T>> _batches = [];
        private readonly SerialDisposable _borrowing = new();
        private readonly DatabaseOperation? _measured = RiakTelemetry.Begin(request, nodes.Hub);
        private RiakAttempts _attempts = new(nodes, request, isRepeatable: true, options);
        private Lease<RiakConnection>? _lease;
        private IPausable? _source;
        private IDisposable? _sourceHeld;
        private IDisposable? _asked;
        private Exception? _failure;
        private int _taken;
        private int _holds;
        private int _over;
        private bool _hasBegun;
        private bool _hasEnded;
        private bool _isGoingOn;

        private bool IsOver => Volatile.Read(ref _over) != 0;

        public void Begin()
        {
            if (!IsOver)
            {
                var share = _attempts.Next();
                _measured?.Sent(_attempts.Node.Server);
                _borrowing.Disposable = _attempts.Node.Pool.Borrow(share).Subscribe(Lent, NotLent);
            }
        }

        public IDisposable Hold()
        {
            Interlocked.Increment(ref _holds);
            return Disposable.Create(this, static run =>
            {
                if (Interlocked.Decrement(ref run._holds) == 0)
                {
                    run.OnHub(static run => ((Run)run!).GoOn());
                }
            });
        }

        public void OnNext(IReadOnlyList<T> batch)
        {
            _hasBegun = true;
            _batches.Enqueue(batch);
            GoOn();
        }

        public void OnError(Exception error)
        {
            GiveBack(isUnharmed: false);
            if (IsOver)
            {
                return;
            }

            error = error is ReplyLostException { InnerException: ProtocolException and not TruncatedFrameException and var garbage } ? garbage : error;
            var final = _attempts.Failed(error, isSent: true);
            if (final is null && !_hasBegun)
            {
                nodes.Hub.Post(static run => ((Run)run!).Begin(), this);
                return;
            }

            (_failure, _hasEnded) = (final ?? error, true);
            GoOn();
        }

        // The connection is somebody else's from now on, even when what came is still to be taken.
        public void OnCompleted()
        {
            GiveBack(isUnharmed: true);
            _hasEnded = true;
            GoOn();
        }

        public void Dispose()
        {
            if (End())
            {
                OnHub(static run => ((Run)run!).Leave());
            }
        }

        private void NotLent(Exception error)
        {
            if (IsOver)
            {
                return;
            }

            if (_attempts.Failed(error, isSent: false) is not { } final)
            {
                nodes.Hub.Post(static run => ((Run)run!).Begin(), this);
            }
            else
            {
                (_failure, _hasEnded) = (final, true);
                GoOn();
            }
        }

        private void Lent(Lease<RiakConnection> lease)
        {
            // It was another's call that gave the connection back: nothing begins inside that.
            if (!nodes.Hub.Post(_ => Send(lease)))
            {
                lease.Dispose();
            }
        }

        private void Send(Lease<RiakConnection> lease)
        {
            if (IsOver)
            {
                lease.Dispose();
                return;
            }

            _lease = lease;
            _attempts.Lent();
            var source = lease.Value.Pipeline.Stream(new RiakStreamCall<T>(request, options.StreamTimeout));
            _source = source as IPausable;
            _asked = source.Subscribe(this);
        }

        // A loop: what delivering brings about at once comes back here. While it is held, nothing is read.
        private void GoOn()
        {
            if (_isGoingOn)
            {
                return;
            }

            _isGoingOn = true;
            try
            {
                while (!IsOver && Volatile.Read(ref _holds) == 0 && _batches.TryPeek(out var batch))
                {
                    Tell(batch);
                }
            }
            finally
            {
                _isGoingOn = false;
            }

            if (IsOver)
            {
                return;
            }

            if (_batches.Count > 0)
            {
                _sourceHeld ??= _lease is null ? null : _source?.Pause();
            }
            else if (_hasEnded)
            {
                TellEnd();
            }
            else
            {
                Release();
            }
        }

        private void Tell(IReadOnlyList<T> batch)
        {
            var item = batch[_taken++];
            if (_taken == batch.Count)
            {
                _taken = 0;
                _batches.Dequeue();
            }

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

        private void TellEnd()
        {
            if (!End())
            {
                return;
            }

            _measured.Finish(_failure);
            if (_failure is { } failure)
            {
                observer.OnError(failure);
            }
            else
            {
                observer.OnCompleted();
            }
        }

        private void Leave()
        {
            _borrowing.Dispose();
            _batches.Clear();
            _asked?.Dispose();
            GiveBack(isUnharmed: false);
            _measured.Leave();
        }

        private void Release()
        {
            var held = _sourceHeld;
            _sourceHeld = null;
            held?.Dispose();
        }

        private void GiveBack(bool isUnharmed)
        {
            Release();
            var lease = _lease;
            (_lease, _source, _asked) = (null, null, null);
            _attempts.Back();
            if (isUnharmed)
            {
                lease?.Dispose();
            }
            else
            {
                lease?.Discard();
            }
        }

        private void OnHub(Action<object?> what)
        {
            if (nodes.Hub.IsCurrent)
            {
                what(this);
            }
            else
            {
                nodes.Hub.Post(what, this);
            }
        }

        private bool End()
        {
            if (Interlocked.Exchange(ref _over, 1) != 0)
            {
                return false;
            }

            ImmutableInterlocked.Update(ref stream._running, static (all, one) => all.Remove(one), this);
            return true;
        }
    }
}
