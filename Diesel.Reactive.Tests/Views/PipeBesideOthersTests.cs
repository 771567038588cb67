using static Diesel.Reactive.Tests.PipeReaderTests;

namespace Diesel.Reactive.Tests;

/// <summary>A pipe's reader, and who else reads its connection, or sends to it.</summary>
public class PipeBesideOthersTests
{
    [Test]
    public void What_was_not_consumed_stays_for_the_next_reader()
    {
        var (wire, reader) = Wired();
        wire.Peer.Sends("a\r\nb\r\n");
        reader.AdvanceTo(Read(reader, wire).Buffer.GetPosition(3));
        reader.Complete();
        wire.Passes(1);
        Assert.That(wire.Lines().ToString(), Is.EqualTo("b"));
    }

    [Test]
    public void What_somebody_else_has_read_meanwhile_is_not_shown_again_and_nothing_is_taken_for_it()
    {
        var (wire, reader) = Wired();
        wire.Peer.Sends("a\r\nb\r\nc\r\n");
        var buffer = Read(reader, wire).Buffer;
        wire.Do(_ => reader.AdvanceTo(buffer.GetPosition(3)));
        Assert.That(wire.Watch(static c => c.Read(Framing.UntilEol())).ToString(), Is.EqualTo("b |"));
        var rest = Read(reader, wire);
        reader.AdvanceTo(rest.Buffer.GetPosition(1));
        Assert.That((Shown(rest), Shown(Read(reader, wire))), Is.EqualTo(("'c\r\n'", "'\r\n'")));
    }

    [Test]
    public void A_little_is_read_ahead_and_the_rest_is_the_peers()
    {
        var (wire, reader) = Wired();
        wire.Peer.Sends("a");
        var buffer = Read(reader, wire).Buffer;
        for (var sent = 1; sent < 1000; sent++)
        {
            wire.Peer.Sends(new string('b', 1000));
        }

        Assert.That(wire.Transport.Unread, Is.Positive, "the peer has to wait");
        reader.AdvanceTo(buffer.Start, buffer.End);
        var more = Read(reader, wire).Buffer;
        Assert.That(more.Length, Is.InRange(60_000, 150_000));
        var seen = more.Length;
        while (seen < 1 + 999_000)
        {
            reader.AdvanceTo(more.End);
            more = Read(reader, wire).Buffer;
            seen += more.Length;
        }

        Assert.That(seen, Is.EqualTo(1 + 999_000));
    }

    [Test]
    public void Whoever_reads_between_two_reads_has_what_was_not_consumed()
    {
        var (wire, reader) = Wired();
        wire.Peer.Sends("ab\r\n");
        var buffer = Read(reader, wire).Buffer;
        reader.AdvanceTo(buffer.GetPosition(1));
        wire.Peer.Sends("c\r\n");
        wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("d\r\n");
        var rest = Read(reader, wire);
        reader.AdvanceTo(rest.Buffer.End);
        Assert.That(Shown(rest) + Shown(Read(reader, wire)), Is.EqualTo("'c\r\n''d\r\n'"));
    }

    [Test]
    public void Whoever_waits_keeps_others_from_reading()
    {
        var (wire, reader) = Wired();
        var read = reader.ReadAsync().AsTask();
        var line = wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("a\r\n");
        Assert.That(() => read.GetAwaiter().GetResult().Buffer.Length, Is.EqualTo(3));
        Assert.That(line.ToString(), Is.EqualTo("#InvalidOperationException"));
    }

    [Test]
    public void It_is_no_reader_beside_another_one()
    {
        var (wire, reader) = Wired();
        var lines = wire.Lines();
        Assert.That(() => Read(reader, wire), Throws.InvalidOperationException);
        wire.Peer.Sends("a\r\n");
        Assert.That(lines.ToString(), Is.EqualTo("a"));
    }
}
