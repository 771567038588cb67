namespace Diesel.Reactive.Tests;

public class ServiceLimitsTests
{
    [Test]
    public void Peers_beyond_MaxConnections_wait_until_one_ends()
    {
        using var world = new World();
        var service = Echo(world, new() { MaxConnections = 2 });
        var (first, _, third) = (world.Dials(service), world.Dials(service), world.Dials(service).Sends("C\r\n"));
        Assert.That((service.ConnectionCount, third.Story), Is.EqualTo((2, "")));
        first.Ends();
        Assert.That((service.ConnectionCount, third.Story), Is.EqualTo((2, "C ")));
    }

    [Test]
    public void An_idle_connection_is_closed()
    {
        using var world = new World();
        var idle = world.Dials(Echo(world, new() { IdleTimeout = TimeSpan.FromSeconds(10) }));
        world.Passes(9.9);
        Assert.That(idle.Story, Is.Empty);
        world.Passes(1.2);
        Assert.That((idle.Story, world.Errors.Single().Exception.Message), Is.EqualTo(
            ("|", "connection 10.0.0.1:7 to 10.0.0.1:40000 was closed: no byte in or out for 00:00:10 (IdleTimeout).")));
    }

    [Test]
    public void Traffic_keeps_a_connection_open()
    {
        using var world = new World();
        var peer = world.Dials(Echo(world, new() { IdleTimeout = TimeSpan.FromSeconds(10) }));
        for (var i = 0; i < 5; i++)
        {
            world.Passes(8);
            peer.Sends("A\r\n");
        }

        Assert.That(peer.Story, Is.EqualTo("A A A A A "));
    }

    [Test]
    public void The_reader_of_an_idle_connection_gets_TimeoutException()
    {
        using var world = new World();
        Exception? caught = null;
        var service = world.Starts(new TcpService(7, c => c.UntilEol().Do(static _ => { }, error => caught = error), new() { IdleTimeout = TimeSpan.FromSeconds(1) }));
        world.Dials(service);
        world.Passes(2);
        Assert.That(caught, Is.InstanceOf<TimeoutException>());
    }

    [Test]
    public void A_peer_that_dribbles_a_frame_is_closed()
    {
        using var world = new World();
        var slow = world.Dials(Echo(world, new() { MinimumRate = 100, MinimumRateGrace = TimeSpan.FromSeconds(5) }));
        for (var i = 0; i < 8 && slow.Story == ""; i++)
        {
            slow.Sends("x");
            world.Passes(1);
        }

        Assert.That((slow.Story, Math.Round(world.Now)), Is.EqualTo(("|", 6)));
        Assert.That(world.Errors.Single().Exception.Message, Is.EqualTo(
            "connection 10.0.0.1:7 to 10.0.0.1:40000 was closed: it sent part of a frame and went on at 1 bytes/s, below 100 (MinimumRate)."));
    }

    [Test]
    public void A_peer_between_frames_may_take_its_time()
    {
        using var world = new World();
        var peer = world.Dials(Echo(world, new() { MinimumRate = 100, MinimumRateGrace = TimeSpan.FromSeconds(1) })).Sends("A\r\n");
        world.Passes(60);
        Assert.That(peer.Sends("B\r\n").Story, Is.EqualTo("A B "));
    }

    [Test]
    public void A_large_frame_at_a_good_rate_may_take_its_time()
    {
        using var world = new World();
        var peer = world.Dials(Echo(world, new() { MinimumRate = 100, MinimumRateGrace = TimeSpan.FromSeconds(1) }));
        for (var i = 0; i < 20; i++)
        {
            peer.Sends(new string('x', 200));
            world.Passes(1);
        }

        Assert.That(peer.Sends("\r\n").Received, Has.Length.EqualTo(4002));
    }

    private static TcpService Echo(World world, TcpServiceOptions options) => world.Starts(new TcpService(7, static c => c.UntilEol(), options));
}
