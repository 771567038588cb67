using System.Reactive;
using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Files in a database, of any size: their bytes in documents of one collection, what they are called in another (GridFS).</summary>
/// <remarks>Whoever writes or reads one holds no more of it than a few pieces. What other clients write is read, and the other way round. Errors: as of a
/// <see cref="MongoCollection{T}"/>; <see cref="FileNotFoundException"/>: there is no such file; <see cref="ProtocolException"/>: a piece of one is missing, or not as long
/// as it has to be. Source: the driver specifications' <c>gridfs</c>.</remarks>
public sealed class MongoBucket
{
    /// <summary>Bytes of a piece.</summary>
    public const int PieceLength = 255 * 1024;

    private readonly MongoTarget _target;
    private readonly MongoCollection<BsonDocument> _files;
    private readonly MongoCollection<RawBson> _pieces;

    internal MongoBucket(MongoTarget target, string name) =>
        (_target, Name, _files, _pieces) = (target, name, new(target, $"{name}.files"), new(target with { Options = target.Options with { BatchSize = BucketWriter.Together } }, $"{name}.chunks"));

    /// <summary>With which the names of its collections begin.</summary>
    public string Name { get; }

    /// <summary>The files, by what is known of them: <c>filename</c>, <c>length</c>, <c>chunkSize</c>, <c>uploadDate</c>, <c>metadata</c>.</summary>
    /// <param name="filter">Null: all.</param>
    /// <returns>Cold.</returns>
    public MongoFind<BsonDocument> Find(object? filter = null) => _files.Find(filter);

    /// <summary>Stores a file.</summary>
    /// <param name="name">What it is called; there may be others of the same name, which are older then.</param>
    /// <param name="content">Its bytes; the next are taken when those before are written. What it throws gives the file up.</param>
    /// <param name="metadata">What else is to be known of it: a document, JSON, an object; null: nothing.</param>
    /// <param name="pieceLength">Bytes of a document of it.</param>
    /// <returns>Cold: each <c>await</c> stores one. Its <c>_id</c>.</returns>
    /// <exception cref="ArgumentException"><paramref name="metadata"/> is no document, or <paramref name="pieceLength"/> is not from 1 to 16 000 000.</exception>
    public Awaitable<ObjectId> Upload(string name, IAsyncEnumerable<ReadOnlyMemory<byte>> content, object? metadata = null, int pieceLength = PieceLength)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pieceLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieceLength, 16_000_000);
        var more = metadata is null ? null : MongoDocument.Of(metadata).ToDocument();
        return _target.Do($"a file for {_target.Database}.{Name}", () => new BucketWriter(_files, _pieces, pieceLength).Write(name, content, more));
    }

    /// <inheritdoc cref="Upload(string, IAsyncEnumerable{ReadOnlyMemory{byte}}, object, int)"/>
    /// <remarks>Of a source that can be held (a connection, another file) no more is taken than is written.</remarks>
    public Awaitable<ObjectId> Upload(string name, IObservable<ReadOnlyMemory<byte>> content, object? metadata = null, int pieceLength = PieceLength)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Upload(name, content.ReadAllAsync(1024, Overflow.Fail, _target.Hub), metadata, pieceLength);
    }

    /// <summary>Gives a file's bytes.</summary>
    /// <param name="id">Its <c>_id</c>.</param>
    /// <returns>Cold: each enumeration reads. In pieces, as they are stored; the next are asked for when these are taken.</returns>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> Download(BsonValue id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Read(() => _files.Find(new BsonDocument("_id", id)).First(), $"of the id {id}");
    }

    /// <summary>Gives a file's bytes.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="revision">Of several: 0 the first that was stored, 1 the second, -1 the last.</param>
    /// <returns>As <see cref="Download(BsonValue)"/>.</returns>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> Download(string name, int revision = -1)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (order, skip) = revision >= 0 ? (1, revision) : (-1, -1 - revision);
        return Read(() => _files.Find(new BsonDocument("filename", name)).Sort(new BsonDocument("uploadDate", order)).Skip(skip).First(), $"called '{name}' ({revision})");
    }

    /// <summary>Removes a file.</summary>
    /// <param name="id">Its <c>_id</c>.</param>
    /// <returns>Whether there was one.</returns>
    public Awaitable<bool> Delete(BsonValue id) => _target.Do($"the end of a file of {_target.Database}.{Name}", async () =>
    {
        var gone = await _files.DeleteOne(new BsonDocument("_id", id));
        await _pieces.DeleteMany(new BsonDocument("files_id", id));
        return gone > 0;
    });

    /// <summary>Gives a file another name.</summary>
    /// <param name="id">Its <c>_id</c>.</param>
    /// <param name="name">What it is called then.</param>
    /// <returns>Whether there is one.</returns>
    public Awaitable<bool> Rename(BsonValue id, string name) => _files.UpdateOne(new BsonDocument("_id", id), new BsonDocument("$set", new BsonDocument("filename", name)))
        .Select(static result => result.Matched > 0).ToAwaitable("another name");

    /// <summary>Removes all files.</summary>
    /// <returns>When they are gone.</returns>
    public Awaitable<Unit> Drop() => _target.Do($"the end of {_target.Database}.{Name}", async () =>
    {
        await _files.Drop();
        await _pieces.Drop();
        return Unit.Default;
    });

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(Func<Awaitable<BsonDocument?>> find, string which, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var file = await find() ?? throw new FileNotFoundException($"{_target.Database}.{Name} has no file {which}.");
        var (length, size, at, number) = (file["length"].ToInt64(), file["chunkSize"].ToInt32(), 0L, 0);
        if (length == 0)
        {
            yield break;
        }

        await foreach (var piece in _pieces.Find(new BsonDocument("files_id", file["_id"])).Sort("n").ReadAllAsync(cancellation))
        {
            // Of the value its length and its kind stand before.
            var bytes = piece["data"u8] is { Type: BsonType.Binary } data ? data.Bytes[5..] : throw new ProtocolException($"A piece of the file {which} has no bytes.");
            if (piece["n"u8].ToInt64() != number || bytes.Length != Math.Min(size, length - at))
            {
                throw new ProtocolException($"Of the file {which} piece {number} is missing, or is not {Math.Min(size, length - at)} bytes long.");
            }

            (at, number) = (at + bytes.Length, number + 1);
            yield return bytes;
        }

        if (at != length)
        {
            throw new ProtocolException($"The file {which} has {length} bytes, and {at} are there.");
        }
    }
}
