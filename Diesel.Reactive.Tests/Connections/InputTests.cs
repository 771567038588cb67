using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class InputTests
{
    [Test]
    public void Nothing_is_read_from_the_network_until_somebody_reads()
    {
        var wire = new Wire();
        wire.Peer.Sends("A\r\n");
        Assert.That(wire.Transport.Unread, Is.EqualTo(3));
        Assert.That(wire.Lines().ToString(), Is.EqualTo("A"));
    }

    [Test]
    public void A_connection_is_an_observable_of_chunks()
    {
        var wire = new Wire();
        var chunks = wire.Watch(c => c);
        wire.Peer.Sends("PING").Sends("PONG").Ends();
        Assert.That(chunks.ToString(), Is.EqualTo("PING PONG |"));
    }

    [Test]
    public void A_connection_is_an_echo_server_in_one_line()
    {
        var wire = new Wire().Do(c => c.UntilEol().Subscribe(c));
        wire.Peer.Sends("A\r\nB\r\nC").Sends("\r\n").Ends();
        Assert.That(wire.Peer.Story, Is.EqualTo("A B C |"));
    }

    [Test]
    public void A_second_reader_is_refused_and_told_of_Publish()
    {
        var wire = new Wire();
        var (first, second) = (wire.Lines(), wire.Lines());
        Assert.That(second.Error!.Message, Is.EqualTo(
            "connection 10.0.0.1:40000 to 10.0.0.1:7 already has a reader. Input has one reader at a time: end the first, " +
            "or share it between observers with Share()."));
        wire.Peer.Sends("A\r\n");
        Assert.That(first.ToString(), Is.EqualTo("A"));
    }

    [Test]
    public void Publish_shares_the_input_between_observers()
    {
        var wire = new Wire();
        var lines = wire.Connection.UntilEol().Publish().RefCount(2);
        var (first, second) = (wire.World.Watch(lines), wire.World.Watch(lines));
        wire.Peer.Sends("A\r\n").Ends();
        Assert.That((first.ToString(), second.ToString()), Is.EqualTo(("A |", "A |")));
    }

    [Test]
    public void What_a_reader_did_not_consume_stays_for_the_next()
    {
        var wire = new Wire();
        wire.Peer.Sends("A\r\nB\r\nC");
        var line = wire.Watch(c => c.Read(Framing.UntilEol()));
        var rest = wire.Watch(c => c.Read(Framing.Bytes(4)));
        Assert.That((line.ToString(), rest.ToString()), Is.EqualTo(("A |", "B\r\nC |")));
    }

    [Test]
    public void Take_of_a_stream_of_frames_leaves_the_others()
    {
        var wire = new Wire();
        wire.Peer.Sends("A\r\nB\r\nC\r\n");
        Assert.That(wire.Watch(c => c.UntilEol().Take(2)).ToString(), Is.EqualTo("A B |"));
        Assert.That(wire.Lines().ToString(), Is.EqualTo("C"));
    }

    [Test]
    public void A_reader_disposed_inside_a_frame_gives_its_bytes_back()
    {
        var wire = new Wire();
        var first = wire.Lines();
        wire.Peer.Sends("HAL");
        wire.Do(_ => first.Subscription!.Dispose()).Peer.Sends("LO\r\n");
        Assert.That((first.ToString(), wire.Lines().ToString()), Is.EqualTo(("", "HALLO")));
    }

    [Test]
    public void A_reading_that_timed_out_gives_its_bytes_back()
    {
        var wire = new Wire();
        var timed = wire.Watch(c => c.Read(Framing.UntilEol()).Timeout(TimeSpan.FromSeconds(1), wire.Hub));
        wire.Peer.Sends("HAL");
        wire.Passes(1).Peer.Sends("LO\r\n");
        Assert.That((timed.ToString(), wire.Lines().ToString()), Is.EqualTo(("#TimeoutException", "HALLO")));
    }

    [Test]
    public void The_framing_can_change_in_mid_stream()
    {
        var wire = new Wire();
        var conversation = wire.Converses(async c =>
        {
            var length = int.Parse((await c.Read(Framing.UntilEol())).TrimEol().ToText());
            c.OnNext((await c.Read(Framing.Bytes(length))).ToUpper());
            await c.UntilEol().ForEachAsync(c.OnNext);
        });
        wire.Peer.Sends("6\r\na\r\nb\r\n").Sends("c\r\nd\r\n").Ends();
        Assert.That((wire.Peer.Received, conversation.IsCompletedSuccessfully), Is.EqualTo(("A\r\nB\r\nc\r\nd\r\n", true)));
    }

    [Test]
    public void Frames_are_slices_that_may_be_kept()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Cut = Cut.Bytewise };
        var lines = wire.Lines();
        wire.Peer.Sends(string.Concat(Enumerable.Range(1000, 500).Select(n => $"{n}\r\n")));
        Assert.That(lines.ToString(), Is.EqualTo(string.Join(' ', Enumerable.Range(1000, 500))));
    }

    [Test]
    public void An_empty_frame_comes_at_once() =>
        Assert.That(new Wire().Watch(c => c.Read(Framing.Bytes(0))).ToString(), Is.EqualTo("'' |"));

    [Test]
    public void A_stream_of_frames_without_bytes_is_refused_instead_of_running_for_ever()
    {
        var wire = new Wire();
        var frames = wire.Watch(c => c.Decode(Framing.Bytes(0)));
        Assert.That(frames.Error, Is.InstanceOf<InvalidOperationException>().With.Message.EqualTo(
            "The framing gives frames of no bytes, which would repeat for ever; read them one at a time with Read."));
        Assert.That(wire.Sends("A").Peer.Story, Is.EqualTo("A"));
    }

    [Test]
    public void An_observer_may_attach_the_next_reader_from_its_completion()
    {
        var wire = new Wire();
        var both = wire.Watch(c => c.Read(Framing.UntilEol()).Concat(c.Read(Framing.Bytes(3))));
        wire.Peer.Sends("A\r\nBCD");
        Assert.That(both.ToString(), Is.EqualTo("A BCD |"));
    }

    [Test]
    public void Readers_may_come_and_go_on_other_threads()
    {
        var wire = new Wire();
        var lines = new Story<ReadOnlyMemory<byte>>();
        using (wire.Connection.UntilEol().Subscribe(lines))
        {
            wire.Peer.Sends("A\r\nB");
        }

        wire.Peer.Sends("\r\n");
        Assert.That((lines.ToString(), wire.Lines().ToString()), Is.EqualTo(("A", "B")));
    }
}
