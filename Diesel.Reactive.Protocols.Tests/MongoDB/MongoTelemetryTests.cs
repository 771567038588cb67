using System.Diagnostics;
using System.Diagnostics.Metrics;
using Diesel.Reactive.Protocols.MongoDB;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>What is published of calls, by the names of OpenTelemetry.</summary>
[NonParallelizable]
public class MongoTelemetryTests
{
    [Test]
    public void A_call_is_a_span_and_a_measurement() => Hear((spans, measurements) => MongoPlay.Run(async play =>
    {
        await play.Test.InsertOne(new { secret = "pencil" });
        var span = spans.Single(static each => each.DisplayName == "insert test");
        Assert.That(span.Kind, Is.EqualTo(ActivityKind.Client));
        Assert.That(span.TagObjects.Select(static tag => $"{tag.Key}={tag.Value}"), Is.EqualTo(new[]
        {
            "db.system.name=mongodb", "db.operation.name=insert", "db.namespace=db", "db.collection.name=test", $"server.address={World.Here}", "server.port=27017",
        }));
        Assert.That(measurements.Where(static each => each.Name == "db.client.operation.duration").Select(static each => each.Tags["db.operation.name"]), Is.EqualTo(new[] { "insert" }));
        Assert.That(measurements.Select(static each => each.Name).Distinct(), Is.SupersetOf(new[] { "db.client.connection.create_time", "db.client.connection.wait_time", "db.client.connection.use_time" }));
    }));

    [Test]
    public void An_error_is_told_by_its_code() => Hear((spans, measurements) => MongoPlay.Run(async play =>
    {
        play.Service.Fail("find", 59);
        await MongoPlay.ErrorOf(play.Test.Find().First());
        var span = spans.Single(static each => each.DisplayName == "find test");
        Assert.That((span.Status, span.GetTagItem("error.type"), span.GetTagItem("db.response.status_code")), Is.EqualTo((ActivityStatusCode.Error, "59", "59")));
        Assert.That(measurements.Single(static each => each.Name == "db.client.operation.duration").Tags["error.type"], Is.EqualTo("59"));
    }));

    [Test]
    public void What_is_sent_again_is_a_span_within() => Hear((spans, _) => MongoPlay.Run(async play =>
    {
        play.Service.Fail("find", 6);
        await play.Test.Find().First();
        var all = spans.Where(static each => each.DisplayName == "find test").ToArray();
        Assert.That(all, Has.Length.EqualTo(2));
        Assert.That(all.Count(span => all.Any(other => other.SpanId == span.ParentSpanId)), Is.EqualTo(1));
    }));

    [Test]
    public void Secrets_show_nowhere() => Hear((spans, measurements) => MongoPlay.Run(
        async play =>
        {
            await play.Client["admin"].RunCommand(new BsonDocument { { "createUser", "x" }, { "pwd", "pencil" } }).Catch(static (MongoErrorException _) => Observable.Return(new BsonDocument())).ToAwaitable("a user");
            Assert.That(spans, Is.Not.Empty);
            Assert.That(spans.SelectMany(static each => each.TagObjects.Select(static tag => $"{tag.Value}").Append(each.DisplayName).Append(each.StatusDescription ?? "")), Has.None.Contains("pencil"));
            Assert.That(play.Events.Select(static each => $"{each}"), Has.None.Contains("pencil"));
        },
        "user:pencil@/",
        new() { Users = [new("user", "pencil")] }));

    [Test]
    public void Without_a_listener_nothing_is_made() => Assert.That(MongoTelemetry.All.Begin("find", "test", "db", TimeProvider.System), Is.Null);

    [Test]
    public void Connections_are_counted() => Hear((_, measurements) => MongoPlay.Run(async play =>
    {
        await play.Test.Count();
        measurements.Clear();
        Observe();
        Assert.That(measurements.Where(static each => each.Name == "db.client.connection.count" && (string)each.Tags["db.client.connection.pool.name"]! == $"{World.Here}:27017").Select(static each => (each.Tags["db.client.connection.state"], each.Value)),
            Is.EquivalentTo(new[] { ((object?)"idle", 1.0), ("used", 0.0) }));
    }));

    private static MeterListener? _listener;

    private static void Observe() => _listener!.RecordObservableInstruments();

    private static void Hear(Action<List<Activity>, List<(string Name, double Value, Dictionary<string, object?> Tags)>> test)
    {
        var (spans, measurements) = (new List<Activity>(), new List<(string Name, double Value, Dictionary<string, object?> Tags)>());
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Diesel.Reactive.Protocols.MongoDB", Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using var meter = new MeterListener
        {
            InstrumentPublished = static (instrument, listening) =>
            {
                if (instrument.Meter.Name == "Diesel.Reactive.Protocols.MongoDB")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measurements.Add((instrument.Name, value, tags.ToArray().ToDictionary())));
        meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measurements.Add((instrument.Name, value, tags.ToArray().ToDictionary())));
        _listener = meter;
        meter.Start();
        test(spans, measurements);
    }
}
