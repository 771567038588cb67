namespace Diesel.Reactive.Tests;

public class ClosingTests
{
    private static readonly string Much = new('x', 200_000);

    [Test]
    public void Dispose_flushes_and_closes()
    {
        var wire = new Wire().Do(c =>
        {
            c.OnNext("BYE".ToBytes());
            c.Dispose();
        });
        wire.Peer.Ends();
        Assert.That((wire.Peer.Story, wire.Transport.IsClosed, wire.World.Errors.Count), Is.EqualTo(("BYE|", true, 0)));
    }

    [Test]
    public void Dispose_flushes_to_a_slow_peer()
    {
        var wire = new Wire();
        wire.Peer.StopsReading();
        wire.Sends(Much).Do(c => c.Dispose()).Passes(4);
        wire.Peer.ReadsOn();
        Assert.That(wire.Peer.Story, Is.EqualTo(Much + "|"));
    }

    [Test]
    public void Dispose_resets_a_peer_that_does_not_take_the_output_in_time()
    {
        var wire = new Wire(new() { CloseTimeout = TimeSpan.FromSeconds(3) });
        wire.Peer.StopsReading();
        var sending = wire.Watch(c => c.Send(Much.ToBytes()));
        wire.Do(c => c.Dispose()).Passes(2.9);
        Assert.That(wire.Peer.IsReset, Is.False);
        wire.Passes(0.2).Peer.ReadsOn();
        Assert.That((wire.Peer.IsReset, wire.Peer.HasEnded), Is.EqualTo((true, false)));
        Assert.That(sending.Error!.Message, Is.EqualTo(
            "connection 10.0.0.1:40000 to 10.0.0.1:7 was reset: its output was not taken within CloseTimeout (00:00:03)."));
    }

    [Test]
    public void Dispose_resets_a_peer_that_never_ends_its_side()
    {
        var wire = new Wire().Sends("A").Do(c => c.Dispose());
        Assert.That(wire.Peer.Story, Is.EqualTo("A|"));
        wire.Passes(6);
        Assert.That(wire.Transport.IsClosed, Is.True);
    }

    [TestCase(10_000)]
    [TestCase(2_000_000)]
    public void Dispose_does_not_lose_the_last_bytes_to_what_the_peer_had_sent(int unread)
    {
        var wire = new Wire();
        wire.Peer.StopsReading().Sends(new string('y', unread));
        wire.Sends("413 too much").Do(c => c.Dispose());
        wire.Peer.ReadsOn().Ends();
        Assert.That(wire.Peer.Story, Is.EqualTo("413 too much|"));
    }

    [Test]
    public void Dispose_tells_the_reader()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Do(c => c.Dispose());
        Assert.That(lines.Error, Is.InstanceOf<ObjectDisposedException>().With.Message.StartsWith(
            "connection 10.0.0.1:40000 to 10.0.0.1:7 was disposed."));
    }

    [Test]
    public void Dispose_drops_what_was_not_read()
    {
        var wire = new Wire();
        wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("A\r\nB\r\n");
        wire.Do(c => c.Dispose());
        Assert.That(wire.Lines().ToString(), Is.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void Disposing_twice_is_disposing_once()
    {
        var wire = new Wire().Sends("A").Do(c => c.Dispose()).Do(c => c.Dispose());
        wire.Peer.Ends();
        Assert.That((wire.Peer.Story, wire.World.Errors.Count), Is.EqualTo(("A|", 0)));
    }

    [Test]
    public void Dispose_from_inside_a_delivery_ends_the_delivery()
    {
        var wire = new Wire();
        var lines = wire.Watch(c => c.UntilEol().Do(_ => c.Dispose()));
        wire.Peer.Sends("A\r\nB\r\n").Ends();
        Assert.That((lines.ToString(), wire.Peer.Story), Is.EqualTo(("A #ObjectDisposedException", "|")));
    }

    [Test]
    public void Abort_resets_and_loses_what_was_queued()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Do(c =>
        {
            c.OnNext("A".ToBytes());
            c.Abort();
        });
        Assert.That((wire.Peer.Story, wire.Transport.IsClosed), Is.EqualTo(("#", true)));
        Assert.That(lines.Error, Is.InstanceOf<ConnectionException>().With.Message.EqualTo(
            "connection 10.0.0.1:40000 to 10.0.0.1:7 was aborted by this side."));
    }

    [Test]
    public void Abort_after_Dispose_resets()
    {
        var wire = new Wire();
        wire.Peer.StopsReading();
        wire.Sends(Much).Do(c => c.Dispose()).Do(c => c.Abort()).Peer.ReadsOn();
        Assert.That((wire.Peer.IsReset, wire.Transport.IsClosed), Is.EqualTo((true, true)));
    }

    [Test]
    public void A_connection_both_sides_ended_is_let_go_of()
    {
        var wire = new Wire();
        wire.Lines();
        wire.Peer.Ends();
        wire.Do(c => c.OnCompleted());
        Assert.That((wire.Transport.IsClosed, wire.Peer.Story), Is.EqualTo((true, "|")));
    }

    [Test]
    public void A_connection_whose_output_is_complete_sees_the_peers_end_though_nobody_reads()
    {
        var wire = new Wire().Do(c => c.OnCompleted());
        wire.Peer.Ends();
        Assert.That(wire.Transport.IsClosed, Is.True);
    }

    [Test]
    public void Frames_of_a_connection_that_is_over_can_still_be_read()
    {
        var wire = new Wire().Do(c => c.OnCompleted());
        var first = wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("A\r\nB\r\nC\r\n").Ends();
        Assert.That($"{first} {wire.Watch(c => c.Read(Framing.UntilEol()))} {wire.Lines()}", Is.EqualTo("A | B | C |"));
    }
}
