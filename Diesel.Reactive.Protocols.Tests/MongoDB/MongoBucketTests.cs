using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>Files in a database.</summary>
public class MongoBucketTests
{
    [TestCase(0, 10)]
    [TestCase(1, 10)]
    [TestCase(10, 10)]
    [TestCase(11, 10)]
    [TestCase(1000, 10)]
    [TestCase(999, 1000)]
    public void What_is_stored_is_read(int length, int pieceLength) => MongoPlay.Run(async play =>
    {
        var bucket = play.Client["db"].Bucket();
        var bytes = Enumerable.Range(0, length).Select(static i => (byte)i).ToArray();
        var id = await bucket.Upload("file", Chunks(bytes, 7), new { owner = "me" }, pieceLength);
        Assert.That(await Read(bucket.Download(id)), Is.EqualTo(bytes));
        Assert.That(await Read(bucket.Download("file")), Is.EqualTo(bytes));
        var file = await bucket.Find("{ filename: 'file' }").One();
        Assert.That((file!["length"].ToInt64(), file["chunkSize"].AsInt32, file["metadata"]["owner"].AsString), Is.EqualTo(((long)length, pieceLength, "me")));
        Assert.That(await play.Client["db"]["fs.chunks"].Count(), Is.EqualTo((length + pieceLength - 1) / pieceLength));
    });

    [TestCase(0, "a")]
    [TestCase(1, "b")]
    [TestCase(-1, "c")]
    [TestCase(-3, "a")]
    [TestCase(3, null)]
    public void Of_several_with_one_name_any_is_read(int revision, string? content) => MongoPlay.Run(async play =>
    {
        var bucket = play.Client["db"].Bucket();
        foreach (var text in new[] { "a", "b", "c" })
        {
            await bucket.Upload("file", Chunks(System.Text.Encoding.UTF8.GetBytes(text), 1));
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        }

        var download = bucket.Download("file", revision);
        if (content is null)
        {
            Assert.That(await ErrorOf(download), Is.InstanceOf<FileNotFoundException>());
        }
        else
        {
            Assert.That(System.Text.Encoding.UTF8.GetString(await Read(download)), Is.EqualTo(content));
        }
    });

    [Test]
    public void It_has_its_indexes_once() => MongoPlay.Run(async play =>
    {
        var bucket = play.Client["db"].Bucket("photos");
        await bucket.Upload("a", Chunks([1], 1));
        await bucket.Upload("b", Chunks([1], 1));
        Assert.That((await play.Client["db"]["photos.files"].ListIndexes().ToList()).Select(static each => each["name"].AsString), Is.EqualTo(new[] { "_id_", "filename_1_uploadDate_1" }));
        Assert.That((await play.Client["db"]["photos.chunks"].ListIndexes().ToList()).Select(static each => each["name"].AsString), Is.EqualTo(new[] { "_id_", "files_id_1_n_1" }));
        Assert.That(play.Names.Split(' ').Count(static name => name == "createIndexes"), Is.EqualTo(2));
    });

    [Test]
    public void Content_that_fails_leaves_nothing() => MongoPlay.Run(async play =>
    {
        var bucket = play.Client["db"].Bucket();
        Assert.That(await MongoPlay.ErrorOf(bucket.Upload("file", Failing(), null, 4)), Is.TypeOf<InvalidOperationException>());
        Assert.That((await play.Client["db"]["fs.chunks"].Count(), await play.Client["db"]["fs.files"].Count()), Is.EqualTo((0L, 0L)));
    });

    [TestCase("{ n: 1 }", "missing")]
    [TestCase("{ n: 3 }", "and 12 are there")]
    public void A_piece_that_is_missing_is_an_error(string gone, string text) => MongoPlay.Run(async play =>
    {
        var bucket = play.Client["db"].Bucket();
        var id = await bucket.Upload("file", Chunks(new byte[16], 16), null, 4);
        await play.Client["db"]["fs.chunks"].DeleteOne(gone);
        Assert.That(await ErrorOf(bucket.Download(id)), Is.InstanceOf<ProtocolException>().With.Message.Contains(text));
    });

    [Test]
    public void A_piece_of_another_length_is_an_error() => MongoPlay.Run(async play =>
    {
        var bucket = play.Client["db"].Bucket();
        var id = await bucket.Upload("file", Chunks(new byte[16], 16), null, 4);
        await play.Client["db"]["fs.chunks"].UpdateOne("{ n: 1 }", new BsonDocument("$set", new BsonDocument("data", new BsonBinaryData([1, 2, 3]))));
        Assert.That(await ErrorOf(bucket.Download(id)), Is.InstanceOf<ProtocolException>());
    });

    [Test]
    public void Files_are_renamed_and_removed() => MongoPlay.Run(async play =>
    {
        var bucket = play.Client["db"].Bucket();
        var id = await bucket.Upload("file", Chunks([1, 2], 1));
        Assert.That((await bucket.Rename(id, "other"), await bucket.Rename(1, "other")), Is.EqualTo((true, false)));
        Assert.That(await Read(bucket.Download("other")), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That((await bucket.Delete(id), await bucket.Delete(id), await play.Client["db"]["fs.chunks"].Count()), Is.EqualTo((true, false, 0L)));
        await bucket.Drop();
        Assert.That((await play.Client["db"].ListCollections().ToList()), Is.Empty);
    });

    [Test]
    public void No_more_is_taken_than_is_written() => MongoPlay.Run(async play =>
    {
        var (bucket, taken, most) = (play.Client["db"].Bucket(), 0, 0);
        await play.Test.Count();
        async IAsyncEnumerable<ReadOnlyMemory<byte>> Content()
        {
            for (var i = 0; i < 64; i++)
            {
                taken++;
                var written = play.Heard.Where(static each => each.GetElement(0).Name == "insert" && each[0] == "fs.chunks").Sum(static each => each["documents"].AsBsonArray.Count);
                most = Math.Max(most, taken - written);
                yield return new byte[MongoBucket.PieceLength];
                await Task.CompletedTask;
            }
        }

        await bucket.Upload("file", Content());
        Assert.That((taken, most), Is.EqualTo((64, 9)).Or.EqualTo((64, 8)));
    });

    internal static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(byte[] bytes, int length)
    {
        await Task.CompletedTask;
        foreach (var chunk in bytes.Chunk(length))
        {
            yield return chunk;
        }
    }

    internal static async Task<byte[]> Read(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var all = new List<byte>();
        await foreach (var piece in pieces)
        {
            all.AddRange(piece.Span);
        }

        return [.. all];
    }

    private static async Task<Exception?> ErrorOf(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        try
        {
            await Read(pieces);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Failing()
    {
        yield return new byte[100];
        await Task.CompletedTask;
        throw new InvalidOperationException("mine");
    }
}
