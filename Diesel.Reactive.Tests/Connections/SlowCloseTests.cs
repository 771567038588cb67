namespace Diesel.Reactive.Tests;

/// <summary>A close waits as long as bytes leave.</summary>
public class SlowCloseTests
{
    private const int Reply = 3 * 1024 * 1024;

    [Test]
    public void A_client_that_disposes_after_sending_is_not_cut_as_long_as_the_peer_reads()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Bandwidth = 300_000 };
        wire.Do(c =>
        {
            c.OnNext(new byte[Reply]);
            c.Dispose();
        });
        wire.Passes(12).Peer.Ends();
        Assert.That((wire.Peer.Received.Length, wire.Peer.HasEnded, wire.Peer.IsReset, wire.Transport.IsClosed), Is.EqualTo((Reply, true, false, true)));
    }

    [Test]
    public void A_handler_that_ends_after_sending_is_not_cut_as_long_as_the_peer_reads()
    {
        using var world = SlowWorld();
        var peer = world.Dials(world.Starts(new TcpService(7, static _ => Observable.Return<ReadOnlyMemory<byte>>(new byte[Reply]))));
        world.Passes(12);
        Assert.That((peer.Received.Length, peer.HasEnded, peer.IsReset, world.Trouble), Is.EqualTo((Reply, true, false, "")));
    }

    [Test]
    public void What_is_on_its_way_counts_when_this_side_has_handed_over_all()
    {
        var wire = new Wire(new() { CloseTimeout = TimeSpan.FromSeconds(1) });
        wire.World.Network.Conditions = new() { Bandwidth = 10_000, Window = 1_000_000 };
        for (var i = 0; i < 50; i++)
        {
            wire.Sends(new string('x', 1_000));
        }

        wire.Do(static c => c.Dispose()).Passes(3);
        Assert.That((wire.Connection.PendingBytes, wire.Transport.IsClosed), Is.EqualTo((0, false)));
        wire.Passes(3).Peer.Ends();
        Assert.That(wire.Peer.Story, Is.EqualTo(new string('x', 50_000) + "|"));
    }

    [Test]
    public void A_peer_that_stops_taking_is_reset_CloseTimeout_after_the_last_byte_it_took()
    {
        var wire = new Wire(new() { CloseTimeout = TimeSpan.FromSeconds(3) });
        wire.World.Network.Conditions = new() { Bandwidth = 300_000 };
        wire.Do(c =>
        {
            c.OnNext(new byte[Reply]);
            c.Dispose();
        });
        wire.Passes(6).Peer.StopsReading();
        wire.Passes(2.9);
        Assert.That(wire.Transport.IsClosed, Is.False);
        wire.Passes(0.7);
        Assert.That(wire.Transport.IsClosed, Is.True);
        wire.Peer.ReadsOn();
        Assert.That((wire.Peer.IsReset, wire.Peer.HasEnded), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_peer_that_has_taken_all_and_does_not_end_is_told_of_no_reset()
    {
        var wire = new Wire(new() { CloseTimeout = TimeSpan.FromSeconds(3) }).Sends("A").Do(static c => c.Dispose()).Passes(4);
        Assert.That((wire.Transport.IsClosed, wire.Peer.Story), Is.EqualTo((true, "A|")));
    }

    [Test]
    public void What_a_peer_sends_does_not_keep_a_closed_connection_open()
    {
        var wire = new Wire(new() { CloseTimeout = TimeSpan.FromSeconds(3) }).Do(static c => c.Dispose());
        for (var i = 0; i < 4; i++)
        {
            wire.Peer.Sends("A");
            wire.Passes(1);
        }

        Assert.That(wire.Transport.IsClosed, Is.True);
    }

    [Test]
    public void DrainTimeout_ends_a_close_that_still_makes_progress()
    {
        using var world = SlowWorld();
        var service = world.Starts(new TcpService(
            7, static _ => Observable.Return<ReadOnlyMemory<byte>>(new byte[Reply]), new() { DrainTimeout = TimeSpan.FromSeconds(2) }));
        var peer = world.Dials(service);
        var stopped = world.Watch(service.Stop());
        world.Passes(1.9);
        Assert.That((stopped.ToString(), peer.IsReset), Is.EqualTo(("", false)));
        world.Passes(0.5);
        Assert.That((stopped.ToString(), peer.IsReset), Is.EqualTo(("() |", true)));
    }

    [Test]
    public void A_transfer_to_a_slow_reader_is_not_idle()
    {
        using var world = new World();
        world.Network.Conditions = new() { Bandwidth = 10_000, Window = 1_000_000 };
        CancellationToken closed = default;
        var service = world.Starts(new TcpService(
            7,
            async c =>
            {
                closed = c.Closed;
                for (var i = 0; i < 50; i++)
                {
                    await c.Send(new byte[1_000]);
                }

                await world.Hub.Sleep(TimeSpan.FromHours(1), closed);
            },
            new() { IdleTimeout = TimeSpan.FromSeconds(2) }));
        var peer = world.Dials(service);
        world.Passes(6);
        Assert.That((peer.Received.Length, closed.IsCancellationRequested), Is.EqualTo((50_000, false)));
        world.Passes(1.5);
        Assert.That((closed.IsCancellationRequested, world.Trouble), Is.EqualTo((true, "")));
    }

    private static World SlowWorld()
    {
        var world = new World();
        world.Network.Conditions = new() { Bandwidth = 300_000 };
        return world;
    }
}
