namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a command returns: cold, each <c>await</c> asks. Within its time it gets a connection, and where it may be it is asked a second time.</summary>
internal sealed class MongoOperation<T>(MongoPool pool, MongoRequest<T> request) : Awaitable<T>
{
    public override string ToString() => request.ToString();

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new Run(pool, request, observer);
        if (pool.Hub.IsCurrent)
        {
            run.Begin();
        }
        else if (!pool.Hub.Post(static run => ((Run)run!).Begin(), run))
        {
            observer.OnError(new ObjectDisposedException(nameof(Hub), "The hub of the client was disposed."));
        }

        return run;
    }

    /// <summary>One of them. The hub's thread only, but for leaving.</summary>
    private sealed class Run(MongoPool pool, MongoRequest<T> request, IObserver<T> observer) : IObserver<Outcome<T>>, IDisposable
    {
        private IDisposable? _asked;
        private int _attempt;
        private Deadline? _limit;
        private long _began;
        private int _generation;
        private bool _isSent;
        private bool _isSecond;
        private int _over;

        private bool IsOver => Volatile.Read(ref _over) != 0;

        public void Begin()
        {
            if (IsOver)
            {
                return;
            }

            _began = pool.Hub.TimeProvider.GetTimestamp();
            if (request.Timeout != System.Threading.Timeout.InfiniteTimeSpan)
            {
                _limit = new Deadline(pool.Hub, static run => ((Run)run!).Late(), this);
                _limit.Reset(request.Timeout);
            }

            Ask();
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

        public void OnError(Exception error)
        {
            var why = !_isSent ? pool.Why(error, _generation)
                : error is ReplyLostException { InnerException: ProtocolException and not TruncatedFrameException and var garbage } ? garbage
                : error;
            if (_isSent && IsOfTheNetwork(why))
            {
                pool.Clear(why, _generation);
            }

            Failed(why);
        }

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

            if (pool.Hub.IsCurrent)
            {
                Leave();
            }
            else
            {
                pool.Hub.Post(static run => ((Run)run!).Leave(), this);
            }
        }

        private static bool IsOfTheNetwork(Exception error) => error is ConnectionException or EndOfStreamException;

        private void Ask()
        {
            (_isSent, _generation) = (false, pool.Generation);
            var attempt = ++_attempt;
            var asked = pool.Use(Send).Subscribe(this);

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

        private void AskAgain()
        {
            if (!IsOver)
            {
                Ask();
            }
        }

        private Awaitable<Outcome<T>> Send(MongoConnection connection)
        {
            _isSent = true;
            var left = request.Timeout == System.Threading.Timeout.InfiniteTimeSpan ? request.Timeout : request.Timeout - pool.Hub.TimeProvider.GetElapsedTime(_began);
            return request.IsAnswered ? connection.Pipeline.Ask(new MongoCall<T>(request, connection, left)) : new Unanswered<T>(request, connection, left);
        }

        private void Failed(Exception error)
        {
            if (request.IsRepeatable && !_isSecond && !IsOver && MongoRetry.IsWorthIt(error))
            {
                // In another turn: when the connection, and all others if that is so, have been given up.
                _isSecond = true;
                pool.Hub.Post(static run => ((Run)run!).AskAgain(), this);
            }
            else if (End())
            {
                _limit?.Cancel();
                observer.OnError(error);
            }
        }

        private void Late()
        {
            if (End())
            {
                var stage = _isSent ? "the reply" : pool.Stage;
                _asked?.Dispose();
                observer.OnError(new TimeoutException($"{request} has not ended within {request.Timeout}; it waited for {stage} of {MongoPool.Shown(pool.Server)} ({pool.Counts})."));
            }
        }

        private void Leave()
        {
            _limit?.Cancel();
            _asked?.Dispose();
        }

        private bool End() => Interlocked.Exchange(ref _over, 1) == 0;
    }
}
