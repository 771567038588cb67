using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;
using MongoDB.Bson.Serialization.Attributes;

namespace Diesel.Reactive.Tests;

/// <summary>Commands against the server in memory, in virtual time.</summary>
public class MongoClientTests
{
    private static readonly BsonDocument[] Languages =
    [
        new() { { "_id", 1 }, { "language", "Python" }, { "type", "imperative" } },
        new() { { "_id", 2 }, { "language", "Haskell" }, { "type", "functional" } },
        new() { { "_id", 3 }, { "language", "C" }, { "type", "imperative" } },
    ];

    [Test]
    public void Documents_are_stored_and_found() => MongoPlay.Run(async play =>
    {
        var id = await play.Test.InsertOne(new { language = "Haskell", type = "functional" });
        var found = await play.Test.Find(new { type = "functional" }).One();
        Assert.That((found!["language"].AsString, found["_id"]), Is.EqualTo(("Haskell", id)));
    });

    [TestCase("", "Python Haskell C")]
    [TestCase("language", "C Haskell Python")]
    [TestCase("-language", "Python Haskell C")]
    [TestCase("type, -language", "Haskell Python C")]
    [TestCase("{ type: -1, language: 1 }", "C Python Haskell")]
    public void A_query_has_an_order(string order, string names) => MongoPlay.Run(async play =>
    {
        await play.Test.InsertMany(Languages);
        var query = play.Test.Find();
        var found = await (order.Length == 0 ? query : query.Sort(order)).ToList();
        Assert.That(string.Join(' ', found.Select(static each => each["language"].AsString)), Is.EqualTo(names));
    });

    [Test]
    public void A_query_skips_and_ends_and_takes_parts() => MongoPlay.Run(async play =>
    {
        await play.Test.InsertMany(Enumerable.Range(0, 30).Select(static i => new BsonDocument { { "_id", i }, { "square", i * i }, { "more", "text" } }));
        var found = await play.Test.Find("{ _id: { $gte: 10 } }").Sort("_id").Skip(5).Limit(3).Project("{ square: 1, _id: 0 }").BatchSize(2).ToList();
        Assert.That(found.Select(static each => each.ToJson()), Is.EqualTo(new[] { "{ \"square\" : 225 }", "{ \"square\" : 256 }", "{ \"square\" : 289 }" }));
    });

    [Test]
    public void One_is_the_only_one() => MongoPlay.Run(async play =>
    {
        await play.Test.InsertMany(Languages);
        Assert.That(await play.Test.Find("{ type: 'none' }").One(), Is.Null);
        Assert.That((await play.Test.Find("{ type: 'functional' }").One())!["_id"].AsInt32, Is.EqualTo(2));
        Assert.That(await MongoPlay.ErrorOf(play.Test.Find("{ type: 'imperative' }").One()), Is.TypeOf<InvalidOperationException>());
        Assert.That((await play.Test.Find("{ type: 'imperative' }").First())!["_id"].AsInt32, Is.EqualTo(1));
        Assert.That(play.Service.OpenCursors, Is.Zero);
    });

    [Test]
    public void Documents_are_changed_replaced_and_removed() => MongoPlay.Run(async play =>
    {
        await play.Test.InsertMany(Languages);
        Assert.That(await play.Test.UpdateOne("{ _id: 1 }", "{ $set: { old: true }, $inc: { n: 2 } }"), Is.EqualTo(new UpdateResult(1, 1, null)));
        Assert.That(await play.Test.UpdateMany(null, new BsonDocument("$set", new BsonDocument("seen", true))), Is.EqualTo(new UpdateResult(3, 3, null)));
        Assert.That(await play.Test.UpdateOne("{ _id: 9 }", "{ $set: { a: 1 } }"), Is.EqualTo(new UpdateResult(0, 0, null)));
        Assert.That(await play.Test.UpdateOne("{ _id: 9 }", "{ $set: { a: 1 } }", upsert: true), Is.EqualTo(new UpdateResult(0, 0, 9)));
        Assert.That(await play.Test.ReplaceOne("{ _id: 9 }", new { b = 1 }), Is.EqualTo(new UpdateResult(1, 1, null)));
        Assert.That((await play.Test.Find("{ _id: 9 }").One())!.ToJson(), Is.EqualTo("{ \"_id\" : 9, \"b\" : 1 }"));
        Assert.That((await play.Test.DeleteOne("{ seen: true }"), await play.Test.DeleteMany("{ seen: true }"), await play.Test.Count()), Is.EqualTo((1L, 2L, 1L)));
    });

    [Test]
    public void A_document_is_changed_and_given() => MongoPlay.Run(async play =>
    {
        await play.Test.InsertMany(Languages);
        var before = await play.Test.FindOneAndUpdate("{ type: 'imperative' }", "{ $set: { a: 1 } }", new() { Sort = "language" });
        Assert.That((before!["language"].AsString, before.Contains("a")), Is.EqualTo(("C", false)));
        var after = await play.Test.FindOneAndUpdate("{ _id: 7 }", "{ $set: { a: 1 } }", new() { IsUpsert = true, IsAfterwards = true });
        Assert.That(after!.ToJson(), Is.EqualTo("{ \"_id\" : 7, \"a\" : 1 }"));
        Assert.That((await play.Test.FindOneAndReplace("{ _id: 7 }", new { a = 2 }))!["a"].AsInt32, Is.EqualTo(1));
        Assert.That((await play.Test.FindOneAndDelete("{ _id: 7 }", new() { Projection = "{ _id: 0 }" }))!.ToJson(), Is.EqualTo("{ \"a\" : 2 }"));
        Assert.That(await play.Test.FindOneAndDelete("{ _id: 7 }"), Is.Null);
    });

    [Test]
    public void Several_writes_are_one_command_for_each_kind() => MongoPlay.Run(async play =>
    {
        await play.Test.InsertMany(Languages);
        play.Heard.Clear();
        var result = await play.Test.BulkWrite(
            [MongoWrite.Insert(new { _id = 4 }), MongoWrite.Insert(new { _id = 5 }), MongoWrite.UpdateMany("{}", "{ $set: { a: 1 } }"), MongoWrite.UpdateOne("{ _id: 8 }", "{ $set: { a: 1 } }", upsert: true), MongoWrite.DeleteOne("{ _id: 4 }")]);
        Assert.That((result.Inserted, result.Matched, result.Modified, result.Deleted, result.UpsertedIds[3].AsInt32), Is.EqualTo((2L, 5L, 5L, 1L, 8)));
        Assert.That(play.Names, Is.EqualTo("insert update delete"));
    });

    [TestCase(true, "1", "0 2")]
    [TestCase(false, "1 3", "0 2 4")]
    public void What_was_not_written_is_told_by_its_place(bool ordered, string places, string stored) => MongoPlay.Run(
        async play =>
        {
            await play.Test.InsertOne(new { _id = 2 });
            int[] ids = [0, 2, 4, 2];
            var error = (MongoWriteException)await MongoPlay.ErrorOf(play.Test.InsertMany(ids.Select(static id => new { _id = id }), ordered));
            Assert.That(string.Join(' ', error.Errors.Select(static each => each.Index)), Is.EqualTo(places));
            Assert.That(error.Errors, Has.All.Property(nameof(MongoWriteError.Code)).EqualTo(11000));
            Assert.That(string.Join(' ', (await play.Test.Find().Sort("_id").ToList()).Select(static each => each["_id"])), Is.EqualTo(stored));
        },
        service: new() { MaxBatch = 2 });

    [Test]
    public void What_is_counted_and_made_of_documents() => MongoPlay.Run(async play =>
    {
        await play.Test.InsertMany(Languages);
        Assert.That((await play.Test.Count("{ type: 'imperative' }"), await play.Test.EstimatedCount(), await play.Test.Count("{ type: 'none' }")), Is.EqualTo((2L, 3L, 0L)));
        Assert.That(await play.Test.Distinct<string>("type"), Is.EqualTo(new[] { "imperative", "functional" }));
        var groups = await play.Test.Aggregate("{ $group: { _id: '$type', n: { $sum: 1 } } }", "{ $sort: { _id: 1 } }").ToList();
        Assert.That(groups.Select(static each => each.ToJson()), Is.EqualTo(new[] { "{ \"_id\" : \"functional\", \"n\" : 1 }", "{ \"_id\" : \"imperative\", \"n\" : 2 }" }));
        Assert.That(await play.Test.Aggregate("{ $match: { _id: 1 } }", "{ $out: 'other' }").ToList(), Is.Empty);
        Assert.That(await play.Client["db"]["other"].Count(), Is.EqualTo(1));
    });

    [Test]
    public void Indexes_collections_and_databases_come_and_go() => MongoPlay.Run(async play =>
    {
        Assert.That(await play.Test.CreateIndex("name, -age", isUnique: true), Is.EqualTo("name_1_age_-1"));
        await play.Test.InsertOne(new { name = "a", age = 1 });
        Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { name = "a", age = 1 })), Is.TypeOf<MongoWriteException>().With.Property(nameof(MongoErrorException.Code)).EqualTo(11000));
        Assert.That((await play.Test.ListIndexes().ToList()).Select(static each => each["name"].AsString), Is.EqualTo(new[] { "_id_", "name_1_age_-1" }));
        await play.Test.DropIndex("name_1_age_-1");
        await play.Client["db"].CreateCollection("capped", new { capped = true, size = 4096 });
        Assert.That(await play.Client["db"].ListCollectionNames().ToList(), Is.EqualTo(new[] { "capped", "test" }));
        Assert.That((await play.Test.Drop(), await play.Test.Drop()), Is.EqualTo((true, false)));
        Assert.That((await play.Client.ListDatabases()).Select(static each => each["name"].AsString), Is.EqualTo(new[] { "db" }));
        await play.Client.DropDatabase("db");
        Assert.That(await play.Client.ListDatabases(), Is.Empty);
        Assert.That((await play.Client["admin"].RunCommand("{ ping: 1 }"))["ok"].ToBoolean(), Is.True);
    });

    [Test]
    public void What_the_server_refuses_leaves_the_connection_unharmed() => MongoPlay.Run(async play =>
    {
        var error = (MongoErrorException)await MongoPlay.ErrorOf(play.Client["db"].RunCommand(new { nothing = 1 }));
        Assert.That((error.Code, error.CodeName), Is.EqualTo((59, "CommandNotFound")));
        Assert.That(await MongoPlay.ErrorOf(play.Test.Find("{ a: { $nothing: 1 } }").First()), Is.TypeOf<MongoErrorException>());
        await play.Test.Count();
        Assert.That(play.Service.ConnectionCount, Is.EqualTo(1));
    });

    [Test]
    public void What_nobody_answers_is_over_when_it_is_written() => MongoPlay.Run(async play =>
    {
        await play.Test.With(static o => o with { WriteConcern = new(W: 0) }).InsertOne(new { _id = 1 });
        await play.Test.With(static o => o with { WriteConcern = new(W: 0) }).InsertOne(new { _id = 1 });
        Assert.That(await play.Test.Count(), Is.EqualTo(1));
        Assert.That(play.Service.ConnectionCount, Is.EqualTo(1));
    });

    [Test]
    public void Options_go_along_with_commands() => MongoPlay.Run(async play =>
    {
        var test = play.Test.With(static o => o with { Comment = "why", ReadConcern = new("majority"), WriteConcern = WriteConcern.Majority, Hint = "_id_", Let = new("x", 1) });
        await test.Find().First();
        await test.UpdateOne("{}", "{ $set: { a: 1 } }");
        var (find, update) = (play.Heard[^2], play.Heard[^1]);
        Assert.Multiple(() =>
        {
            Assert.That((find["comment"], find["readConcern"]["level"], find["hint"], find["let"]["x"], find["$db"]), Is.EqualTo(((BsonValue)"why", (BsonValue)"majority", (BsonValue)"_id_", (BsonValue)1, (BsonValue)"db")));
            Assert.That((update["comment"], update["writeConcern"]["w"]), Is.EqualTo(((BsonValue)"why", (BsonValue)"majority")));
            Assert.That(find["maxTimeMS"].ToInt64(), Is.InRange(1, 5000));
        });
    });

    [Test]
    public void Messages_are_compressed_when_both_can() => MongoPlay.Run(
        async play =>
        {
            await play.Test.InsertOne(new { _id = 1, text = new string('a', 10_000) });
            Assert.That((await play.Test.Find().One())!["text"].AsString, Has.Length.EqualTo(10_000));
        },
        "/?compressors=zlib");

    private sealed record Person([property: BsonId] int Number, string Name, [property: BsonElement("born")] DateTime Birth, decimal Weight);

    [Test]
    public void A_record_is_stored_and_found() => MongoPlay.Run(async play =>
    {
        var people = play.Client["db"].GetCollection<Person>("people");
        var ada = new Person(1, "Ada", new DateTime(1815, 12, 10, 0, 0, 0, DateTimeKind.Utc), 61.5m);
        await people.InsertOne(ada);
        Assert.That(await people.Find(new { Name = "Ada" }).One(), Is.EqualTo(ada));
        Assert.That(await people.Find(new { Name = "Bob" }).One(), Is.Null);
    });

    [Test]
    public void Local_mistakes_send_nothing() => MongoPlay.Run(async play =>
    {
        await play.Test.Count();
        play.Heard.Clear();
        Assert.Multiple(() =>
        {
            Assert.That(() => play.Test.UpdateOne("{}", "{ a: 1 }"), Throws.ArgumentException);
            Assert.That(() => play.Test.ReplaceOne("{}", new BsonDocument("$set", 1)), Throws.ArgumentException);
            Assert.That(() => play.Test.Find().Limit(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => play.Test.InsertOne(new BsonDocument("a\0b", 1)), Throws.ArgumentException);
            Assert.That(() => play.Test.Find("{ a: "), Throws.ArgumentException);
            Assert.That(() => play.Test.Find(7), Throws.ArgumentException);
        });
        Assert.That(await MongoPlay.ErrorOf(play.Test.InsertOne(new { a = new string('a', 17 * 1024 * 1024) })), Is.TypeOf<ArgumentException>().With.Message.Contains("16777216"));
        Assert.That(play.Heard, Is.Empty);
        Assert.That(await play.Test.Count(), Is.Zero);
    });
}
