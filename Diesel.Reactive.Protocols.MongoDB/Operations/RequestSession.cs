namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>With which session a request is sent, and by which number the server knows it, however often it is sent.</summary>
internal sealed class RequestSession(MongoCluster cluster, SessionState? state, MongoRetries retries, bool endsTransaction)
{
    private ServerSession? _session;
    private bool _isFirst;

    /// <summary>0: the server knows it by none.</summary>
    public long Number { get; private set; }

    /// <summary>What is said along with it.</summary>
    /// <param name="sending">What is sent.</param>
    /// <param name="server">Where it goes.</param>
    /// <param name="isAnswered">Whether the server answers.</param>
    public MongoSending With(MongoSending sending, MongoServer server, bool isAnswered)
    {
        var hello = sending.Connection.Hello;
        if (hello.HasSessions && isAnswered)
        {
            _session ??= state?.Server ?? cluster.Sessions.Take();
            _session.LastUse = cluster.Hub.TimeProvider.GetElapsedTime(0);
        }

        _isFirst = state is { Stage: TransactionStage.Starting };
        if (_session is not null)
        {
            Count(_session, hello, server);
        }

        return sending with
        {
            Session = _session, State = state, IsFirst = _isFirst, TransactionNumber = Number, ClusterTime = hello.IsMember || hello.IsRouter ? cluster.Clock.Time : null,
        };
    }

    /// <summary>Takes what a reply tells of the cluster.</summary>
    public void Hear(RawBson reply)
    {
        cluster.Clock.Hear(reply);
        state?.Hear(reply);
    }

    /// <summary>It was sent, and lost: nobody uses the session again.</summary>
    public void Lose()
    {
        if (_session is not null)
        {
            _session.IsDirty = true;
        }
    }

    /// <summary>It was not carried out: if it began a transaction, that has yet to begin.</summary>
    public void Undo()
    {
        if (_isFirst && state is { IsInTransaction: true })
        {
            state.Stage = TransactionStage.Starting;
            state.Unpin();
        }
    }

    /// <summary>It is over: a session of its own goes back.</summary>
    public void Return()
    {
        if (_session is { } session && state is null)
        {
            _session = null;
            cluster.Sessions.Return(session);
        }
    }

    private void Count(ServerSession session, MongoHello hello, MongoServer server)
    {
        if (_isFirst)
        {
            session.TransactionNumber++;
            state!.Stage = TransactionStage.Running;
            state.Pinned = hello.IsRouter ? server.EndPoint : null;
        }

        if (state is { IsInTransaction: true } || endsTransaction)
        {
            Number = session.TransactionNumber;
        }
        else if (retries == MongoRetries.Write && Number == 0 && (hello.IsMember || hello.IsRouter))
        {
            Number = ++session.TransactionNumber;
        }
    }
}
