using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Transactions: each sees the documents as they were when it began, and what it has written itself. Of two that write to one collection, the one that
/// ends later is refused: a server looks at the documents.</summary>
internal sealed class ServiceTransactions
{
    private readonly Dictionary<BsonValue, Transaction> _ofSessions = [];

    /// <summary>The documents that a command of a transaction sees.</summary>
    /// <exception cref="MongoErrorException">There is no such transaction.</exception>
    public MongoStore Enter(ServiceRequest request, MongoStore store)
    {
        var (session, number) = (request.Document("lsid")["id"], request["txnNumber"].ToInt64());
        if (request.Flag("startTransaction"))
        {
            if (_ofSessions.TryGetValue(session, out var before) && before.Number >= number)
            {
                throw new MongoErrorException($"Transaction {number} is not newer than {before.Number}", 225, "TransactionTooOld");
            }

            _ofSessions[session] = new(number, store.Copy(), store.Versions());
        }

        return Find(session, number) is { IsOver: false } transaction ? transaction.Store : throw None(number);
    }

    /// <exception cref="MongoErrorException">There is no such transaction, or others have written what it has.</exception>
    public void Commit(ServiceRequest request, MongoStore store)
    {
        var (session, number) = (request.Document("lsid")["id"], request["txnNumber"].ToInt64());
        var transaction = Find(session, number) ?? throw None(number);
        if (transaction.IsCommitted)
        {
            return;
        }

        var isGiven = !transaction.IsOver && store.TryTake(transaction.Store, transaction.Versions);
        _ofSessions[session] = transaction with { IsOver = true, IsCommitted = isGiven };
        if (!isGiven)
        {
            throw transaction.IsOver ? None(number) : new MongoErrorException("WriteConflict error: this operation conflicted with another operation.", 112, "WriteConflict", ["TransientTransactionError"]);
        }
    }

    /// <exception cref="MongoErrorException">There is no such transaction.</exception>
    public void Abort(ServiceRequest request)
    {
        var (session, number) = (request.Document("lsid")["id"], request["txnNumber"].ToInt64());
        _ofSessions[session] = Find(session, number) is { IsOver: false } transaction ? transaction with { IsOver = true } : throw None(number);
    }

    private Transaction? Find(BsonValue session, long number) => _ofSessions.TryGetValue(session, out var transaction) && transaction.Number == number ? transaction : null;

    private static MongoErrorException None(long number) => new($"Given transaction number {number} does not match any in-progress transactions.", 251, "NoSuchTransaction", ["TransientTransactionError"]);

    private sealed record Transaction(long Number, MongoStore Store, IReadOnlyDictionary<string, long> Versions)
    {
        public bool IsOver { get; init; }

        public bool IsCommitted { get; init; }
    }
}
