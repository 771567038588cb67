using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;
using MongoDB.Bson.Serialization.Attributes;
using Driver = MongoDB.Driver;

namespace Diesel.Reactive.Tests;

/// <summary>Classes become the bytes that MongoDB.Driver makes of them, and are read back.</summary>
public class MongoClassesTests
{
    public enum Colour
    {
        Red,
        Green,
    }

    public sealed record Immutable(int Id, string Name, decimal Price, DateTime At);

    public sealed class Mapped
    {
        public ObjectId Id { get; set; }

        [BsonElement("n")]
        public string? Name { get; set; }

        [BsonGuidRepresentation(GuidRepresentation.Standard)]
        public Guid Key { get; set; }

        [BsonRepresentation(BsonType.String)]
        public Colour Colour { get; set; }

        [BsonRepresentation(BsonType.Decimal128)]
        public decimal Price { get; set; }

        [BsonDateTimeOptions(Kind = DateTimeKind.Local)]
        public DateTime Local { get; set; }

        [BsonIgnoreIfNull]
        public string? Missing { get; set; }

        public List<Inner> Items { get; set; } = [];

        public Dictionary<string, int> Counts { get; set; } = [];
    }

    public sealed class Inner
    {
        public double Value { get; set; }

        public long? Maybe { get; set; }
    }

    [Test]
    public async Task Records() => await Same(
        new Immutable(1, "Ada", 1.5m, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)), static read => read == new Immutable(1, "Ada", 1.5m, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)));

    [Test]
    public async Task Classes_with_attributes()
    {
        var key = Guid.NewGuid();
        var local = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Local);
        await Same(
            new Mapped { Id = ObjectId.GenerateNewId(), Name = "Ada", Key = key, Colour = Colour.Green, Price = 12.34m, Local = local, Items = [new() { Value = 1.5, Maybe = 7 }, new()], Counts = { ["a"] = 1 } },
            read => read is { Name: "Ada", Colour: Colour.Green, Price: 12.34m, Missing: null, Items: [{ Maybe: 7 }, { Maybe: null }] } && read.Key == key && read.Local == local && read.Local.Kind == DateTimeKind.Local && read.Counts["a"] == 1);
    }

    private static async Task Same<T>(T value, Func<T, bool> isRight)
    {
        using var live = new Live();
        var uri = $"mongodb://127.0.0.1:{live.Starts(new MongoService()).Port}";
        using var driver = new Driver.MongoClient(uri);
        using var ours = new MongoClient(uri, hub: live.Hub);
        var theirs = driver.GetDatabase("db").GetCollection<T>("theirs");
        await theirs.InsertOneAsync(value);
        await ours["db"].GetCollection<T>("ours").InsertOne(value).AsTask();
        var (their, our) = (await ours["db"].GetCollection<RawBson>("theirs").Find().One().AsTask(), await ours["db"].GetCollection<RawBson>("ours").Find().One().AsTask());
        Assert.That(our.Memory.ToArray(), Is.EqualTo(their.Memory.ToArray()));
        Assert.That(isRight((await ours["db"].GetCollection<T>("theirs").Find().One().AsTask())!));
        Assert.That(isRight(await Driver.IAsyncCursorSourceExtensions.SingleAsync(Driver.IMongoCollectionExtensions.Find(driver.GetDatabase("db").GetCollection<T>("ours"), new BsonDocument()))));
    }
}
