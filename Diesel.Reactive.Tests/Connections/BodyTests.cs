using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A body of known length, in chunks.</summary>
public class BodyTests
{
    [Test]
    public void Gives_so_many_bytes_as_they_come_and_completes_by_itself()
    {
        var wire = new Wire();
        var body = wire.Watch(c => c.Body(5));
        wire.Peer.Sends("AB").Sends("CDEF\r\n");
        Assert.That((body.ToString(), wire.Lines().ToString()), Is.EqualTo(("AB CDE |", "F")));
    }

    [Test]
    public void Of_no_bytes_it_completes_at_once_and_takes_nothing()
    {
        var wire = new Wire();
        wire.Peer.Sends("A\r\n");
        Assert.That((wire.Watch(c => c.Body(0)).ToString(), wire.Lines().ToString()), Is.EqualTo(("|", "A")));
    }

    [Test]
    public void Of_no_bytes_it_completes_though_the_peer_is_silent_or_gone()
    {
        var wire = new Wire();
        var silent = wire.Watch(c => c.Body(0));
        wire.Peer.Ends();
        Assert.That((silent.ToString(), wire.Watch(c => c.Body(0)).ToString()), Is.EqualTo(("|", "|")));
    }

    [Test]
    public void What_the_last_byte_triggers_may_read_on_at_once()
    {
        var wire = new Wire();
        var all = wire.Watch(c => c.Body(2).Concat(c.Read(Framing.UntilEol())).Concat(c.Body(3)));
        wire.Peer.Sends("ABC\r\nDEF");
        Assert.That(all.ToString(), Is.EqualTo("AB C DEF |"));
    }

    [Test]
    public void A_peer_that_ends_before_is_an_error_that_says_what_is_missing()
    {
        var wire = new Wire();
        var body = wire.Watch(c => c.Body(10));
        wire.Peer.Sends("ABC").Ends();
        var error = (TruncatedFrameException)body.Error!;
        Assert.That((body.ToString(), error.PendingBytes, error.MissingBytes), Is.EqualTo(("ABC #TruncatedFrameException", 3L, 7L)));
        Assert.That(error.Message, Is.EqualTo("The peer closed in the middle of a frame with 3 bytes pending and 7 missing. (peer: 10.0.0.1:7)"));
    }

    [Test]
    public void A_peer_that_ends_on_its_last_byte_is_none()
    {
        var wire = new Wire();
        var body = wire.Watch(c => c.Body(3));
        wire.Peer.Sends("ABC").Ends();
        Assert.That((body.ToString(), wire.Watch(c => c.Body(1)).ToString()), Is.EqualTo(("ABC |", "#TruncatedFrameException")));
    }

    [Test]
    public void A_reset_comes_behind_the_bytes_before_it()
    {
        var wire = new Wire();
        var body = wire.Watch(c => c.Body(10));
        wire.Peer.Sends("ABC").Resets();
        Assert.That(body.ToString(), Is.EqualTo("ABC #ConnectionException"));
    }

    [Test]
    public void Left_before_its_end_it_leaves_the_rest()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Cut = Cut.Of(static there => Math.Min(there, 2)) };
        wire.Peer.Sends("ABCDE\r\n");
        Assert.That((wire.Watch(c => c.Body(5).Take(1)).ToString(), wire.Lines().ToString()), Is.EqualTo(("AB |", "CDE")));
    }

    [Test]
    public void Held_it_gives_nothing_and_reads_nothing()
    {
        var wire = new Wire();
        var body = wire.Watch(c => c.Body(4));
        IDisposable? hold = null;
        wire.Do(c => hold = c.Pause()).Peer.Sends("AB").Sends("CD");
        Assert.That((body.ToString(), wire.Connection.Life.Input.Buffered), Is.EqualTo(("", 2)));
        wire.Do(_ => hold!.Dispose());
        Assert.That(body.ToString(), Is.EqualTo("AB CD |"));
    }

    [Test]
    public void SelectAsync_and_await_foreach_hold_it()
    {
        var (wire, most) = (Wire.OfLines(20), 0);
        wire.Plays(async c =>
        {
            await c.Body(40).SelectAsync(async chunk => await wire.Hub.Sleep(TimeSpan.FromSeconds(1)), max: 2);
            await foreach (var chunk in c.Body(40).ReadAllAsync(capacity: 2))
            {
                await wire.Hub.Sleep(TimeSpan.FromSeconds(1));
                most = Math.Max(most, c.Life.Input.Buffered);
            }
        });
        Assert.That((most, wire.UnreadLines), Is.EqualTo((0, 0)).Or.EqualTo((4, 0)));
    }

    [Test]
    public void A_service_that_stops_waits_for_the_rest_of_a_body()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static c => c.Body(6)));
        var peer = world.Dials(service).Sends("ABC");
        var stopped = world.Watch(service.Stop());
        Assert.That((peer.Story, stopped.IsCompleted), Is.EqualTo(("ABC", false)));
        peer.Sends("DEF").Ends();
        Assert.That((peer.Story, stopped.IsCompleted), Is.EqualTo(("ABCDEF|", true)));
    }

    [Test]
    public void Each_subscription_reads_another_body()
    {
        var wire = new Wire();
        wire.Peer.Sends("ABCDEF");
        var body = wire.Connection.Body(3);
        Assert.That(wire.World.Watch(body.Concat(body)).ToString(), Is.EqualTo("ABC DEF |"));
    }

    [Test]
    public void An_observer_that_throws_ends_its_connection()
    {
        var wire = new Wire();
        wire.Do(c => c.Body(3).Subscribe(static _ => throw new NotSupportedException(), static _ => { }));
        wire.Peer.Sends("ABC");
        Assert.That((wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo((true, "NotSupportedException")));
    }

    [Test]
    public void A_negative_length_is_refused() => Assert.That(() => new Wire().Connection.Body(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
