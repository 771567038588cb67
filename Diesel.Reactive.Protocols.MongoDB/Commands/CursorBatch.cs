using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a server gives of a cursor at a time.</summary>
/// <param name="Id">The server's number for what follows; 0: nothing does.</param>
/// <param name="Collection">Where the next is asked for.</param>
/// <param name="Documents">In order.</param>
internal sealed record CursorBatch(long Id, string Collection, IReadOnlyList<RawBson> Documents)
{
    /// <summary>Of what is watched: behind all that was looked at; null: it is not watched.</summary>
    public RawBson? Token { get; private init; }

    /// <summary>When it was answered, in the time of the cluster; null: it was not said.</summary>
    public long? At { get; private init; }

    /// <summary>What is behind it is asked for by this: its documents are not held for that.</summary>
    public CursorBatch WithoutDocuments() => this with { Documents = [] };

    /// <exception cref="ProtocolException">There is none in the reply.</exception>
    public static CursorBatch Of(RawBson reply)
    {
        var cursor = reply["cursor"u8] is { Type: BsonType.Document } found ? found.ToDocument() : throw Wrong();
        var (id, batch, space, token) = (0L, default(RawBson), "", (RawBson?)null);
        foreach (var element in cursor.Items)
        {
            switch (element.Name)
            {
                case "id":
                    id = element.Value.ToInt64();
                    break;
                case "ns":
                    space = element.Value.ToText();
                    break;
                case "postBatchResumeToken" when element.Value.Type == BsonType.Document:
                    token = element.Value.ToDocument();
                    break;
                case "firstBatch" or "nextBatch" when element.Value.Type == BsonType.Array:
                    batch = element.Value.ToDocument();
                    break;
            }
        }

        return batch.Memory.IsEmpty ? throw Wrong() : new(id, space[(space.IndexOf('.', StringComparison.Ordinal) + 1)..], DocumentsIn(batch))
        {
            Token = token, At = reply["operationTime"u8] is { Type: BsonType.Timestamp } time ? time.ToInt64() : null,
        };
    }

    private static List<RawBson> DocumentsIn(RawBson batch)
    {
        List<RawBson>? documents = null;
        foreach (var element in batch.Items)
        {
            // About as many as there is room for such as the first is.
            documents ??= new(batch.Memory.Length / Math.Max(element.Value.Bytes.Length, 16));
            documents.Add(element.Value.Type == BsonType.Document ? element.Value.ToDocument() : throw Wrong());
        }

        return documents ?? [];
    }

    private static ProtocolException Wrong() => new("The server answers a query without a cursor.");
}
