using System.Diagnostics;
using System.Reactive;
using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Messages;

namespace Diesel.Reactive.Tests;

/// <summary>What OpenTelemetry's SDK hears of a client of Riak.</summary>
[NonParallelizable]
public class RiakTelemetryTests
{
    private const string Here = "server.address=10.0.0.1 server.port=8087";

    private static readonly Exported Heard = new(RiakTelemetry.Name);

    [Test]
    public void How_long_a_call_took_is_measured_in_seconds()
    {
        var points = Heard.Points(
            static () => RiakPlay.Run(static async play =>
            {
                await play.Client.Put(("mult", "b"), "k", "v");
                await play.Client.Get("b", "k");
                await play.Client.Get("b", "other");
                await play.Client.Ping();
                await play.Client.ListKeys("b").LastOrDefaultAsync();
                await RiakPlay.ErrorOf(play.Client.Get("b", "k", new() { R = 99 }));
            }),
            "db.client.operation.duration");
        Assert.That(points, Is.EquivalentTo(new[]
        {
            $"db.collection.name=b db.namespace=mult db.operation.name=Put db.system.name=riak {Here}: 1",
            $"db.collection.name=b db.operation.name=Get db.system.name=riak {Here}: 2",
            $"db.operation.name=Ping db.system.name=riak {Here}: 1",
            $"db.collection.name=b db.operation.name=ListKeys db.system.name=riak {Here}: 1",
            $"db.collection.name=b db.operation.name=Get db.response.status_code=n_val_violation db.system.name=riak error.type=n_val_violation {Here}: 1",
        }));
    }

    [Test]
    public void Each_call_is_a_span()
    {
        var spans = Heard.Spans(static () => RiakPlay.Run(static async play =>
        {
            await play.Client.Put(("mult", "b"), "k", "v");
            await play.Client.Update(("sets", "s"), "k", new SetUpdate().Add("a"));
            await play.Client.ServerInfo();
            await play.Client.ListBuckets().LastOrDefaultAsync();
            Assert.That(Activity.Current, Is.Null, "Whoever awaits is not within it.");
        }));
        Assert.That(spans.Select(static span => $"{span.DisplayName} {span.Kind} {span.Status}"), Is.EqualTo(new[] { "Put b Client Unset", "Update s Client Unset", "ServerInfo Client Unset", "ListBuckets Client Unset" }));
        Assert.That(spans[0].TagObjects.Select(static tag => $"{tag.Key}={tag.Value}"), Is.EqualTo(new[]
        {
            "db.system.name=riak", "db.operation.name=Put", "db.namespace=mult", "db.collection.name=b", "server.address=10.0.0.1", "server.port=8087",
        }));
    }

    [Test]
    public void Errors_are_told_by_what_is_known_of_them()
    {
        var spans = Heard.Spans(static () => RiakPlay.Run(static async play =>
        {
            foreach (var text in new[] { "match_found", "{pw_val_unsatisfied,2,1}", "a hook says: pencil", "timeouts" })
            {
                play.Service.Fail("Put", text);
                await RiakPlay.ErrorOf(play.Client.Put("b", "k", "pencil"));
            }
        }, "?attempts=1"));
        Assert.That(spans.Select(static span => (span.Status, span.GetTagItem("error.type"), span.GetTagItem("db.response.status_code"))), Is.EqualTo(
            new[] { "match_found", "pw_val_unsatisfied", "0", "0" }.Select(static word => (ActivityStatusCode.Error, (object?)word, (object?)word))));
        Assert.That(spans.SelectMany(static each => each.TagObjects.Select(static tag => $"{tag.Value}").Append(each.DisplayName).Append(each.StatusDescription ?? "")), Has.None.Contains("pencil"));
    }

    [Test]
    public void Each_further_attempt_is_a_span_within()
    {
        var spans = Heard.Spans(static () => RiakPlay.Run(static async play =>
        {
            play.Service.Reset("Get");
            play.Service.Reset("Get");
            await play.Client.Get("b", "k");
        }));
        var outer = spans.Single(static span => span.ParentSpanId == default);
        Assert.That(spans.Except([outer]).Select(span => (span.ParentSpanId == outer.SpanId, span.DisplayName)), Is.EqualTo(new[] { (true, "Get b"), (true, "Get b") }));
        Assert.That(outer.Status, Is.EqualTo(ActivityStatusCode.Unset));
    }

    [Test]
    public void Who_leaves_or_comes_too_late_is_told([Values] bool leaves)
    {
        var spans = Heard.Spans(() => RiakPlay.Scripted(
            static (_, _) => [],
            async (riak, world, _) =>
            {
                var failed = default(Exception);
                var call = riak.Get("b", "k").Subscribe(static _ => { }, error => failed = error);
                await world.Hub.Sleep(TimeSpan.FromSeconds(leaves ? 1 : 3));
                call.Dispose();
                var stream = riak.ListKeys("b").Subscribe(static _ => { }, error => failed = error);
                await world.Hub.Sleep(TimeSpan.FromSeconds(1));
                stream.Dispose();
                await world.Hub.Sleep(TimeSpan.FromSeconds(1));
                Assert.That(failed, leaves ? Is.Null : Is.InstanceOf<TimeoutException>());
            },
            "?timeout=2s", silent: true));
        var gone = typeof(OperationCanceledException).FullName;
        Assert.That(spans.Select(static span => span.GetTagItem("error.type")), Is.EqualTo(new[] { leaves ? gone : typeof(TimeoutException).FullName, gone }));
    }

    [Test]
    public void Connections_are_counted_and_timed()
    {
        string[] Points(string instrument) => Heard.Points(
            static () => RiakPlay.Run(
                static async play =>
                {
                    await Awaitable.All(Enumerable.Range(0, 5).Select(_ => play.Client.Get("b", "k")));
                    await play.Client.ListKeys("b").LastOrDefaultAsync();
                },
                "?max_pool=2"),
            instrument);

        Assert.That(Points("db.client.connection.create_time"), Is.EqualTo(new[] { "db.client.connection.pool.name=10.0.0.1:8087: 2" }));
        Assert.That(Points("db.client.connection.wait_time"), Is.EqualTo(new[] { "db.client.connection.pool.name=10.0.0.1:8087: 6" }));
        Assert.That(Points("db.client.connection.use_time"), Is.EqualTo(new[] { "db.client.connection.pool.name=10.0.0.1:8087: 6" }));
    }

    [Test]
    public void Connections_are_seen_as_long_as_there_is_the_client()
    {
        using var play = new RiakPlay("?max_pool=7");
        play.World.Watch(play.Client.Get("b", "k"));
        Assert.That(Points("count"), Is.EqualTo(new[] { "idle: 1", "used: 0" }));
        Assert.That((Points("max"), Points("pending_requests")), Is.EqualTo((new[] { "7" }, new[] { "0" })));
        play.Dispose();
        play.World.Settle();
        Assert.That(Points("count"), Is.Empty);

        static string[] Points(string instrument) => [.. Heard.Points(static () => { }, $"db.client.connection.{instrument}").Where(static point => point.Contains("pool.name=10.0.0.1:8087", StringComparison.Ordinal))
            .Select(static point => point.Split(' ') is [_, _, ..] parts ? $"{parts[^2].Split('=')[^1]} {parts[^1]}".Replace("10.0.0.1:8087: ", "", StringComparison.Ordinal) : point)];
    }

    [Test]
    public void Without_a_listener_nothing_is_made()
    {
        using var world = new World();
        var request = new RiakRequest<Unit>(RiakCode.GetRequest, new RpbGetReq().In("b", "k"), static _ => default);
        RiakTelemetry.Begin(request, world.Hub).Finish(null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            RiakTelemetry.Begin(request, world.Hub).Finish(null);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
