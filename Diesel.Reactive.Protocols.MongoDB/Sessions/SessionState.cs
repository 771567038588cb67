using System.Net;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What several commands share: the server's session, the time up to which they have seen, a transaction. The hub's thread only.</summary>
/// <param name="sessions">Where the server's session comes from, when the first command is sent.</param>
/// <param name="isCausal">Whether what is read is at least as new as what was read or written before.</param>
internal sealed class SessionState(ServerSessions sessions, bool isCausal)
{
    private ServerSession? _server;
    private bool _isOver;

    public ServerSession Server => _isOver ? throw new ObjectDisposedException("MongoSession", "The session is over.") : _server ??= sessions.Take();

    /// <summary>As late as what was seen; null: nothing was.</summary>
    public long? OperationTime { get; private set; }

    public bool IsCausal => isCausal;

    public TransactionStage Stage { get; set; }

    public bool IsInTransaction => Stage is TransactionStage.Starting or TransactionStage.Running;

    public MongoTransactionOptions Transaction { get; private set; } = new();

    /// <summary>The router that knows the transaction; null: whichever.</summary>
    public EndPoint? Pinned { get; set; }

    /// <summary>The connection that knows it, behind a balancer; null: there was none yet.</summary>
    public IPinned? Pin { get; set; }

    public BsonDocument? RecoveryToken { get; private set; }

    /// <exception cref="InvalidOperationException">There is one.</exception>
    public void Begin(MongoTransactionOptions options)
    {
        if (IsInTransaction)
        {
            throw new InvalidOperationException("The session has a transaction already: one at a time.");
        }

        Unpin();
        (Stage, Transaction, RecoveryToken) = (TransactionStage.Starting, options, null);
    }

    /// <summary>Whoever comes next may be sent elsewhere.</summary>
    public void Unpin()
    {
        Pinned = null;
        Pin?.Return();
    }

    public void Hear(RawBson reply)
    {
        if (reply["operationTime"u8] is { Type: BsonType.Timestamp } time && time.ToInt64() is var at && (OperationTime is null || (ulong)at > (ulong)OperationTime))
        {
            OperationTime = at;
        }

        if (IsInTransaction && reply["recoveryToken"u8] is { Type: BsonType.Document } token)
        {
            RecoveryToken = token.ToDocument().ToDocument();
        }
    }

    public void End()
    {
        _isOver = true;
        Unpin();
        if (_server is { } server)
        {
            _server = null;
            sessions.Return(server);
        }
    }
}
