using System.Buffers;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Reading by hand.</summary>
public class ConnectionInputTests
{
    [Test]
    public void What_is_unread_is_seen_and_stays()
    {
        var wire = new Wire();
        var more = More(wire);
        wire.Peer.Sends("A\r\n");
        Assert.That((more.ToString(), Seen(wire), Seen(wire), wire.Lines().ToString()), Is.EqualTo(("True |", "A\r\n", "A\r\n", "A")));
    }

    [Test]
    public void Nothing_is_received_before_somebody_waits()
    {
        var wire = new Wire();
        wire.Peer.Sends("A");
        Assert.That((Seen(wire), wire.Transport.Unread), Is.EqualTo(("", 1)));
    }

    [Test]
    public void What_was_consumed_is_gone_and_the_rest_may_be_looked_at_again()
    {
        var wire = Seeing("ABC");
        wire.Do(static c => c.Input.Advance(2));
        Assert.That((More(wire).ToString(), Seen(wire)), Is.EqualTo(("True |", "C")));
    }

    [Test]
    public void To_consume_nothing_says_that_it_does_not_suffice()
    {
        var wire = Seeing("ABC");
        wire.Do(static c => c.Input.Advance(0));
        var more = More(wire);
        Assert.That(more.ToString(), Is.Empty);
        wire.Peer.Sends("D");
        Assert.That((more.ToString(), Seen(wire)), Is.EqualTo(("True |", "ABCD")));
    }

    [TestCase(2, "True |")]
    [TestCase(3, "")]
    public void More_is_more_than_was_examined(int examined, string told)
    {
        var wire = Seeing("ABC");
        wire.Do(c => c.Input.Advance(1, examined));
        Assert.That((More(wire).ToString(), Seen(wire)), Is.EqualTo((told, "BC")));
    }

    [Test]
    public void As_much_as_is_asked_for_is_waited_for()
    {
        var wire = Seeing("ABC");
        wire.Do(static c => c.Input.Advance(0, 1));
        var more = More(wire, least: 4);
        wire.Peer.Sends("D");
        Assert.That(more.ToString(), Is.Empty);
        wire.Peer.Sends("E");
        Assert.That((more.ToString(), Seen(wire)), Is.EqualTo(("True |", "ABCDE")));
    }

    [Test]
    public void The_end_is_no_more_and_leaves_what_is_there()
    {
        var wire = new Wire();
        wire.Peer.Sends("AB").Ends();
        Assert.That(More(wire).ToString(), Is.EqualTo("True |"));
        wire.Do(static c => c.Input.Advance(1, 2));
        Assert.That((More(wire).ToString(), More(wire).ToString(), Seen(wire), wire.Connection.Input.HasEnded), Is.EqualTo(("False |", "#TruncatedFrameException", "B", true)));
    }

    [Test]
    public void That_the_peer_has_ended_is_told_with_its_last_bytes()
    {
        var wire = Seeing("AB");
        wire.Do(static c => c.Input.Advance(2));
        var more = More(wire);
        wire.Peer.Ends();
        Assert.That((more.ToString(), wire.Connection.Input.HasEnded), Is.EqualTo(("False |", true)));
    }

    [Test]
    public void A_reader_behind_the_end_is_told_it_once_as_ever()
    {
        var wire = new Wire();
        wire.Peer.Ends();
        Assert.That((More(wire).ToString(), wire.Lines().ToString(), wire.Lines().ToString()), Is.EqualTo(("False |", "|", "#EndOfStreamException")));
    }

    [Test]
    public void Repeat_ends()
    {
        var wire = new Wire();
        wire.Peer.Sends("AB").Ends();
        var all = wire.Watch(static c => c.Input.More().Do(_ => c.Input.Advance(Math.Min(1, c.Input.Peek().Length))).Repeat());
        Assert.That(all.ToString(), Is.EqualTo("True True False #EndOfStreamException"));
    }

    [Test]
    public void A_reset_comes_behind_the_bytes_before_it()
    {
        var wire = Seeing("AB");
        wire.Peer.Resets();
        Assert.That(More(wire).ToString(), Is.EqualTo("True |"));
        wire.Do(static c => c.Input.Advance(2));
        Assert.That(More(wire).ToString(), Is.EqualTo("#ConnectionException"));
    }

    [Test]
    public void A_connection_that_was_disposed_has_nothing_more()
    {
        var wire = Seeing("AB");
        wire.Do(static c => c.Dispose());
        Assert.That((More(wire).ToString(), Seen(wire)), Is.EqualTo(("#ObjectDisposedException", "")));
    }

    [Test]
    public void Waiting_is_reading_and_there_is_one_reader_at_a_time()
    {
        var wire = new Wire();
        var (more, lines) = (More(wire), wire.Lines());
        Assert.That((more.ToString(), lines.ToString(), More(wire).ToString()), Is.EqualTo(("", "#InvalidOperationException", "#InvalidOperationException")));
    }

    [Test]
    public void What_a_reader_waits_for_is_not_taken_from_it()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        wire.Peer.Sends("AB");
        wire.Do(static c => Assert.That(() => c.Input.Advance(1), Throws.InvalidOperationException));
        wire.Peer.Sends("\r\n");
        Assert.That(lines.ToString(), Is.EqualTo("AB"));
    }

    [TestCase(-1, 0)]
    [TestCase(4, 4)]
    [TestCase(1, 4)]
    [TestCase(2, 1)]
    public void Advances_over_nothing_that_is_not_there(int consumed, int examined)
    {
        var wire = Seeing("ABC");
        wire.Do(c => Assert.That(() => c.Input.Advance(consumed, examined), Throws.InstanceOf<ArgumentOutOfRangeException>()));
        Assert.That(Seen(wire), Is.EqualTo("ABC"));
    }

    [Test]
    public void Left_it_has_changed_nothing()
    {
        var wire = new Wire();
        var more = More(wire);
        wire.Do(_ => more.Subscription!.Dispose());
        wire.Peer.Sends("A");
        Assert.That((more.ToString(), More(wire).ToString(), Seen(wire)), Is.EqualTo(("", "True |", "A")));
    }

    [Test]
    public void A_hold_holds_it()
    {
        var wire = new Wire();
        IDisposable? hold = null;
        wire.Do(c => hold = c.Pause());
        var more = More(wire);
        wire.Peer.Sends("A");
        Assert.That(more.ToString(), Is.Empty);
        wire.Do(_ => hold!.Dispose());
        Assert.That(more.ToString(), Is.EqualTo("True |"));
    }

    [Test]
    public void A_service_that_stops_lets_what_is_begun_go_on_and_ends_what_is_not()
    {
        using var world = new World();
        var told = new List<string>();
        var service = world.Starts(new TcpService(7, async c =>
        {
            while (await c.Input.More())
            {
                told.Add(c.Input.Peek().ToArray().AsReadOnly().ToText());
                c.Input.Advance(told[^1].Length % 3 == 0 ? told[^1].Length : 0);
            }

            told.Add("|");
        }));
        var (at, begun) = (world.Dials(service), world.Dials(service).Sends("AB"));
        var stopped = world.Watch(service.Stop());
        begun.Sends("C").Ends();
        at.Ends();
        Assert.That((told, stopped.IsCompleted), Is.EqualTo((new List<string> { "AB", "|", "ABC", "|" }, true)));
    }

    [Test]
    public void Frames_and_hands_take_turns()
    {
        var wire = new Wire();
        var conversation = wire.Converses(static async c =>
        {
            var length = int.Parse((await c.Read(Framing.UntilEol())).TrimEol().ToText());
            await c.Input.More(length);
            var body = c.Input.Peek().Slice(0, length).ToArray();
            c.Input.Advance(length);
            c.OnNext(body.AsReadOnly().ToUpper());
            c.OnNext(await c.Read(Framing.UntilEol()));
        });
        wire.Peer.Sends("3\r\na").Sends("bcd\r\n");
        Assert.That((wire.Peer.Story, conversation.IsCompletedSuccessfully), Is.EqualTo(("ABCd ", true)));
    }

    [Test]
    public void A_parser_by_hand_finds_its_lines_however_they_were_cut([Values(1, 2, 3, 7)] int longest)
    {
        var (wire, lines) = (new Wire(), "");
        wire.World.Network.Conditions = new() { Cut = Cut.Random(longest) };
        var text = string.Concat(Enumerable.Range(0, 200).Select(static n => $"{new string('x', n % 17)};"));
        var parsing = wire.Converses(async c =>
        {
            while (await c.Input.More())
            {
                var unread = c.Input.Peek();
                lines += unread.PositionOf((byte)';') is { } end ? unread.Slice(0, unread.GetPosition(1, end)).ToArray().AsReadOnly().ToText() : "";
                c.Input.Advance(unread.PositionOf((byte)';') is { } at ? unread.Slice(0, at).Length + 1 : 0);
            }
        });
        wire.Peer.Sends(text).Ends();
        wire.Passes(1);
        Assert.That((lines, parsing.IsCompletedSuccessfully), Is.EqualTo((text, true)));
    }

    [Test]
    public void Off_the_hub_it_is_refused()
    {
        using var live = new Live();
        var (connection, _) = live.Wire();
        Assert.That(() => connection.Input.Peek(), Throws.InvalidOperationException);
        Assert.That(() => connection.Input.Advance(0), Throws.InvalidOperationException);
    }

    [Test]
    public void To_look_and_take_what_is_there_allocates_nothing()
    {
        var (wire, allocated) = (Seeing(new string('x', 2000)), long.MaxValue);
        wire.Converses(async c =>
        {
            await c.Input.More();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                await c.Input.More();
                c.Input.Advance(Math.Min(1, c.Input.Peek().Length));
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.That(allocated, Is.LessThan(1000));
    }

    private static Wire Seeing(string text)
    {
        var wire = new Wire();
        wire.Peer.Sends(text);
        Assert.That((More(wire).ToString(), Seen(wire)), Is.EqualTo(("True |", text)));
        return wire;
    }

    private static Story<bool> More(Wire wire, int least = 1) => wire.Watch(c => c.Input.More(least));

    private static string Seen(Wire wire) => wire.World.Do(() => wire.Connection.Input.Peek().ToArray().AsReadOnly().ToText());
}
