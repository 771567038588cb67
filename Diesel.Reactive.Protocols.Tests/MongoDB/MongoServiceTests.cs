using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>The server in memory by itself.</summary>
public class MongoServiceTests
{
    private static readonly Func<int, BsonValue>[] Kinds =
    [
        static i => i, static i => (long)i, static i => i * 1.5, static i => $"{i}", static i => new BsonDocument("a", i), static i => new BsonArray { i }, static i => new BsonArray { new BsonArray { i } },
        static i => new BsonDateTime(i), static i => ObjectId.GenerateNewId(i), static i => new BsonBinaryData(BitConverter.GetBytes(i)), static i => new BsonTimestamp(i),
    ];

    // With one hash for all, storing n documents takes n² steps: that a key is an array of the values is no reason.
    [Test]
    public void Keys_of_indexes_are_told_apart_at_once()
    {
        foreach (var value in Kinds)
        {
            var hashes = Enumerable.Range(0, 1000).Select(i => BsonEquality.Instance.GetHashCode(new BsonArray { value(i) })).Distinct();
            Assert.That(hashes.Count(), Is.GreaterThan(990), value(0).GetType().Name);
        }
    }

    [Test]
    public void What_is_equal_has_one_hash()
    {
        BsonValue[][] equal = [[1, 1L, 1.0, Decimal128.Parse("1")], [0.0, -0.0, 0], [BsonNull.Value, BsonUndefined.Value], [new BsonDocument("a", 1), new BsonDocument("a", 1.0)], [new BsonArray { 1 }, new BsonArray { 1L }]];
        foreach (var same in equal)
        {
            Assert.That(same.Select(BsonEquality.Instance.GetHashCode).Distinct().Count(), Is.EqualTo(1), same[0].ToJson());
            Assert.That(same.All(one => BsonEquality.Instance.Equals(one, same[0])), same[0].ToJson());
        }
    }

    [Test]
    public void Documents_stay_in_their_order_whatever_is_removed() => MongoPlay.Run(async play =>
    {
        var (random, expected) = (new Random(1), new List<int>());
        for (var i = 0; i < 500; i++)
        {
            if (random.Next(3) > 0 || expected.Count == 0)
            {
                await play.Test.InsertOne(new { _id = i, n = 0 });
                expected.Add(i);
            }
            else
            {
                var id = expected[random.Next(expected.Count)];
                await play.Test.UpdateOne(new BsonDocument("_id", expected[0]), "{ $inc: { n: 1 } }");
                await play.Test.DeleteOne(new BsonDocument("_id", id));
                expected.Remove(id);
            }
        }

        Assert.That((await play.Test.Find().ToList()).Select(static each => each["_id"].AsInt32), Is.EqualTo(expected));
        await play.Test.DeleteMany("{}");
        Assert.That(await play.Test.Find().ToList(), Is.Empty);
    });

    [Test]
    public void Of_a_capped_collection_the_last_are_kept() => MongoPlay.Run(async play =>
    {
        await play.Client["db"].CreateCollection("test", "{ capped: true, size: 100000, max: 10 }");
        await play.Test.InsertMany(Enumerable.Range(0, 100).Select(static i => new BsonDocument("_id", i)));
        Assert.That((await play.Test.Find().ToList()).Select(static each => each["_id"].AsInt32), Is.EqualTo(Enumerable.Range(90, 10)));
    });
}
