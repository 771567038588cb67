using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>What OpenTelemetry's SDK hears of a memcached client.</summary>
[NonParallelizable]
public class MemcachedTelemetryTests
{
    private World _world = null!;
    private MemcachedClient _cache = null!;

    [SetUp]
    public void Start()
    {
        _world = new World();
        _world.Starts(new MemcachedService(11211));
        _cache = new MemcachedClient("10.0.0.1", hub: _world.Hub);
        _world.Watch(_cache.Set("k", "text"));
    }

    [TearDown]
    public void Stop()
    {
        _cache.Dispose();
        _world.Dispose();
    }

    [Test]
    public void How_long_a_command_took_is_measured_in_seconds()
    {
        var points = ProtocolTelemetry.Metrics(() =>
        {
            _world.Watch(_cache.Get("k"));
            _world.Watch(_cache.Get("none"));
            _world.Watch(_cache.Increment("k"));
            _world.Watch(_cache.GetMany("a", "b", "c"));
        }, "db.client.operation.duration");
        Assert.That(points.Select(static point => $"{ProtocolTelemetry.Attributes(point)}: {point.GetHistogramCount()}"), Is.EquivalentTo(new[]
        {
            "db.operation.name=mg db.system.name=memcached server.address=10.0.0.1 server.port=11211: 2",
            "db.operation.name=ma db.response.status_code=CLIENT_ERROR db.system.name=memcached error.type=CLIENT_ERROR server.address=10.0.0.1 server.port=11211: 1",
            "db.operation.batch.size=3 db.operation.name=mg db.system.name=memcached server.address=10.0.0.1 server.port=11211: 1",
        }));
    }

    [Test]
    public void Each_command_is_a_span_and_so_is_a_batch()
    {
        var spans = ProtocolTelemetry.Spans(() =>
        {
            _world.Watch(_cache.Get("k"));
            _world.Watch(_cache.Set("k", "v"));
            _world.Watch(_cache.Touch("k", TimeSpan.FromMinutes(1)));
            _world.Watch(_cache.Delete("k"));
            _world.Watch(_cache.Increment("n", initial: 1));
            _world.Watch(_cache.Info("n"));
            _world.Watch(_cache.GetMany("a", "b"));
            _world.Watch(_cache.Version());
            _world.Watch(_cache.Stats());
            _world.Watch(_cache.Flush());
        });
        Assert.That(spans.Select(static span => $"{span.DisplayName} {span.Kind} {span.GetTagItem("db.operation.batch.size") ?? "-"} {span.Status}"), Is.EqualTo(new[]
        {
            "mg Client - Unset", "ms Client - Unset", "mg Client - Unset", "md Client - Unset", "ma Client - Unset", "me Client - Unset", "mg Client 2 Unset",
            "version Client - Unset", "stats Client - Unset", "flush_all Client - Unset",
        }));
        Assert.That(spans[0].TagObjects.Select(static tag => tag.Key), Is.EquivalentTo(new[] { "db.system.name", "db.operation.name", "server.address", "server.port" }));
    }

    [Test]
    public void The_numbers_of_the_connection_are_gauges()
    {
        using var peers = _world.Listens(7777);
        using var cache = new MemcachedClient("10.0.0.1:7777", hub: _world.Hub);
        _world.Watch(cache.Get("k"));
        _world.Watch(cache.Get("k"));
        var points = ProtocolTelemetry.Metrics(static () => { }, "diesel.pipeline.in_flight");
        Assert.That(points.Where(static point => point.GetSumLong() == 2).Select(ProtocolTelemetry.Attributes), Has.Member("server.address=10.0.0.1 server.port=7777"));
    }
}
