using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>What the members of a replica set share: what one writes, the others have.</summary>
internal sealed class ServiceData
{
    private readonly Dictionary<(BsonValue Session, long Number), BsonDocument> _written = [];

    public MongoStore Store { get; } = new();

    public ServiceTransactions Transactions { get; } = new();

    /// <summary>What a write with this number came to: it is not carried out twice.</summary>
    /// <returns>Null: it was not carried out.</returns>
    public BsonDocument? Written(ServiceRequest request) => Key(request) is { } key ? _written.GetValueOrDefault(key) : null;

    public void Note(ServiceRequest request, BsonDocument reply)
    {
        if (Key(request) is { } key)
        {
            _written[key] = reply;
        }
    }

    private static (BsonValue, long)? Key(ServiceRequest request) =>
        request["lsid"] is BsonDocument session && request["txnNumber"] is { IsNumeric: true } number && !request.Body.Contains("autocommit") ? (session["id"], number.ToInt64()) : null;
}
