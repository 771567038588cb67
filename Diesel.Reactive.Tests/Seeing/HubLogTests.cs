namespace Diesel.Reactive.Tests;

public class HubLogTests
{
    [Test]
    public void A_connection_comes_and_goes()
    {
        using var world = new World();
        var log = Story.Of(world.Hub.Log());
        var wire = world.Wire();
        world.Do(wire.Connection.Abort);
        Assert.That(log.Values.Select(record => (record.Level, record.Event)), Is.EqualTo(new[] { (HubLogLevel.Debug, "ConnectionOpened"), (HubLogLevel.Debug, "ConnectionClosed") }));
        Assert.That(log.Last.Message, Does.Match("^connection .* is over after 0 bytes in and 0 bytes out: connection .* was aborted by this side.$"));
    }

    [Test]
    public void A_service_starts_and_stops()
    {
        using var world = new World();
        var log = Story.Of(world.Hub.Log());
        var service = world.Starts(new TcpService(80, static connection => connection));
        world.Watch(service.Stop());
        Assert.That(log.Values.Select(record => record.Message), Is.EqualTo(new[] { "TCP service at 10.0.0.1:80 has started", "TCP service at 10.0.0.1:80 has stopped" }));
    }

    [TestCase(HubErrorKind.Code, HubLogLevel.Error)]
    [TestCase(HubErrorKind.SlowTurn, HubLogLevel.Warning)]
    [TestCase(HubErrorKind.Network, HubLogLevel.Warning)]
    [TestCase(HubErrorKind.Peer, HubLogLevel.Debug)]
    public void An_error_is_a_record_with_its_values_apart(HubErrorKind kind, HubLogLevel level)
    {
        using var world = new World();
        var log = Story.Of(world.Hub.Log());
        var error = new InvalidOperationException("it broke");
        world.Hub.Report(error, "a test", kind);
        Assert.That((log.Last.Level, log.Last.Message, log.Last.Exception), Is.EqualTo((level, "a test: InvalidOperationException: it broke", error)));
        Assert.That(log.Last.Values, Has.Member(new KeyValuePair<string, object?>("ErrorKind", kind)));
    }

    [Test]
    public void A_record_tells_the_hubs_time()
    {
        using var world = new World();
        var log = Story.Of(world.Hub.Log());
        world.Passes(2);
        world.Hub.Report(new InvalidOperationException("x"), "y");
        Assert.That(log.Last.Time, Is.EqualTo(world.Hub.Now));
    }

    [Test]
    public void An_observer_that_throws_gets_no_more_and_harms_nobody()
    {
        using var world = new World();
        var seen = 0;
        world.Hub.Log().Subscribe(_ =>
        {
            seen++;
            throw new InvalidOperationException();
        });
        var log = Story.Of(world.Hub.Log());
        world.Hub.Report(new ProtocolException("a"), "b");
        world.Hub.Report(new ProtocolException("c"), "d");
        Assert.That((seen, log.Values.Count), Is.EqualTo((1, 2)));
    }

    [Test]
    public void What_an_observer_causes_is_not_told_to_it_again()
    {
        using var world = new World();
        var seen = 0;
        world.Hub.Log().Subscribe(_ =>
        {
            seen++;
            world.Hub.Report(new ProtocolException("again"), "x");
        });
        world.Hub.Report(new ProtocolException("a"), "b");
        Assert.That(seen, Is.EqualTo(1));
    }

    [Test]
    public void A_peers_bytes_cannot_look_like_lines_of_the_log()
    {
        using var world = new World();
        var log = Story.Of(world.Hub.Log());
        world.Hub.Report(new ProtocolException("a\r\n2026-01-01 all is well\u001b[31m"), "b");
        Assert.That(log.Last.ToString(), Does.Not.Match(@"[\x00-\x1f]"));
    }

    [Test]
    public void What_a_value_says_is_no_place_for_another()
    {
        var record = new HubLogRecord(default, HubLogLevel.Debug, "E", "{A} and {B}", [new("A", "{B}"), new("B", "b")]);
        Assert.That(record.Message, Is.EqualTo("{B} and b"));
    }
}
