namespace Diesel.Reactive.Tests;

/// <summary>Rates that are required for a while.</summary>
public class RequireTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly ReadOnlyMemory<byte> Much = new byte[200_000];

    [Test]
    public void A_peer_that_sends_slower_is_closed_and_the_reader_told()
    {
        var wire = new Wire();
        wire.Do(static c => c.Require(100, Grace));
        var body = wire.Watch(static c => c.Body(10_000).IgnoreElements());
        Dribbles(wire, 20, bytes: 50);
        var error = (SlowPeerException)body.Error!;
        Assert.That(error.Message, Does.Match(@"^connection .* was closed: its peer sent \d\d bytes/s, below the 100 that were required\.$"));
        Assert.That((error.Required, error.BytesPerSecond, wire.Peer.Story), Is.EqualTo((100L, 50.0, "|")).Using<double>(static (a, b) => Math.Abs(a - b) < 20));
    }

    [Test]
    public void A_peer_that_is_fast_enough_has_all_the_time_it_needs()
    {
        var wire = new Wire();
        wire.Do(static c => c.Require(100, Grace));
        var body = wire.Watch(static c => c.Body(6_000).IgnoreElements());
        Dribbles(wire, 50, bytes: 120);
        Assert.That(body.ToString(), Is.EqualTo("|"));
    }

    [Test]
    public void Nothing_is_required_while_nobody_waits()
    {
        var wire = new Wire();
        wire.Do(static c => c.Require(100, Grace));
        wire.Passes(1000);
        Assert.That((wire.Connection.Closed.IsCancellationRequested, wire.Peer.Story), Is.EqualTo((false, "")));
    }

    [Test]
    public void Nothing_is_required_of_a_peer_that_is_held()
    {
        var wire = new Wire();
        wire.Do(static c => c.Require(100, Grace));
        wire.Watch(static c => c.Body(100));
        wire.Do(static c => c.Pause());
        wire.Passes(1000);
        Assert.That(wire.Peer.Story, Is.Empty);
    }

    [Test]
    public void Behind_its_scope_nothing_is_required()
    {
        var wire = new Wire();
        IDisposable? scope = null;
        wire.Do(c => scope = c.Require(100, Grace));
        wire.Watch(static c => c.Body(100));
        wire.Passes(1).Do(_ => scope!.Dispose()).Passes(1000);
        Assert.That(wire.Peer.Story, Is.Empty);
    }

    [Test]
    public void A_peer_that_takes_slower_is_reset_and_the_sender_told()
    {
        var wire = new Wire();
        wire.Peer.StopsReading();
        wire.Do(static c => c.Require(100, Grace, Direction.Output));
        var sent = wire.Watch(static c => c.Send(Much));
        wire.Passes(3);
        Assert.That(sent.Error, Is.InstanceOf<SlowPeerException>().With.Message.Contains("was reset: its peer took 0 bytes/s"));
        Assert.That(wire.Peer.ReadsOn().IsReset, Is.True);
    }

    [Test]
    public void What_is_required_of_one_direction_is_not_of_the_other()
    {
        var wire = new Wire();
        wire.Peer.StopsReading();
        wire.Do(static c => c.Require(100, Grace, Direction.Input)).Do(static c => c.OnNext(Much)).Passes(100);
        Assert.That(wire.Connection.Closed.IsCancellationRequested, Is.False);
    }

    [Test]
    public void Whoever_can_tell_the_peer_is_asked_to_once_and_nothing_is_ended()
    {
        var wire = new Wire();
        var told = new List<SlowPeerException>();
        wire.Do(c => c.Require(100, Grace, tooSlow: told.Add));
        wire.Watch(static c => c.Body(10_000));
        wire.Passes(100);
        Assert.That((told.Single().Required, wire.Peer.Story), Is.EqualTo((100L, "")));
    }

    [Test]
    public void In_a_service_it_is_the_peers_fault()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static async c =>
        {
            using var _ = c.Require(100, Grace);
            await c.Body(1000);
        }));
        var peer = world.Dials(service).Sends("A");
        world.Passes(5);
        Assert.That((peer.Story, world.Errors.Single().Kind, service.ConnectionCount), Is.EqualTo(("|", HubErrorKind.Peer, 0)));
    }

    [Test]
    public void It_may_be_asked_for_and_ended_from_any_thread_and_behind_the_end()
    {
        var wire = new Wire();
        using (wire.Connection.Require(100, Grace, Direction.Both))
        {
            wire.Do(static c => c.Abort()).Passes(10);
        }

        wire.Hub.Dispose();
        Assert.That(() => wire.Connection.Require(100).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_limit_of_ones_own_is_no_slowness_of_the_peer()
    {
        var wire = new Wire();
        wire.Do(static c =>
        {
            c.Limit(20);
            c.Require(100, Grace, Direction.Both);
        });
        var sent = wire.Watch(static c => c.Send(Much[..400]));
        var body = wire.Watch(static c => c.Body(400).IgnoreElements());
        wire.Peer.Sends(Much[..400]);
        wire.Passes(30);
        Assert.That(wire.Peer.Received, Has.Length.EqualTo(400));
        Assert.That((sent.IsCompleted, body.ToString(), wire.Connection.Closed.IsCancellationRequested), Is.EqualTo((true, "|", false)));
    }

    [Test]
    public void What_makes_no_sense_is_refused()
    {
        var connection = new Wire().Connection;
        Assert.That(() => connection.Require(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => connection.Require(1, TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => connection.Require(1, null, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static void Dribbles(Wire wire, int seconds, int bytes)
    {
        for (var i = 0; i < seconds && !wire.Peer.HasEnded; i++)
        {
            wire.Peer.Sends(Much[..bytes]);
            wire.Passes(0.999);
        }
    }
}
