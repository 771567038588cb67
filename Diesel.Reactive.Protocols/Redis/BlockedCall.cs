using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A command that waits at the server, over a connection of its own. Whoever leaves ends the wait there; what arrives all the same is
/// given back.</summary>
/// <param name="leases">Where the connection is from.</param>
/// <param name="command">What is asked.</param>
/// <param name="isAsking">Whether the server takes it only if it is told so, as it has not got the slot yet.</param>
internal sealed class BlockedCall<T>(RedisLeases leases, RedisCommand<T> command, bool isAsking = false) : IObservable<T>
{
    // How often it is tried to end the wait: the command may still be on its way.
    private const int Attempts = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public IDisposable Subscribe(IObserver<T> observer)
    {
        var run = new Run(leases, command, isAsking, observer);
        run.Begin();
        return run;
    }

    private sealed class Run(RedisLeases leases, RedisCommand<T> command, bool isAsking, IObserver<T> observer) : IDisposable
    {
        private readonly SingleAssignmentDisposable _borrowing = new();

        // Whoever takes it out decides: the reply, which is the caller's then, or the caller, who has left.
        private IObserver<T>? _observer = observer;
        private Lease<LeasedConnection>? _lease;
        private long _since;
        private bool _isOver;

        // An order to end the wait that comes late would end the next one's.
        private bool _isUnblocking;
        private bool _isLostTrackOf;
        private bool _isDone;

        public void Begin() => _borrowing.Disposable = leases.Borrow().Subscribe(Lent, Fail);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _observer, null) is null)
            {
                return;
            }

            if (leases.Hub.IsCurrent)
            {
                Leave();
            }
            else
            {
                leases.Hub.Post(static run => ((Run)run!).Leave(), this);
            }
        }

        private void Lent(Lease<LeasedConnection> lease)
        {
            if (Volatile.Read(ref _observer) is null)
            {
                lease.Dispose();
                return;
            }

            (_lease, _since) = (lease, leases.Now);
            if (isAsking)
            {
                lease.Value.Pipeline.Ask(new RedisCommand<RespValue>("ASKING", Reply.Any)).Subscribe(static _ => { }, static _ => { });
            }

            lease.Value.Pipeline.Ask(command.Raw()).Subscribe(Take, Fail);
        }

        private void Leave()
        {
            if (_lease is null)
            {
                _borrowing.Dispose();
            }
            else if (!_isOver)
            {
                leases.Hub.Fork(EndWait, $"ending the wait of {command}");
            }
        }

        // The connection is back before its caller goes on, who may want it again.
        private void Take(RespValue reply)
        {
            _isOver = true;
            if (Interlocked.Exchange(ref _observer, null) is { } told)
            {
                GoesBack();
                Tell(told, reply);
            }
            else if (command.GiveBack is { } giveBack)
            {
                leases.Hub.Fork(() => GiveBack(giveBack, reply), $"giving back what {command} got");
            }
            else
            {
                Return();
            }
        }

        // Where it cannot be ended the connection is closed: what arrives at that moment is lost.
        private async Task EndWait()
        {
            try
            {
                for (var attempt = 0; attempt < Attempts && !_isOver && _lease!.Value.Id is { } id; attempt++)
                {
                    await Unblock(id);
                    await leases.Hub.Sleep(Pause);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The connection that all share is lost or slow, or the user may not unblock.
                _isLostTrackOf = true;
            }
            finally
            {
                if (!_isOver || (_isDone && _isLostTrackOf))
                {
                    _isOver = true;
                    Ends();
                }
            }
        }

        private async Task Unblock(long id)
        {
            _isUnblocking = true;
            await leases.Ask(new RedisCommand<RespValue>("CLIENT UNBLOCK", Reply.Any, id)).Timeout(Attempts * Pause, leases.Hub);
            _isUnblocking = false;
            if (_isDone)
            {
                GoesBack();
            }
        }

        private void GoesBack()
        {
            leases.Used(_since);
            _lease!.Dispose();
        }

        private void Ends()
        {
            if (_lease is { } lease)
            {
                leases.Used(_since);
                lease.Discard();
            }
        }

        private void Return()
        {
            _isDone = true;
            if (_isLostTrackOf)
            {
                Ends();
            }
            else if (!_isUnblocking)
            {
                GoesBack();
            }
        }

        private async Task GiveBack(Func<RespValue, RedisCommand<RespValue>?> giveBack, RespValue reply)
        {
            try
            {
                if (giveBack(reply) is { } undoing)
                {
                    await _lease!.Value.Pipeline.Ask(undoing);
                }

                Return();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                leases.Hub.Report(failure, $"{command}: what it got when nobody waited any more could not be given back");
                Ends();
            }
        }

        private void Tell(IObserver<T> told, RespValue reply)
        {
            T value;
            try
            {
                value = command.Parse(reply);
            }
            catch (Exception wrong)
            {
                told.OnError(wrong);
                return;
            }

            told.OnNext(value);
            told.OnCompleted();
        }

        private void Fail(Exception error)
        {
            _isOver = true;
            if (_lease is not null && error is RedisErrorException)
            {
                Return();
            }
            else
            {
                Ends();
            }

            Interlocked.Exchange(ref _observer, null)?.OnError(leases.Why(error));
        }
    }
}
