using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A request under way: within its time a server is found for it, a connection to that, and where it may be it is sent again.</summary>
/// <remarks>The hub's thread only, but for leaving.</remarks>
internal sealed class MongoRun<T>(MongoCluster cluster, MongoRequest<T> request, IObserver<T> observer) : ServerWait, IObserver<Outcome<T>>, IMongoListener, IDisposable
{
    private readonly RequestSession _session = new(cluster, request.Session, request.Retries, request.EndsTransaction);
    private readonly RequestRetries _retries = new(request.Retries, request.Session);
    private IDisposable? _asked;
    private IDisposable? _backoff;
    private Deadline? _limit;
    private DatabaseOperation? _measured;
    private MongoServer? _server;
    private MongoConnection? _connection;
    private long _began;
    private int _attempt;
    private int _generation;
    private bool _isOut;
    private bool _isWaiting;
    private int _over;

    public override ReadPreference? Preference => request.ReadPreference;

    public override EndPoint? Pinned => request.Server ?? (request.IsOfTransaction ? request.Session?.Pinned : null);

    public override IReadOnlyCollection<EndPoint> Shunned => _retries.Shunned ?? [];

    private bool IsOver => Volatile.Read(ref _over) != 0;

    private bool IsEndless => request.Timeout == Timeout.InfiniteTimeSpan;

    private TimeSpan Left => request.Timeout - cluster.Hub.TimeProvider.GetElapsedTime(_began);

    public void Begin()
    {
        if (IsOver)
        {
            return;
        }

        _began = cluster.Hub.TimeProvider.GetTimestamp();
        _measured = MongoTelemetry.All.Begin(request.Name, request.Collection, request.Database, cluster.Hub.TimeProvider);
        _limit = new Deadline(cluster.Hub, static run => ((MongoRun<T>)run!).Late(), this);
        _limit.Reset(request.Timeout);
        Look();
    }

    public override void Found(MongoServer server)
    {
        _isWaiting = false;
        if (IsOver)
        {
            return;
        }

        if (IsEndless)
        {
            _limit!.Cancel();
        }

        (_server, _connection, _generation, _isOut) = (server, null, server.Pool.Generation, true);
        server.Load++;
        _measured?.Sent(server.EndPoint);
        var attempt = ++_attempt;
        var asked = (request.PinOf(cluster.IsBalanced) is { } pin ? pin.Use(server.Pool, Send) : server.Pool.Use(Send)).Subscribe(this);

        // It may have failed at once, and been followed by another.
        _asked = attempt == _attempt ? asked : _asked;

        if (IsOver)
        {
            asked.Dispose();
        }
    }

    public override void Failed(Exception error)
    {
        _isWaiting = false;
        Fail(_retries.First ?? error);
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
        else if (End(null))
        {
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
            _session.Lose();
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

    public void Hear(RawBson reply) => _session.Hear(reply);

    public MongoErrorException? Refuses(RawBson reply) => _retries.Refuses(reply, _connection!.Hello);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
        {
            return;
        }

        if (cluster.Hub.IsCurrent)
        {
            GiveUp(null);
        }
        else
        {
            cluster.Hub.Post(static run => ((MongoRun<T>)run!).GiveUp(null), this);
        }
    }

    private void Look()
    {
        _backoff = null;
        if (IsOver)
        {
            return;
        }

        try
        {
            if (cluster.Pick(Preference, Pinned, _retries.Shunned) is { } server)
            {
                Found(server);
                return;
            }

            _isWaiting = true;
            if (IsEndless)
            {
                _limit!.Reset(cluster.Said.ServerSelectionTimeout);
            }

            cluster.Wait(this);
        }
        catch (Exception error) when (error is ArgumentException or ConnectionException or ObjectDisposedException)
        {
            Failed(error);
        }
    }

    private Awaitable<Outcome<T>> Send(MongoConnection connection)
    {
        _connection = connection;
        var left = IsEndless ? request.Timeout : Left - _server!.Description.LeastRoundTrip;
        var sending = _session.With(new MongoSending(MongoRequestId.Next(), connection, left)
        {
            Preference = Told(connection.Hello),
            Concern = _retries.IsRepeated && request is { EndsTransaction: true, Name: "commitTransaction" } ? (request.WriteConcern ?? new()).ForRepeatedCommit() : request.WriteConcern,
        }, _server!, request.IsAnswered);
        return request.IsAnswered ? connection.Pipeline.Ask(new MongoCall<T>(request, sending, this)) : new Unanswered<T>(request, sending);
    }

    // One that is talked to by itself answers whatever it is, and one that chooses is told among which.
    private ReadPreference? Told(MongoHello hello) => request.ReadPreference is not { } preference || hello is { IsRouter: false, IsMember: false } ? null
        : preference.Mode != ReadMode.Primary ? preference
        : !hello.IsRouter && cluster.Topology.Kind == MongoTopologyKind.Single ? ReadPreference.PrimaryPreferred
        : null;

    private void Refused(Exception error)
    {
        _retries.Label(error, _session.Number);
        if (IsOver)
        {
            return;
        }

        if (_retries.After(error, _server!, _session.Number, _connection?.Hello, cluster.Draw()) is not { } wait)
        {
            Fail(_retries.Told(error));
        }
        else if (wait == TimeSpan.Zero)
        {
            // In another turn: when the connection, and all others if that is so, have been given up.
            cluster.Hub.Post(static run => ((MongoRun<T>)run!).Look(), this);
        }
        else if (!IsEndless && wait >= Left)
        {
            Fail(error);
        }
        else
        {
            _session.Undo();
            _backoff = cluster.Hub.Sleep(wait).Subscribe(_ => Look(), static _ => { });
        }
    }

    private void Fail(Exception error)
    {
        if (End(error))
        {
            observer.OnError(error);
        }
    }

    private void Late()
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
        {
            return;
        }

        var text = _isWaiting || _server is null ? $"a server that suits ({Wanted}) of {cluster.Topology}"
            : _backoff is not null ? $"{_server}, which has too much to do"
            : $"{(_connection is null ? _server.Pool.Stage : "the reply")} of {_server} ({_server.Pool.Counts})";
        var why = _retries.First ?? (_isWaiting || _server is null ? cluster.Topology.All.Select(static each => each.Error).FirstOrDefault(static each => each is not null) : null);
        var error = new TimeoutException($"{request} has not ended within {(IsEndless ? cluster.Said.ServerSelectionTimeout : request.Timeout)}; it waited for {text}.", why);
        GiveUp(error);
        observer.OnError(error);
    }

    private string Wanted => Pinned is { } pinned ? MongoEndPoint.Shown(pinned) : request.ReadPreference is { } preference ? preference.Name : "one that is written to";

    private bool End(Exception? error)
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
        {
            return false;
        }

        _limit?.Cancel();
        _session.Return();
        _measured.Finish(error);
        return true;
    }

    private void GiveUp(Exception? error)
    {
        _limit?.Cancel();
        _backoff?.Dispose();
        cluster.Leave(this);
        if (_isOut)
        {
            Leave();
            if (_connection is not null)
            {
                _session.Lose();
            }

            _asked?.Dispose();
        }

        _session.Return();
        _measured.Finish(error ?? new OperationCanceledException("Nobody waits for it any more."));
    }

    private void Leave()
    {
        if (_isOut)
        {
            _isOut = false;
            _server!.Load--;
        }
    }
}
