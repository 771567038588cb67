using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

public class EndOfInputTests
{
    [Test]
    public void A_fin_on_a_frame_boundary_completes()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Peer.Sends("A\r\n").Ends();
        Assert.That(lines.ToString(), Is.EqualTo("A |"));
    }

    [Test]
    public void A_fin_inside_a_frame_is_a_truncated_frame_with_its_bytes_and_its_peer()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Peer.Sends("A\r\nHAL").Ends();
        var error = (TruncatedFrameException)lines.Error!;
        Assert.That((lines.ToString(), error.PendingBytes, error.EndPoint), Is.EqualTo(
            ("A #TruncatedFrameException", 3L, wire.Connection.RemoteEndPoint)));
        Assert.That(error.Message, Is.EqualTo("The peer closed in the middle of a frame with 3 bytes pending. (peer: 10.0.0.1:7)"));
    }

    [Test]
    public void Frames_before_the_fin_are_delivered_though_nobody_had_read()
    {
        var wire = new Wire();
        wire.Peer.Sends("A\r\nB\r\n").Ends();
        Assert.That(wire.Lines().ToString(), Is.EqualTo("A B |"));
    }

    [Test]
    public void Frames_before_a_reset_are_delivered_first()
    {
        var wire = new Wire();
        var hold = wire.World.Do(() => wire.Connection.Pause());
        var lines = wire.Lines();
        wire.Peer.Sends("A\r\nB\r\n").Resets();
        wire.Do(_ => hold.Dispose());
        Assert.That(lines.ToString(), Is.EqualTo("A B #ConnectionException"));
    }

    [Test]
    public void Frames_before_a_reset_are_delivered_to_who_reads_them_one_by_one()
    {
        var wire = new Wire();
        var first = wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("A\r\nB\r\n").Resets();
        var second = wire.Watch(c => c.Read(Framing.UntilEol()));
        var third = wire.Watch(c => c.Read(Framing.UntilEol()));
        Assert.That($"{first} {second} {third}", Is.EqualTo("A | B | #ConnectionException"));
    }

    [Test]
    public void A_reset_says_who_and_what_with_the_systems_error_inside()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Peer.Resets();
        var error = (ConnectionException)lines.Error!;
        Assert.That(error.Message, Is.EqualTo("The connection 10.0.0.1:40000 to 10.0.0.1:7 was reset by the peer."));
        Assert.That((error.EndPoint, ((SocketException)error.InnerException!).SocketErrorCode), Is.EqualTo(
            (wire.Connection.RemoteEndPoint, SocketError.ConnectionReset)));
    }

    [Test]
    public void Awaiting_past_the_end_throws_EndOfStreamException()
    {
        var wire = new Wire();
        var second = wire.Converses(async c =>
        {
            await c.Read(Framing.UntilEol());
            await c.Read(Framing.UntilEol());
        });
        wire.Peer.Sends("A\r\n").Ends();
        Assert.That(second.Exception!.InnerException, Is.InstanceOf<EndOfStreamException>().With.Message.EqualTo(
            "reading connection 10.0.0.1:40000 to 10.0.0.1:7 ended without a value."));
    }

    [Test]
    public void Readers_that_come_after_the_end_was_told_are_refused()
    {
        var wire = new Wire();
        wire.Lines();
        wire.Peer.Ends();
        Assert.That((wire.Lines().ToString(), wire.Watch(c => c.Read(Framing.UntilEol())).ToString()), Is.EqualTo(("#EndOfStreamException", "#EndOfStreamException")));
    }

    [Test]
    public void A_frame_the_protocol_forbids_fails_the_reader_and_leaves_the_connection_open()
    {
        var wire = new Wire();
        var lines = wire.Watch(c => c.UntilEol(maxLength: 3));
        wire.Peer.Sends("A\r\nABCDEFG\r\n");
        wire.Sends("500 too long\r\n");
        Assert.That((lines.ToString(), wire.Peer.Story), Is.EqualTo(("A #FrameTooLongException", "500 too long ")));
        Assert.That(((ProtocolException)lines.Error!).EndPoint, Is.EqualTo(wire.Connection.RemoteEndPoint));
    }

    [TestCase("", "|")]
    [TestCase("A\r\n", "A |")]
    [TestCase("A\r\nHAL", "A #TruncatedFrameException")]
    public void Who_comes_after_a_fin_and_a_reset_is_told_the_fin_then_the_next_the_reset(string sent, string told)
    {
        var wire = new Wire();
        wire.Peer.Sends(sent).Ends().Resets();
        Assert.That((wire.Lines().ToString(), wire.Lines().ToString()), Is.EqualTo((told, "#ConnectionException")));
    }

    [Test]
    public void Output_goes_on_after_the_peers_fin()
    {
        var wire = new Wire();
        wire.Lines();
        wire.Peer.Ends();
        wire.Sends("still here").Do(c => c.OnCompleted());
        Assert.That(wire.Peer.Story, Is.EqualTo("still here|"));
    }
}
