using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>Cursors: what is asked for when, and what becomes of the rest.</summary>
public class MongoCursorTests
{
    private static async Task Filled(MongoPlay play, int count)
    {
        await play.Test.InsertMany(Enumerable.Range(0, count).Select(static i => new BsonDocument("_id", i)));
        play.Heard.Clear();
    }

    [Test]
    public void All_documents_come_in_batches() => MongoPlay.Run(async play =>
    {
        await Filled(play, 20);
        var found = await play.Test.Find().Sort("_id").BatchSize(7).ToList();
        Assert.That(found.Select(static each => each["_id"].AsInt32), Is.EqualTo(Enumerable.Range(0, 20)));
        Assert.That(play.Names, Is.EqualTo("find getMore getMore"));
    });

    [Test]
    public void Who_leaves_has_the_server_give_up_the_rest() => MongoPlay.Run(async play =>
    {
        await Filled(play, 20);
        await play.Test.Find().BatchSize(7).Take(3).ToList();
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(play.Names, Is.EqualTo("find killCursors"));
        Assert.That(play.Service.OpenCursors, Is.Zero);
    });

    [Test]
    public void What_is_exhausted_is_not_given_up() => MongoPlay.Run(async play =>
    {
        await Filled(play, 5);
        await play.Test.Find().BatchSize(7).Take(5).ToList();
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(play.Names, Is.EqualTo("find"));
    });

    [Test]
    public void Nothing_is_asked_for_before_all_was_taken() => MongoPlay.Run(async play =>
    {
        await Filled(play, 20);
        var taken = new List<string>();
        await foreach (var document in play.Test.Find().Sort("_id").BatchSize(7).ReadAllAsync())
        {
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            taken.Add($"{document["_id"]}:{play.Names}");
        }

        Assert.That((taken[5], taken[9], taken.Count), Is.EqualTo(("5:find", "9:find getMore", 20)));
    });

    [Test]
    public void An_error_within_a_document_gives_up_the_rest() => MongoPlay.Run(async play =>
    {
        await Filled(play, 20);
        var query = play.Client["db"].GetCollection<Dictionary<string, ObjectId>>("test").Find().BatchSize(7);
        Assert.That(await MongoPlay.ErrorOf(query.ToList()), Is.InstanceOf<Exception>());
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(play.Names, Is.EqualTo("find killCursors"));
    });

    [Test]
    public void A_cursor_the_server_has_forgotten_is_an_error() => MongoPlay.Run(async play =>
    {
        await Filled(play, 20);
        play.Service.Fail("getMore", 43);
        Assert.That(await MongoPlay.ErrorOf(play.Test.Find().BatchSize(7).ToList()), Is.TypeOf<MongoErrorException>().With.Property("Code").EqualTo(43));
    });

    [Test]
    public void Each_subscription_asks_anew() => MongoPlay.Run(async play =>
    {
        await Filled(play, 3);
        var query = play.Test.Find();
        await query.ToList();
        await query.ToList();
        Assert.That(play.Names, Is.EqualTo("find find"));
    });

    [Test]
    public void One_batch_is_asked_for_ahead() => MongoPlay.Run(async play =>
    {
        await Filled(play, 20);
        var taken = new List<string>();
        await foreach (var document in Test(play, MongoBatches.OneAhead).Find().Sort("_id").BatchSize(7).ReadAllAsync())
        {
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            taken.Add($"{document["_id"]}:{play.Names}");
        }

        Assert.That((taken[0], taken[5], taken[9], taken[19], taken.Count), Is.EqualTo(("0:find getMore", "5:find getMore", "9:find getMore getMore", "19:find getMore getMore", 20)));
    });

    [TestCase(20, "find getMore killCursors")]
    [TestCase(10, "find getMore")]
    public void Who_leaves_what_is_ahead_has_the_rest_given_up_if_there_is_one(int count, string names) => MongoPlay.Run(async play =>
    {
        await Filled(play, count);
        await foreach (var _ in Test(play, MongoBatches.OneAhead).Find().BatchSize(7).ReadAllAsync())
        {
            await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
            break;
        }

        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That((play.Names, play.Service.OpenCursors), Is.EqualTo((names, 0)));
    });

    [Test]
    public void Who_leaves_before_a_batch_is_on_its_way_has_the_rest_given_up_once() => MongoPlay.Run(async play =>
    {
        await Filled(play, 20);
        await Test(play, MongoBatches.OneAhead).Find().BatchSize(7).Take(3).ToList();
        await play.World.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That((play.Names, play.Service.OpenCursors), Is.EqualTo(("find killCursors", 0)));
    });

    [Test]
    public void An_error_ahead_is_told_behind_what_came_before() => MongoPlay.Run(async play =>
    {
        await Filled(play, 20);
        play.Service.Fail("getMore", 43);
        var found = new List<int>();
        var error = await MongoPlay.ErrorOf(Test(play, MongoBatches.OneAhead).Find().Sort("_id").BatchSize(7).Do(each => found.Add(each["_id"].AsInt32)).ToList().ToAwaitable());
        Assert.That((found.Count, (error as MongoErrorException)?.Code), Is.EqualTo((7, 43)));
    });

    private static MongoCollection<BsonDocument> Test(MongoPlay play, MongoBatches batches) => play.Test.With(o => o with { Batches = batches });
}
