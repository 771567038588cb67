using System.Net;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A request under way: within its time a server is found for it, a connection to that, and where it may be it is sent again.</summary>
/// <remarks>The hub's thread only, but for leaving.</remarks>
internal sealed class MongoRun<T>(MongoCluster cluster, MongoRequest<T> request, IObserver<T> observer) : ServerWait, IObserver<Outcome<T>>, IMongoListener, IDisposable
{
    private List<EndPoint>? _shunned;
    private IDisposable? _asked;
    private IDisposable? _backoff;
    private Deadline? _limit;
    private MongoServer? _server;
    private MongoConnection? _connection;
    private ServerSession? _session;
    private MeasuredRun? _measured;
    private Exception? _first;
    private long _began;
    private long _transactionNumber;
    private int _attempt;
    private int _generation;
    private int _overloads;
    private bool _isOut;
    private bool _isFirst;
    private bool _isSecond;
    private bool _isWaiting;
    private int _over;

    public override ReadPreference? Preference => request.ReadPreference;

    public override EndPoint? Pinned => request.Server ?? (request.EndsTransaction || request.Session is { IsInTransaction: true } ? request.Session?.Pinned : null);

    public override IReadOnlyCollection<EndPoint> Shunned => _shunned ?? [];

    private bool IsOver => Volatile.Read(ref _over) != 0;

    private TimeSpan Limit => request.Timeout == Timeout.InfiniteTimeSpan ? cluster.Said.ServerSelectionTimeout : request.Timeout;

    public void Begin()
    {
        if (IsOver)
        {
            return;
        }

        _began = cluster.Hub.TimeProvider.GetTimestamp();
        _measured = MeasuredRun.Of(request.Name, request.Database, request.Collection, cluster.Hub.TimeProvider);
        _limit = new Deadline(cluster.Hub, static run => ((MongoRun<T>)run!).Late(), this);
        if (request.Timeout != Timeout.InfiniteTimeSpan)
        {
            _limit.Reset(request.Timeout);
        }

        Look();
    }

    public override void Found(MongoServer server)
    {
        _isWaiting = false;
        if (IsOver)
        {
            return;
        }

        if (request.Timeout == Timeout.InfiniteTimeSpan)
        {
            _limit!.Cancel();
        }

        (_server, _connection, _generation) = (server, null, server.Pool.Generation);
        server.Load++;
        _isOut = true;
        _measured?.Sent(server.EndPoint);
        var attempt = ++_attempt;
        var asked = server.Pool.Use(Send).Subscribe(this);

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

    public override void Failed(Exception error)
    {
        _isWaiting = false;
        Fail(_first ?? error);
    }

    public void OnNext(Outcome<T> outcome)
    {
        Leave();
        if (outcome.Error is { } error)
        {
            if (error is MongoErrorException { Code: var code } && MongoStateChange.IsMeantBy(code))
            {
                cluster.Failed(_server!, error, _connection!);
            }

            Refused(error);
        }
        else if (End())
        {
            _limit?.Cancel();
            ReturnSession();
            _measured?.End(null);
            request.Answered?.Invoke(_server!.EndPoint);
            observer.OnNext(outcome.Value);
            observer.OnCompleted();
        }
    }

    public void OnError(Exception error)
    {
        Leave();
        var why = _connection is null ? _server!.Pool.Why(error, _generation)
            : error is ReplyLostException { InnerException: ProtocolException and not TruncatedFrameException and var garbage } ? garbage
            : error;
        if (_connection is not null)
        {
            if (_session is not null)
            {
                _session.IsDirty = true;
            }

            if (MongoRetry.IsOfTheNetwork(why))
            {
                cluster.Failed(_server!, why, _connection);
            }
        }
        else if (why is ConnectionException and not MongoPoolClearedException or TimeoutException or EndOfStreamException)
        {
            // That a connection could not be made ready is how a server says that it has too much to do.
            why.AddLabel(MongoLabels.Overloaded);
            why.AddLabel(MongoLabels.Retryable);
        }

        Refused(why);
    }

    // The outcome was told before.
    public void OnCompleted()
    {
    }

    public void Hear(RawBson reply)
    {
        cluster.Clock.Hear(reply);
        request.Session?.Hear(reply);
    }

    public MongoErrorException? Refuses(RawBson reply)
    {
        if (request.Retries != MongoRetries.Write || _isSecond || reply["writeConcernError"u8] is not { Type: BsonType.Document } concern)
        {
            return null;
        }

        var error = MongoErrorException.OfConcern(reply, concern.ToDocument());
        return !reply["writeErrors"u8].IsNull || !MongoRetry.IsWorthWriting(error, _connection!.Hello.MaxWireVersion, _connection.Hello.IsRouter) ? null : error;
    }

    public void Dispose()
    {
        if (!End())
        {
            return;
        }

        if (cluster.Hub.IsCurrent)
        {
            LeaveHere();
        }
        else
        {
            cluster.Hub.Post(static run => ((MongoRun<T>)run!).LeaveHere(), this);
        }
    }

    private void Look()
    {
        if (IsOver)
        {
            return;
        }

        try
        {
            if (cluster.Pick(Preference, Pinned, _shunned) is { } server)
            {
                Found(server);
                return;
            }

            _isWaiting = true;
            if (request.Timeout == Timeout.InfiniteTimeSpan)
            {
                _limit!.Reset(cluster.Said.ServerSelectionTimeout);
            }

            cluster.Wait(this);
        }
        catch (Exception error) when (error is ArgumentException or ObjectDisposedException)
        {
            Fail(_first ?? error);
        }
    }

    private Awaitable<Outcome<T>> Send(MongoConnection connection)
    {
        _connection = connection;
        var description = _server!.Description;
        var left = Left() - description.LeastRoundTrip;
        if (request.Timeout != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero && request.TellsTime)
        {
            left = TimeSpan.FromMilliseconds(1);
        }

        var sending = With(new MongoSending(MongoRequestId.Next(), connection, request.Timeout == Timeout.InfiniteTimeSpan ? request.Timeout : left), connection.Hello);
        return request.IsAnswered ? connection.Pipeline.Ask(new MongoCall<T>(request, sending, this)) : new Unanswered<T>(request, sending);
    }

    private MongoSending With(MongoSending sending, MongoHello hello)
    {
        var state = request.Session;
        if (hello.HasSessions && request.IsAnswered)
        {
            _session ??= state?.Server ?? cluster.Sessions.Take();
            _session.LastUse = cluster.Hub.TimeProvider.GetElapsedTime(0);
        }

        var isFirst = _isFirst = state is { Stage: TransactionStage.Starting };
        if (state is { IsInTransaction: true } || request.EndsTransaction)
        {
            if (isFirst && _session is not null)
            {
                _session.TransactionNumber++;
            }

            _transactionNumber = _session?.TransactionNumber ?? 0;
            if (isFirst)
            {
                state!.Stage = TransactionStage.Running;
                state.Pinned = hello.IsRouter ? _server!.EndPoint : null;
            }
        }
        else if (request.Retries == MongoRetries.Write && _transactionNumber == 0 && _session is not null && (hello.IsMember || hello.IsRouter))
        {
            _transactionNumber = ++_session.TransactionNumber;
        }

        return sending with
        {
            Concern = _isSecond && request is { EndsTransaction: true, Name: "commitTransaction" } ? (request.WriteConcern ?? new()).ForRepeatedCommit() : request.WriteConcern,
            Session = _session, State = state, IsFirst = isFirst, TransactionNumber = _transactionNumber, Preference = Told(hello),
            ClusterTime = hello.IsMember || hello.IsRouter ? cluster.Clock.Time : null,
        };
    }

    // One that is talked to by itself answers whatever it is, and one that chooses is told among which.
    private ReadPreference? Told(MongoHello hello)
    {
        if (request.ReadPreference is not { } preference || hello is { IsRouter: false, IsMember: false })
        {
            return null;
        }

        return preference.Mode != ReadMode.Primary ? preference
            : !hello.IsRouter && cluster.Topology.Kind == MongoTopologyKind.Single ? ReadPreference.PrimaryPreferred
            : null;
    }

    private void Refused(Exception error)
    {
        error = Weighed(error);
        if (IsOver)
        {
            return;
        }

        if (MongoRetry.IsOverload(error) && _overloads < MongoRetry.MostForOverload)
        {
            _first = error;
            _isSecond = true;
            if (_isFirst && request.Session is { IsInTransaction: true } state)
            {
                // It was not carried out: the transaction has yet to begin.
                (state.Stage, state.Pinned) = (TransactionStage.Starting, null);
            }

            (_shunned ??= []).Add(_server!.EndPoint);
            var wait = MongoRetry.Wait(error, _overloads++, cluster.Draw());
            if (request.Timeout == Timeout.InfiniteTimeSpan || wait < Left())
            {
                _backoff = cluster.Hub.Sleep(wait).Subscribe(_ => Look(), static _ => { });
                return;
            }
        }
        else if (!_isSecond && IsWorthIt(error))
        {
            // In another turn: when the connection, and all others if that is so, have been given up.
            (_first, _isSecond) = (error, true);
            (_shunned ??= []).Add(_server!.EndPoint);
            cluster.Hub.Post(static run => ((MongoRun<T>)run!).Look(), this);
            return;
        }

        Fail(error.HasLabel(MongoLabels.NoWrites) && _first is not null ? _first : error);
    }

    private bool IsWorthIt(Exception error) => request.Session is { IsInTransaction: true } ? false : request.Retries switch
    {
        MongoRetries.Read => MongoRetry.IsWorthReading(error),
        MongoRetries.Write => (_transactionNumber > 0 || _connection is null) && MongoRetry.IsWorthWriting(error, _server!.Description.MaxWireVersion, _server.Description.Kind == MongoServerKind.Router),
        _ => false,
    };

    // What the client knows of an error that the server could not say.
    private Exception Weighed(Exception error)
    {
        var isLost = MongoRetry.IsOfTheNetwork(error);
        if (request.Session is { IsInTransaction: true } state)
        {
            if (isLost)
            {
                error.AddLabel(MongoLabels.TransientTransaction);
            }

            if (error.HasLabel(MongoLabels.TransientTransaction))
            {
                state.Pinned = null;
            }
        }
        else if (isLost && request.Retries == MongoRetries.Write && _transactionNumber > 0)
        {
            error.AddLabel(MongoLabels.RetryableWrite);
        }

        return error;
    }

    private void Fail(Exception error)
    {
        if (End())
        {
            _limit?.Cancel();
            ReturnSession();
            _measured?.End(error);
            observer.OnError(error);
        }
    }

    private void Late()
    {
        if (!End())
        {
            return;
        }

        var (isWaiting, server, connection) = (_isWaiting, _server, _connection);
        var text = isWaiting || server is null ? $"a server that suits ({Wanted}) of {cluster.Topology}"
            : _backoff is not null && connection is null ? $"{MongoEndPoint.Shown(server.EndPoint)}, which has too much to do"
            : $"{(connection is null ? server.Pool.Stage : "the reply")} of {MongoEndPoint.Shown(server.EndPoint)} ({server.Pool.Counts})";
        var why = _first ?? (isWaiting || server is null ? cluster.Topology.All.Select(static each => each.Error).FirstOrDefault(static each => each is not null) : null);
        GiveUp();
        var error = new TimeoutException($"{request} has not ended within {Limit}; it waited for {text}.{(cluster.Topology.Trouble is { } trouble && isWaiting ? $" {trouble}" : "")}", why);
        _measured?.End(error);
        observer.OnError(error);
    }

    private string Wanted => Pinned is { } pinned ? MongoEndPoint.Shown(pinned) : request.ReadPreference is { } preference ? preference.Name : "one that is written to";

    private TimeSpan Left() => request.Timeout - cluster.Hub.TimeProvider.GetElapsedTime(_began);

    private void LeaveHere()
    {
        GiveUp();
        _measured?.End(new OperationCanceledException("Nobody waits for it any more."));
    }

    private void GiveUp()
    {
        _limit?.Cancel();
        _backoff?.Dispose();
        if (_isWaiting)
        {
            _isWaiting = false;
            cluster.Leave(this);
        }

        if (_isOut)
        {
            if (_connection is not null && _session is not null)
            {
                _session.IsDirty = true;
            }

            Leave();
            _asked?.Dispose();
        }

        ReturnSession();
    }

    private void Leave()
    {
        if (_isOut)
        {
            _isOut = false;
            _server!.Load--;
        }
    }

    private void ReturnSession()
    {
        if (_session is { } session && request.Session is null)
        {
            _session = null;
            cluster.Sessions.Return(session);
        }
    }

    private bool End() => Interlocked.Exchange(ref _over, 1) == 0;
}
