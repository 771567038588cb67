using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Stores one file.</summary>
internal sealed class BucketWriter(MongoCollection<BsonDocument> files, MongoCollection<RawBson> pieces, int pieceLength)
{
    /// <summary>Pieces that are sent together.</summary>
    public const int Together = 8;

    private readonly ObjectId _id = ObjectId.GenerateNewId();
    private readonly List<RawBson> _full = [];
    private readonly byte[] _piece = new byte[pieceLength];
    private int _filled;
    private int _count;
    private long _length;

    public async Task<ObjectId> Write(string name, IAsyncEnumerable<ReadOnlyMemory<byte>> content, BsonDocument? metadata)
    {
        await MakeIndexes();
        try
        {
            await foreach (var some in content)
            {
                await Take(some);
            }

            if (_filled > 0)
            {
                Finish();
            }

            await Send();
            await files.InsertOne(new BsonDocument
            {
                { "_id", _id }, { "length", _length }, { "chunkSize", pieceLength }, { "uploadDate", new BsonDateTime(files.Now) }, { "filename", name }, { "metadata", metadata, metadata is not null },
            });
        }
        catch when (_count > 0)
        {
            await Undo();
            throw;
        }

        return _id;
    }

    private async Task Take(ReadOnlyMemory<byte> some)
    {
        while (!some.IsEmpty)
        {
            var part = some[..Math.Min(some.Length, pieceLength - _filled)];
            part.CopyTo(_piece.AsMemory(_filled));
            (_filled, _length, some) = (_filled + part.Length, _length + part.Length, some[part.Length..]);
            if (_filled == pieceLength)
            {
                Finish();
                if (_full.Count == Together || (long)_full.Count * pieceLength >= Together * MongoBucket.PieceLength)
                {
                    await Send();
                }
            }
        }
    }

    private void Finish()
    {
        var output = BsonOutput.Rent();
        var whole = output.Begin();
        output.Add("_id", new BsonObjectId(ObjectId.GenerateNewId())).Add("files_id", new BsonObjectId(_id)).Add("n", _count++);
        output.Name((byte)BsonType.Binary, "data");
        output.Int32(_filled);
        output.Byte((byte)BsonBinarySubType.Binary);
        output.Bytes(_piece.AsSpan(0, _filled));
        output.End(whole);
        _full.Add(new(output.Take()));
        _filled = 0;
    }

    private async Task Send()
    {
        if (_full.Count > 0)
        {
            await pieces.InsertMany(_full);
            _full.Clear();
        }
    }

    // As the specification has it: only where nothing is yet.
    private async Task MakeIndexes()
    {
        if (await files.Find().Project("{ _id: 1 }").First() is null)
        {
            await files.CreateIndex("filename,uploadDate");
            await pieces.CreateIndex("files_id,n", isUnique: true);
        }
    }

    private async Task Undo()
    {
        try
        {
            await pieces.DeleteMany(new BsonDocument("files_id", _id));
        }
        catch (Exception error) when (error is MongoErrorException or IOException or TimeoutException)
        {
            // What has failed before is told.
        }
    }
}
