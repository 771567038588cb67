using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>What is written, as it is written: none missed, none twice, whatever happens to servers.</summary>
public class MongoWatchTests
{
    [Test]
    public void Tells_what_is_written() => MongoSetPlay.Run(async play =>
    {
        await play.Test.InsertOne(new { _id = 0 });
        var told = new List<MongoChange<BsonDocument>>();
        using var watching = play.Test.Watch().Subscribe(told.Add);
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        await play.Test.InsertOne(new { _id = 1, n = 1 });
        await play.Test.UpdateOne("{ _id: 1 }", "{ $set: { n: 2 }, $unset: { m: 1 } }");
        await play.Test.ReplaceOne("{ _id: 1 }", new { a = 3 });
        await play.Test.DeleteOne("{ _id: 1 }");
        await play.Client["db"]["other"].InsertOne(new { _id = 9 });
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(told.Select(static each => each.Kind), Is.EqualTo(new[] { "insert", "update", "replace", "delete" }));
        Assert.That((told[0].FullDocument, told[1].FullDocument, told[1].Update!["updatedFields"]["n"].AsInt32, told[3].DocumentKey), Is.EqualTo((new BsonDocument { { "_id", 1 }, { "n", 1 } }, (BsonDocument?)null, 2, new BsonDocument("_id", 1))));
    });

    [Test]
    public void Asks_for_documents_and_for_some_changes_only() => MongoSetPlay.Run(async play =>
    {
        var told = new List<string>();
        using var watching = play.Test.Watch("{ $match: { operationType: 'update' } }").WithDocuments().Subscribe(each => told.Add($"{each.FullDocument}"));
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        await play.Test.InsertOne(new { _id = 1 });
        await play.Test.UpdateOne("{ _id: 1 }", "{ $set: { n: 2 } }");
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(told, Is.EqualTo(new[] { "{ \"_id\" : 1, \"n\" : 2 }" }));
    });

    [TestCase("lost")]
    [TestCase("43")]
    [TestCase("label")]
    [TestCase("elected")]
    public void Goes_on_behind_what_was_handed_out(string what) => MongoSetPlay.Run(async play =>
    {
        var told = new List<int>();
        using var watching = play.Test.Watch().Subscribe(each => told.Add(each.FullDocument!["_id"].AsInt32));
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 30; i++)
        {
            if (i == 10)
            {
                switch (what)
                {
                    case "lost":
                        play.Set.Members[0].Expect("getMore", static _ => null);
                        break;
                    case "43":
                        play.Set.Members[0].Fail("getMore", 43);
                        break;
                    case "label":
                        play.Set.Members[0].Fail("getMore", 9999, "ResumableChangeStreamError");
                        break;
                    default:
                        play.Set.Members[0].Fail("getMore", 10107, "ResumableChangeStreamError");
                        play.Set.Elect(play.Set.Members[1]);
                        break;
                }
            }

            await play.Test.InsertOne(new { _id = i });
            await play.World.Hub.Sleep(TimeSpan.FromMilliseconds(100));
        }

        await play.World.Hub.Sleep(TimeSpan.FromSeconds(3));
        Assert.That(told, Is.EqualTo(Enumerable.Range(0, 30)));
        var begun = play.Heard.Where(static each => each.Command.Contains("aggregate")).ToArray();
        Assert.That((begun.Length, begun[1].Command["pipeline"][0]["$changeStream"].AsBsonDocument.Contains("resumeAfter")), Is.EqualTo((2, true)));
    });

    [TestCase(9999)]
    [TestCase(280)]
    public void Other_errors_end_it(int code) => MongoSetPlay.Run(async play =>
    {
        play.Set.Members[0].Fail("getMore", code);
        Exception? error = null;
        using var watching = play.Test.Watch().Subscribe(static _ => { }, failed => error = failed);
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(3));
        Assert.That((error as MongoErrorException)?.Code, Is.EqualTo(code));
    });

    [Test]
    public void That_it_cannot_begin_is_an_error() => MongoSetPlay.Run(async play =>
    {
        play.Set.Members[0].Fail("aggregate", 43, "ResumableChangeStreamError");
        Exception? error = null;
        using var watching = play.Test.Watch().Subscribe(static _ => { }, failed => error = failed);
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(3));
        Assert.That((error as MongoErrorException)?.Code, Is.EqualTo(43));
    });

    [Test]
    public void Goes_on_where_another_one_was() => MongoSetPlay.Run(async play =>
    {
        BsonDocument? token = null;
        using (play.Test.Watch().Subscribe(each => token ??= each.ResumeToken))
        {
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            await play.Test.InsertMany(Enumerable.Range(0, 5).Select(static i => new { _id = i }));
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        }

        var told = new List<int>();
        using var watching = play.Test.Watch().After(token!).Subscribe(each => told.Add(each.FullDocument!["_id"].AsInt32));
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(told, Is.EqualTo(new[] { 1, 2, 3, 4 }));
    });

    [Test]
    public void Its_token_goes_on_while_nothing_is_told() => MongoSetPlay.Run(async play =>
    {
        var watch = play.Test.Watch();
        using var watching = watch.Subscribe(static _ => { });
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1.5));
        var before = watch.ResumeToken;
        await play.Client["db"]["other"].InsertOne(new { _id = 9 });
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(3));
        Assert.That((before, watch.ResumeToken), Is.Not.EqualTo((before, before)));
    });

    [Test]
    public void Who_leaves_has_its_cursor_closed() => MongoSetPlay.Run(async play =>
    {
        using (play.Test.Watch().Subscribe(static _ => { }))
        {
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            Assert.That(play.Set.Members[0].OpenCursors, Is.EqualTo(1));
        }

        await play.World.Hub.Sleep(TimeSpan.FromSeconds(2));
        Assert.That(play.Set.Members[0].OpenCursors, Is.Zero);
    });

    [Test]
    public void Stages_that_take_the_token_away_end_it() => MongoSetPlay.Run(async play =>
    {
        Exception? error = null;
        using var watching = play.Test.Watch("{ $project: { _id: 0 } }").Subscribe(static _ => { }, failed => error = failed);
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        await play.Test.InsertMany(Enumerable.Range(0, 3).Select(static i => new { _id = i }));
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(error, Is.TypeOf<InvalidOperationException>());
    });
}
