using System.Diagnostics;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;
using OpenTelemetry.Metrics;

namespace Diesel.Reactive.Tests;

/// <summary>What OpenTelemetry's SDK hears of a client.</summary>
[NonParallelizable]
public class RedisTelemetryTests
{
    private World _world = null!;
    private RedisFake _server = null!;
    private RedisClient _redis = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _server = new RedisFake(_world);
        _redis = new RedisClient("redis://10.0.0.1/3", hub: _world.Hub);
        _world.Watch(_redis.Set("k", "v"));
    }

    [TearDown]
    public void TearDown()
    {
        _redis.Dispose();
        _server.Dispose();
        _world.Dispose();
    }

    [Test]
    public void How_long_a_command_took_is_measured_in_seconds()
    {
        var points = ProtocolTelemetry.Metrics(() =>
        {
            _world.Watch(_redis.Get("k"));
            _server.Refuses = command => command == "GET k" ? "WRONGTYPE no" : null;
            _world.Watch(_redis.Get("k"));
        }, "db.client.operation.duration");
        Assert.That(points.Select(ProtocolTelemetry.Attributes), Is.EquivalentTo(new[]
        {
            "db.namespace=3 db.operation.name=GET db.system.name=redis server.address=10.0.0.1 server.port=6379",
            "db.namespace=3 db.operation.name=GET db.response.status_code=WRONGTYPE db.system.name=redis error.type=WRONGTYPE server.address=10.0.0.1 server.port=6379",
        }));
        Assert.That(points.Select(point => point.GetHistogramCount()), Is.All.EqualTo(1));
        var bounds = new List<double>();
        foreach (var bucket in points[0].GetHistogramBuckets())
        {
            bounds.Add(bucket.ExplicitBound);
        }

        Assert.That(bounds, Is.EqualTo(new[] { 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, double.PositiveInfinity }));
    }

    [Test]
    public void A_command_that_got_no_reply_is_an_error()
    {
        _server.IsSilent = true;
        var points = ProtocolTelemetry.Metrics(() =>
        {
            _world.Watch(_redis.Get("k"));
            _world.Passes(6);
            _world.Do(() => _redis.Get("k").Subscribe().Dispose());
        }, "db.client.operation.duration");
        Assert.That(points.Select(point => (ProtocolTelemetry.Attributes(point).Split("error.type=")[1].Split(' ')[0], point.GetHistogramSum() >= 5)), Is.EquivalentTo(new[]
        {
            ("System.TimeoutException", true), ("System.OperationCanceledException", false),
        }));
    }

    [Test]
    public void Each_command_is_a_span_and_a_batch_is_one()
    {
        var spans = ProtocolTelemetry.Spans(() =>
        {
            _world.Watch(_redis.Get("k"));
            _world.Watch(_redis.Batch(b => (b.Get("k"), b.Get("l"))));
            _world.Watch(_redis.Transaction(t => (t.Get("k"), t.Set("l", 1), t.Incr("k"))));
            _world.Watch(_redis.Command("NONE"));
            _world.Watch(_redis.Cached(TimeSpan.FromHours(1)).Get("k"));
            _world.Watch(_redis.Cached(TimeSpan.FromHours(1)).Get("k"));
        });
        Assert.That(spans.Select(span => $"{span.DisplayName} {span.Kind} {span.GetTagItem("db.operation.batch.size") ?? "-"} {span.Status} {span.GetTagItem("db.response.status_code")}"), Is.EqualTo(new[]
        {
            "GET Client - Unset ", "PIPELINE Client 2 Unset ", "MULTI Client 3 Error ERR", "NONE Client - Error ERR", "GET Client - Unset ",
        }));
        Assert.That(spans[0].TagObjects.Select(tag => tag.Key), Is.EquivalentTo(new[] { "db.system.name", "db.operation.name", "db.namespace", "server.address", "server.port" }));
    }

    [Test]
    public void A_span_belongs_to_whoever_asks_and_is_not_around_what_follows()
    {
        Activity? within = null;
        var spans = ProtocolTelemetry.Spans(() => _world.Play(async () =>
        {
            using var outer = new Activity("outer") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
            var get = _redis.Get("k").AsTask();
            within = Activity.Current;
            await get;
            Assert.That(Activity.Current, Is.SameAs(outer));
        }));
        Assert.That((within?.OperationName, spans.Single().ParentId), Is.EqualTo(("outer", within?.Id)));
    }

    [Test]
    public void The_numbers_of_pipelines_are_gauges()
    {
        _server.IsSilent = true;
        _world.Watch(_redis.Get("k"));
        _world.Watch(_redis.Get("k"));
        var points = ProtocolTelemetry.Metrics(() => { }, "diesel.pipeline.in_flight");
        Assert.That(points.Where(point => point.GetSumLong() == 2).Select(ProtocolTelemetry.Attributes), Has.Member("server.address=10.0.0.1 server.port=6379"));
    }

    [Test]
    public void The_connections_of_a_server_are_a_pool()
    {
        _server.Answers = (_, words) => words[0] == "BLPOP" ? RedisFake.Nothing : words[0] == "CLIENT" ? Resp.Integer(7) : null;
        var shows = (string name) => string.Join(", ", ProtocolTelemetry.Metrics(() => { }, name).Where(OfThis).Select(point => $"{ProtocolTelemetry.Attributes(point).Replace("db.client.connection.", "", StringComparison.Ordinal)}: {point.GetSumLong()}").Order(StringComparer.Ordinal));
        using var redis = new RedisClient("redis://10.0.0.1/4", new() { MaxLeases = 1, Timeout = TimeSpan.FromSeconds(2) }, _world.Hub);
        var pop = _world.Watch(redis.BLPop(Timeout.InfiniteTimeSpan, "jobs"));
        var other = _world.Watch(redis.Lease(session => session.Ping().AsTask()));
        Assert.That(shows("db.client.connection.count"), Is.EqualTo("pool.name=10.0.0.1:6379/4 state=idle: 1, pool.name=10.0.0.1:6379/4 state=used: 1"));
        Assert.That((shows("db.client.connection.max"), shows("db.client.connection.idle.max"), shows("db.client.connection.pending_requests")), Is.EqualTo(
            ("pool.name=10.0.0.1:6379/4: 2", "pool.name=10.0.0.1:6379/4: 2", "pool.name=10.0.0.1:6379/4: 1")));
        _world.Passes(3);
        Assert.That(($"{other}", shows("db.client.connection.timeouts"), shows("db.client.connection.pending_requests")), Is.EqualTo(
            ("#PoolTimeoutException", "pool.name=10.0.0.1:6379/4: 1", "pool.name=10.0.0.1:6379/4: 0")));
        pop.Subscription!.Dispose();

        bool OfThis(MetricPoint point) => ProtocolTelemetry.Attributes(point).Contains("/4", StringComparison.Ordinal);
    }

    [TestCase("db.client.connection.create_time", 2, 0)]
    [TestCase("db.client.connection.wait_time", 1, 0)]
    [TestCase("db.client.connection.use_time", 1, 3)]
    public void How_long_connections_are_made_and_waited_for_and_used_is_measured(string name, int count, double seconds)
    {
        _server.Answers = (_, words) => words[0] == "CLIENT" ? Resp.Integer(7) : null;
        using var redis = new RedisClient("redis://10.0.0.1/5", hub: _world.Hub);
        var point = ProtocolTelemetry.Metrics(() => 
        {
            _world.Watch(redis.Lease(session => _world.Hub.Sleep(TimeSpan.FromSeconds(3)).AsTask()));
            _world.Passes(4);
        }, name).Single(one => ProtocolTelemetry.Attributes(one).EndsWith("/5", StringComparison.Ordinal));
        Assert.That((ProtocolTelemetry.Attributes(point), point.GetHistogramCount(), Math.Round(point.GetHistogramSum())), Is.EqualTo(("db.client.connection.pool.name=10.0.0.1:6379/5", count, seconds)));
    }

    [Test]
    public void A_command_that_is_sent_again_has_a_span_for_that_within_its_own()
    {
        _server.IsSilent = true;
        var spans = ProtocolTelemetry.Spans(() =>
        {
            var get = _world.Watch(_redis.Get("k"));
            var batch = _world.Watch(_redis.Batch(b => (b.Get("k"), b.Get("l"))));
            _server.IsSilent = false;
            _server.Resets();
            _world.Passes(1);
            Assert.That(($"{get}", $"{batch}"), Is.EqualTo(("v |", "(v, ) |")));
        });
        var outer = spans.Where(span => span.ParentId is null).ToDictionary(span => span.DisplayName);
        Assert.That(outer.Keys, Is.EquivalentTo(new[] { "GET", "PIPELINE" }));
        Assert.That(spans.Where(span => span.ParentId is not null).Select(span => (span.DisplayName, span.Kind, span.ParentId == outer[span.DisplayName].Id)), Is.EquivalentTo(new[]
        {
            ("GET", ActivityKind.Client, true), ("PIPELINE", ActivityKind.Client, true),
        }));
    }

    [Test]
    public void A_command_that_is_sent_elsewhere_has_a_span_for_that_within_its_own()
    {
        using var world = new World();
        using var cluster = new ClusterFake(world);
        using var redis = cluster.Client();
        var key = cluster.KeyAt(7001);
        world.Watch(redis.MSet((key, 1), (cluster.KeyAt(7003), 1)));
        cluster.Moves(ClusterFake.SlotOf(key), 7002);
        var spans = ProtocolTelemetry.Spans(() =>
        {
            world.Watch(redis.Get(key));
            world.Watch(redis.Get(key));
            world.Watch(redis.DbSize());
        });
        Assert.That(spans.Select(span => $"{span.DisplayName} {span.ParentId is not null}"), Is.EqualTo(new[] { "GET True", "GET False", "GET False", "DBSIZE False" }));
    }

    [Test]
    public void What_was_sent_is_told_on_demand_and_no_argument_is()
    {
        using var redis = new RedisClient("redis://10.0.0.1", new() { TracesCommands = true }, _world.Hub);
        var spans = ProtocolTelemetry.Spans(() =>
        {
            _world.Watch(redis.Set("secret", "secret"));
            _world.Watch(redis.Batch(b => (b.Get("secret"), b.Command("CONFIG SET", "requirepass", "secret"))));
            _world.Watch(redis.Command("NONE", "secret"));
            _world.Watch(redis.MGet([.. Enumerable.Repeat((Bytes)"secret", 100)]));
            _world.Watch(_redis.Get("secret"));
        });
        Assert.That(spans.Select(span => span.GetTagItem("db.query.text")), Is.EqualTo(new[]
        {
            "SET ? ?", "GET ?; CONFIG SET ? ?", "NONE ?", $"MGET{string.Concat(Enumerable.Repeat(" ?", 32))} …", null,
        }));
        Assert.That(spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Value}").Append(span.StatusDescription ?? "").Append(span.DisplayName)), Has.None.Contains("secret"));
    }

    [Test]
    public void While_nobody_listens_it_costs_nothing()
    {
        var command = new RedisCommand<string>("PING", reply => reply.ToText());
        var timed = ((RedisLink)_redis.Topology).Timeout(new RedisOptions().Timeout, _ => new TimeoutException());
        Assert.That(Allocated(() => _redis.Ask(command)), Is.EqualTo(Allocated(() => timed.Ask(command))));
    }

    private static double Allocated(Action asks)
    {
        const int Times = 1000;
        asks();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            asks();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Times;
    }
}
