namespace Diesel.Reactive.Protocols.Riak;

/// <summary>What a command returns: cold, each <c>await</c> asks. Within its time it is tried as often as it may be.</summary>
internal sealed class RiakOperation<T>(RiakNodes nodes, RiakRequest<T> request, RiakCallOptions options) : Awaitable<T>
{
    // A node answers a wrong password after 5 s.
    private static readonly TimeSpan LogInPatience = TimeSpan.FromSeconds(6);

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
            observer.OnError(new ObjectDisposedException(nameof(Hub), "The hub of the client was disposed."));
        }

        return run;
    }

    /// <summary>One of them. The hub's thread only, but for leaving.</summary>
    private sealed class Run(RiakNodes nodes, RiakRequest<T> request, RiakCallOptions options, IObserver<T> observer) : IObserver<Outcome<T>>, IDisposable
    {
        private RiakAttempts _attempts = new(nodes, request, request.IsRepeatable, options);
        private IDisposable? _asked;
        private Deadline? _limit;
        private TimeSpan _share;
        private long _began;
        private int _attempt;
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

            (_share, _began) = (_attempts.Next(), nodes.Hub.TimeProvider.GetTimestamp());
            if (_share != System.Threading.Timeout.InfiniteTimeSpan)
            {
                (_limit ??= new Deadline(nodes.Hub, static run => ((Run)run!).Late(), this)).Reset(_share);
            }

            _isSent = false;
            var attempt = ++_attempt;
            var asked = _attempts.Node.Pool.Use(Send).Subscribe(this);

            // It may have failed at once, and been followed by another.
            if (attempt == _attempt)
            {
                _asked = asked;
            }

            if (IsOver)
            {
                asked.Dispose();
            }
        }

        public void OnNext(Outcome<T> outcome)
        {
            if (outcome.Error is { } error)
            {
                Failed(error);
            }
            else if (End())
            {
                _limit?.Cancel();
                observer.OnNext(outcome.Value);
                observer.OnCompleted();
            }
        }

        public void OnError(Exception error) => Failed(
            error is ReplyLostException { InnerException: ProtocolException and not TruncatedFrameException and var garbage } ? garbage : error);

        // The outcome was told before.
        public void OnCompleted()
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

        private Awaitable<Outcome<T>> Send(RiakConnection connection)
        {
            _isSent = true;
            return connection.Pipeline.Ask(new RiakCall<T>(request, _attempts.Told(_share, nodes.Hub.TimeProvider.GetElapsedTime(_began))));
        }

        private void Failed(Exception error)
        {
            if (IsOver)
            {
                return;
            }

            _attempt++;
            if (_attempts.Failed(error, _isSent) is not { } final)
            {
                // In another turn: when the connection has been given up.
                nodes.Hub.Post(static run => ((Run)run!).Begin(), this);
            }
            else if (End())
            {
                _limit?.Cancel();
                observer.OnError(final);
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

            var (node, asked) = (_attempts.Node, _asked);
            _asked = null;
            var stage = _isSent ? "the reply" : "a connection";
            var error = new TimeoutException($"{request} has not ended within {_share}; it waited for {stage} of {node.Server.Shown()} ({node.Pool.Counts}).");
            asked?.Dispose();
            Failed(error);
        }

        private void Leave()
        {
            _limit?.Cancel();
            _asked?.Dispose();
        }

        private bool End() => Interlocked.Exchange(ref _over, 1) == 0;
    }
}
