namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What a command returns: cold, each <c>await</c> asks. Within its time it is tried as often as it may be.</summary>
internal sealed class RiakOperation<T>(RiakNodes nodes, RiakRequest<T> request, RiakCallOptions options) : Awaitable<T>
{
    // A node answers a wrong password after 5 s.
    private static readonly TimeSpan LogInPatience = TimeSpan.FromSeconds(6);

    // What an await is told, it is told as the last thing: see Tell.
    protected override bool TellsOnce => true;

    public override string ToString() => request.ToString();

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(nodes, request, options, observer);
        if (nodes.Hub.IsCurrent)
        {
            run.Begin();
        }
        else if (!nodes.Hub.Post(static run => ((Run)run!).Begin(), run))
        {
            run.Refuse(new ObjectDisposedException(nameof(Hub), "The hub of the client was disposed."));
        }

        return run;
    }

    /// <summary>One of them. The hub's thread only, but for leaving.</summary>
    private sealed class Run(RiakNodes nodes, RiakRequest<T> request, RiakCallOptions options, IObserver<T> observer)
        : IObserver<Lease<RiakConnection>>, IObserver<Outcome<T>>, IDisposable
    {
        private RiakAttempts _attempts = new(nodes, request, request.IsRepeatable, options);
        private readonly DatabaseOperation? _measured = RiakTelemetry.Begin(request, nodes.Hub);
        private IDisposable? _borrowing;
        private Lease<RiakConnection>? _lease;
        private IDisposable? _asked;
        private Deadline? _limit;
        private TimeSpan _share;
        private bool _isBorrowing;
        private bool _isSent;
        private bool _isPatient;
        private int _over;

        private bool IsOver => Volatile.Read(ref _over) != 0;

        public void Begin()
        {
            if (IsOver)
            {
                return;
            }

            _share = _attempts.Next();
            _measured?.Sent(_attempts.Node.Server);
            if (_share != System.Threading.Timeout.InfiniteTimeSpan)
            {
                (_limit ??= new Deadline(nodes.Hub, static run => ((Run)run!).Late(), this)).Reset(_share);
            }

            (_isSent, _isBorrowing) = (false, true);
            _borrowing = _attempts.Node.Pool.Borrow().Subscribe((IObserver<Lease<RiakConnection>>)this);
            _isBorrowing = false;
            Send();
        }

        /// <summary>It is over with an error.</summary>
        public void Refuse(Exception error)
        {
            if (End())
            {
                _limit?.Cancel();
                _measured.Finish(error);
                observer.OnError(error);
            }
        }

        // When it was another's call that gave the connection back, nothing begins inside that.
        void IObserver<Lease<RiakConnection>>.OnNext(Lease<RiakConnection> lease)
        {
            _lease = lease;
            if (!_isBorrowing && !nodes.Hub.Post(static run => ((Run)run!).Send(), this))
            {
                Release();
            }
        }

        void IObserver<Lease<RiakConnection>>.OnError(Exception error) => Failed(error);

        void IObserver<Lease<RiakConnection>>.OnCompleted()
        {
        }

        // Whoever is told, and asks again, finds the connection given back.
        void IObserver<Outcome<T>>.OnNext(Outcome<T> outcome)
        {
            Release(isUnharmed: true);
            if (outcome.Error is { } error)
            {
                Failed(error);
            }
            else if (End())
            {
                Tell(outcome.Value);
            }
        }

        void IObserver<Outcome<T>>.OnError(Exception error)
        {
            Release();
            Failed(error is ReplyLostException { InnerException: ProtocolException and not TruncatedFrameException and var garbage } ? garbage : error);
        }

        void IObserver<Outcome<T>>.OnCompleted()
        {
        }

        public void Dispose()
        {
            if (!End())
            {
                return;
            }

            if (nodes.Hub.IsCurrent)
            {
                Leave();
            }
            else
            {
                nodes.Hub.Post(static run => ((Run)run!).Leave(), this);
            }
        }

        private void Send()
        {
            if (_lease is not { } lease || _isSent)
            {
                return;
            }

            if (IsOver)
            {
                Release();
                return;
            }

            _isSent = true;
            _attempts.Lent();
            _asked = lease.Value.Pipeline.Ask(new RiakCall<T>(request, _attempts.Told(_share))).Subscribe((IObserver<Outcome<T>>)this);
        }

        // An await is over with its value, and may be waiting for something else when this returns.
        private void Tell(T value)
        {
            _limit?.Cancel();
            _measured.Finish(null);
            observer.OnNext(value);
            if (!IsAwait(observer))
            {
                observer.OnCompleted();
            }
        }

        private void Failed(Exception error)
        {
            if (IsOver)
            {
                return;
            }

            if (_attempts.Failed(error, _isSent) is not { } final)
            {
                // In another turn: when the connection has been given up.
                nodes.Hub.Post(static run => ((Run)run!).Begin(), this);
            }
            else
            {
                Refuse(final);
            }
        }

        private void Late()
        {
            if (IsOver)
            {
                return;
            }

            if (!_isSent && !_isPatient && _attempts.Node.Dial.IsLoggingIn)
            {
                _isPatient = true;
                _limit!.Reset(LogInPatience);
                return;
            }

            var (node, stage) = (_attempts.Node, _isSent ? "the reply" : "a connection");
            var error = new TimeoutException($"{request} has not ended within {_share}; it waited for {stage} of {node.Server.Shown()} ({node.Pool.Counts}).");
            Release();
            Failed(error);
        }

        private void Leave()
        {
            _limit?.Cancel();
            Release();
            _measured.Leave();
        }

        // One in the middle of something is closed.
        private void Release(bool isUnharmed = false)
        {
            var (borrowing, asked, lease) = (_borrowing, _asked, _lease);
            (_borrowing, _asked, _lease) = (null, null, null);
            _attempts.Back();
            if (isUnharmed || (lease is not null && !_isSent))
            {
                lease!.Dispose();
                return;
            }

            borrowing?.Dispose();
            asked?.Dispose();
            lease?.Discard();
        }

        private bool End() => Interlocked.Exchange(ref _over, 1) == 0;
    }
}
