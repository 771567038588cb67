using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What is written from now on: cold, each subscription watches for itself, and ends only with who unsubscribes, or with what is watched.</summary>
/// <typeparam name="T">What a document becomes.</typeparam>
/// <remarks>When its server is lost, or is primary no more, it goes on by itself behind the last change that was handed out: none is missed, and none comes twice.
/// It needs a replica set or a router. Held as any cursor; each method makes another one. Source: the driver specifications' <c>change-streams</c>.</remarks>
public sealed class MongoWatch<T> : MongoCursor<MongoChange<T>>
{
    private readonly MongoTarget _target;
    private readonly WatchParts _parts;
    private readonly TokenKeeper _keeper;

    internal MongoWatch(MongoTarget target, WatchParts parts)
        : this(target, parts, new())
    {
    }

    private MongoWatch(MongoTarget target, WatchParts parts, TokenKeeper keeper)
        : base(target, () => new WatchCursor(target, parts, token => keeper.Token = token), static raw => MongoChange<T>.Of(raw)) => (_target, _parts, _keeper) = (target, parts, keeper);

    /// <summary>Behind all that was handed out: what <see cref="After"/> takes, in another process too. Null: nothing is known yet. Of several subscriptions that of the
    /// one that heard last.</summary>
    public BsonDocument? ResumeToken => _keeper.Token;

    /// <summary>Goes on behind a change.</summary>
    /// <param name="token">Its <see cref="MongoChange{T}.ResumeToken"/>, or a <see cref="ResumeToken"/>.</param>
    /// <param name="isAnew">Whether it may be that of an end (<c>invalidate</c>), behind which something new has begun.</param>
    /// <returns>Another one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> is null.</exception>
    public MongoWatch<T> After(BsonDocument token, bool isAnew = false)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new(_target, _parts with { After = token, IsAnew = isAnew, At = null });
    }

    /// <summary>Begins at a time of the cluster.</summary>
    /// <param name="time">The time.</param>
    /// <returns>Another one.</returns>
    public MongoWatch<T> From(BsonTimestamp time) => new(_target, _parts with { At = time, After = null });

    /// <summary>Gives of an update the whole document, too, as it is when it is told.</summary>
    /// <returns>Another one.</returns>
    public MongoWatch<T> WithDocuments() => new(_target, _parts with { FullDocument = "updateLookup" });

    /// <summary>Gives the document as it was before, too, where the collection keeps that.</summary>
    /// <returns>Another one.</returns>
    public MongoWatch<T> WithDocumentsBefore() => new(_target, _parts with { Before = "whenAvailable" });

    /// <summary>How long the server waits for a change before it says that there is none. Default 1 s.</summary>
    /// <param name="wait">Greater than zero.</param>
    /// <returns>Another one.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="wait"/> is not.</exception>
    public MongoWatch<T> Waiting(TimeSpan wait)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wait, TimeSpan.Zero);
        return new(_target, _parts with { Wait = wait });
    }

    private sealed class TokenKeeper
    {
        private BsonDocument? _token;

        public BsonDocument? Token { get => Volatile.Read(ref _token); set => Volatile.Write(ref _token, value); }
    }
}

/// <summary>Something that was written.</summary>
/// <typeparam name="T">What a document becomes.</typeparam>
public sealed class MongoChange<T>
{
    private MongoChange(BsonDocument all, T? document, T? before) => (All, FullDocument, DocumentBefore) = (all, document, before);

    /// <summary>What was done: <c>insert</c>, <c>update</c>, <c>replace</c>, <c>delete</c>, <c>drop</c>, <c>invalidate</c>; what stages have made of it may have none.</summary>
    public string Kind => All.GetValue("operationType", "").AsString;

    /// <summary>Behind which one goes on.</summary>
    public BsonDocument ResumeToken => All["_id"].AsBsonDocument;

    /// <summary>The document as it is; of an update only when that was asked for. Null (of a structure its default): it is not told.</summary>
    public T? FullDocument { get; }

    /// <summary>The document as it was, where that was asked for, and is kept.</summary>
    public T? DocumentBefore { get; }

    /// <summary>Its <c>_id</c>, and by what it is found among servers; null: it is about no document.</summary>
    public BsonDocument? DocumentKey => All.GetValue("documentKey", BsonNull.Value) as BsonDocument;

    /// <summary>Of an update what it has changed: <c>updatedFields</c>, <c>removedFields</c>.</summary>
    public BsonDocument? Update => All.GetValue("updateDescription", BsonNull.Value) as BsonDocument;

    /// <summary>In which collection; empty: in none.</summary>
    public string Collection => All.GetValue("ns", BsonNull.Value) is BsonDocument space ? space.GetValue("coll", "").AsString : "";

    /// <summary>All that the server told.</summary>
    public BsonDocument All { get; }

    /// <summary>What was done, and with which.</summary>
    public override string ToString() => $"{Kind} {Collection} {DocumentKey}";

    internal static MongoChange<T> Of(RawBson raw)
    {
        var (document, before) = (raw["fullDocument"u8], raw["fullDocumentBeforeChange"u8]);
        return new(
            raw.ToDocument(), document.Type == BsonType.Document ? document.ToDocument().To<T>() : default, before.Type == BsonType.Document ? before.ToDocument().To<T>() : default);
    }
}
