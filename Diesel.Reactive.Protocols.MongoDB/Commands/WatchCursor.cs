using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Changes, of which none is missed when the server, or the way to it, is lost: then it goes on behind the last that was handed out.</summary>
/// <remarks>Source: the driver specifications' <c>change-streams</c>.</remarks>
internal sealed class WatchCursor(MongoTarget target, WatchParts parts, Action<BsonDocument> heard) : ICursorSource
{
    // Before MongoDB 4.4 the client says itself what it may go on after.
    private const int TellsByLabel = 9;
    private const int CursorNotFound = 43;

    private static readonly HashSet<int> Codes = [6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436];

    private ServerCursor? _cursor;
    private CursorBatch? _batch;
    private BsonDocument? _token = parts.After;
    private BsonTimestamp? _began = parts.At;
    private bool _hasGiven;
    private int _given;

    public Awaitable<CursorBatch> First() => Began(parts, hasBegun: false);

    public Awaitable<CursorBatch> More(CursorBatch last) => target.Do("changes", async () =>
    {
        try
        {
            return Took(await _cursor!.More(last, parts.Wait));
        }
        catch (Exception error) when (IsOfTheMoment(error))
        {
            _cursor!.End(error is MongoErrorException { Code: not CursorNotFound } ? last : null);
        }

        return await Began(parts with { After = _token, IsAnew = parts.IsAnew && !_hasGiven, At = _token is null ? _began : null }, hasBegun: true);
    });

    public void Give(RawBson document)
    {
        var isLast = ++_given == _batch!.Documents.Count;
        _hasGiven = true;
        Keep(isLast && _batch.Token is { } behind ? behind
            : document["_id"u8] is { Type: BsonType.Document } id ? id.ToDocument()
            : throw new InvalidOperationException("What is watched gives a change without its _id: then nobody can go on behind it. The stages must leave it there."));
    }

    public void End(CursorBatch? rest) => _cursor?.End(rest);

    private Awaitable<CursorBatch> Began(WatchParts from, bool hasBegun) => target.Do("a change stream", async () =>
    {
        _cursor = new(target, () => from.Request(target));
        var batch = await _cursor.First();
        if (!hasBegun && parts is { After: null, At: null } && batch is { Documents.Count: 0, Token: null, At: { } at })
        {
            _began = new BsonTimestamp(at);
        }

        return Took(batch);
    });

    private CursorBatch Took(CursorBatch batch)
    {
        (_batch, _given) = (batch, 0);
        if (batch is { Documents.Count: 0, Token: { } behind })
        {
            Keep(behind);
        }

        return batch;
    }

    private void Keep(RawBson token)
    {
        _token = token.ToDocument();
        heard(_token);
    }

    private bool IsOfTheMoment(Exception error) => error switch
    {
        MongoErrorException { Code: CursorNotFound } => true,
        MongoErrorException { Code: var code } => error.HasLabel(MongoLabels.ResumableChanges)
            || (target.Cluster.Topology.All.All(static server => server.MaxWireVersion < TellsByLabel) && Codes.Contains(code)),
        _ => error is IOException or EndOfStreamException or TimeoutException,
    };
}
