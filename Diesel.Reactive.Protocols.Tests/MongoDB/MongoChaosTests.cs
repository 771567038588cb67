using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>Replies that are lost, connections that are reset, primaries that change, callers that leave: drawn at random, the same for each seed.</summary>
public class MongoChaosTests
{
    private const int Callers = 12;

    [Test]
    public void No_document_reaches_another_call_and_nothing_is_written_twice()
    {
        for (var seed = 0; seed < (Live.IsSoak ? 10_000 : 40); seed++)
        {
            Chaos(seed);
        }
    }

    private static void Chaos(int seed) => MongoSetPlay.Run(async play =>
    {
        var (random, sent, done) = (new Random(seed), new int[Callers], new int[Callers]);
        await play.Test.InsertMany(Enumerable.Range(0, Callers).Select(static i => new { _id = i, n = 0 }));
        var callers = Enumerable.Range(0, Callers).Select(async id =>
        {
            for (var i = 0; i < 4; i++)
            {
                Disturb(play, random);
                await Find(play, random, id);
                await Read(play, random);
                sent[id]++;
                if (await MongoPlay.Failure(play.Test.UpdateOne(new BsonDocument("_id", id), "{ $inc: { n: 1 } }")) is null)
                {
                    done[id]++;
                }
            }
        });
        await Task.WhenAll(callers);
        while (await MongoPlay.Failure(play.Test.Find().ToList()) is not null)
        {
            // What was drawn and has not happened yet.
        }

        foreach (var document in await play.Test.Find().ToList())
        {
            var id = document["_id"].AsInt32;
            Assert.That(document["n"].AsInt32, Is.InRange(done[id], sent[id]), $"seed {seed}");
        }

        await play.World.Hub.Sleep(TimeSpan.FromSeconds(20));
        Assert.That(play.Client.Counts.Lent, Is.Zero, $"seed {seed}");
    });

    private static async Task Find(MongoSetPlay play, Random random, int id)
    {
        var call = play.Test.Find(new BsonDocument("_id", id)).First();
        if (random.Next(4) == 0)
        {
            using var leaving = call.Subscribe(found => Assert.That(found!["_id"].AsInt32, Is.EqualTo(id)), static _ => { });
            await play.World.Hub.Sleep(TimeSpan.FromMicroseconds(random.Next(3000)));
            return;
        }

        try
        {
            Assert.That((await call)!["_id"].AsInt32, Is.EqualTo(id));
        }
        catch (Exception error) when (error is IOException or TimeoutException or MongoErrorException)
        {
            // Twice in a row.
        }
    }

    private static async Task Read(MongoSetPlay play, Random random)
    {
        var (batches, most, last) = ((MongoBatches)random.Next(3), random.Next(Callers + 2), -1);
        try
        {
            await foreach (var document in play.Test.With(o => o with { Batches = batches, BatchSize = 5 }).Find().Sort("_id").ReadAllAsync())
            {
                Assert.That(document["_id"].AsInt32, Is.EqualTo(++last));
                if (last == most)
                {
                    break;
                }
            }

            Assert.That(last, Is.EqualTo(Math.Min(most, Callers - 1)));
        }
        catch (Exception error) when (error is IOException or TimeoutException or MongoErrorException)
        {
            // A cursor is not asked for twice.
        }
    }

    private static void Disturb(MongoSetPlay play, Random random)
    {
        var primary = play.Set.Primary ?? play.Set.Members[0];
        switch (random.Next(12))
        {
            case 0:
                primary.Lose("update");
                break;
            case 1:
                primary.Lose("find");
                break;
            case 2:
                primary.Expect("update", static _ => null);
                break;
            case 3:
                primary.Expect("isMaster", static _ => null);
                break;
            case 4:
                play.Set.Elect(play.Set.Members[random.Next(3)]);
                break;
            case 5:
                primary.Lose("getMore");
                break;
            case 6:
                primary.Expect("getMore", static _ => null);
                break;
        }
    }
}
