using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>A layer in mid-stream: each byte goes one way or the other, and none twice.</summary>
public class UpgradeTests
{
    private const byte Ours = 7;
    private const byte Theirs = 9;

    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol();

    [Test]
    public void What_was_sent_before_goes_out_plain_and_the_rest_through_the_layer()
    {
        var wire = new Wire();
        var up = wire.Watch(c =>
        {
            c.OnNext("GO\r\n".ToBytes());
            var upgrade = c.Upgrade(XorLayer.Of(Ours));
            c.OnNext("A\r\n".ToBytes());
            return upgrade;
        });
        Assert.That((up.ToString(), wire.Peer.Received), Is.EqualTo(("", $"GO\r\nX{(char)Ours}")));
        wire.Peer.Sends(XorLayer.Opening(Theirs, ""));
        Assert.That((up.ToString(), wire.Peer.Received), Is.EqualTo(("() |", "GO\r\n" + Opening("A\r\n"))));
        Assert.That(wire.World.Trouble, Is.Empty);
    }

    [TestCase(UnreadInput.HandOver, "B C |")]
    [TestCase(UnreadInput.Refuse, "#ProtocolException")]
    public void What_came_before_is_the_layers_or_nobodys(UnreadInput unread, string story)
    {
        var wire = new Wire();
        var start = wire.Watch(c => c.Read(Line));
        wire.Peer.Sends((byte[])[.. "START\r\n"u8, .. XorLayer.Opening(Theirs, "B\r\nC\r\n")]).Ends();
        var up = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours), unread));
        Assert.That((start.ToString(), wire.Lines().ToString()), Is.EqualTo(("START |", story)));
        Assert.That(up.Error, unread == UnreadInput.Refuse ? Is.InstanceOf<ProtocolException>().With.Message.Contains("sent 8 bytes before it was answered") : Is.Null);
    }

    [Test]
    public void What_was_put_before_the_layer_is_never_read()
    {
        var wire = new Wire();
        wire.Watch(c => c.Read(Line));
        wire.Peer.Sends("START\r\nEVIL\r\n");
        var up = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        Assert.That((up.ToString(), wire.Lines().ToString()), Is.EqualTo(("#ProtocolException", "#ProtocolException")));
        Assert.That(wire.World.Trouble, Is.Empty);
    }

    [Test]
    public void Nor_by_a_reader_that_comes_while_the_layer_is_laid()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 10 };
        wire.Watch(c => c.Read(Line));
        wire.Peer.StopsReading().Sends("START\r\nEVIL\r\n");
        wire.Sends(new string('x', 100));
        var up = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        var lines = wire.Lines();
        wire.Peer.Resets();
        Assert.That((up.ToString(), lines.ToString()), Is.EqualTo(("#ConnectionException", "#ConnectionException")));
    }

    [Test]
    public void However_the_input_is_cut([Range(1, 21)] int length)
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, length)) };
        var lines = new List<string>();
        var talk = wire.Converses(async c =>
        {
            lines.Add((await c.Read(Line)).TrimEol().ToText());
            c.OnNext("GO\r\n".ToBytes());
            await c.Upgrade(XorLayer.Of(Ours));
            c.OnNext("A\r\n".ToBytes());
            await foreach (var line in c.ReadAllAsync(Line))
            {
                lines.Add(line.TrimEol().ToText());
            }
        });
        wire.Peer.Sends((byte[])[.. "START\r\n"u8, .. XorLayer.Opening(Theirs, "B\r\nCC\r\nD\r\n")]).Ends();
        wire.Passes(1);
        Assert.That((string.Join(' ', lines), talk.IsCompletedSuccessfully), Is.EqualTo(("START B CC D", true)));
        Assert.That(wire.Peer.Received, Is.EqualTo("GO\r\n" + Opening("A\r\n")));
    }

    [Test]
    public void A_chunk_that_was_asked_for_before_is_the_layers()
    {
        var wire = new Wire();
        var reading = wire.Watch(c => c.Read(Line));
        wire.Do(_ => reading.Subscription!.Dispose());
        var up = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        var lines = wire.Lines();
        wire.Peer.Sends(XorLayer.Opening(Theirs, "B\r\n")).Sends(XorLayer.Bytes(Theirs, "C\r\n"));
        Assert.That((up.ToString(), lines.ToString()), Is.EqualTo(("() |", "B C")));
    }

    [Test]
    public void A_peer_that_is_slow_to_take_what_is_before_it_gets_all_in_order()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 1000 };
        wire.Peer.StopsReading();
        var (before, after) = (new string('x', 100_000), new string('y', 100_000));
        wire.Sends(before);
        var up = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        var sent = wire.Watch(c => c.Send(after.ToBytes()));
        wire.Peer.Sends(XorLayer.Opening(Theirs, "B\r\n"));
        Assert.That((up.ToString(), sent.ToString()), Is.EqualTo(("", "")));
        wire.Peer.ReadsOn();
        wire.Passes(10);
        Assert.That((up.ToString(), sent.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "() |", "B")));
        Assert.That(wire.Peer.Received, Is.EqualTo(before + Opening(after)));
    }

    [Test]
    public void What_is_sent_sooner_than_other_things_does_not_overtake_what_is_before_the_layer()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 1000 };
        wire.Peer.StopsReading();
        var before = new string('x', 100_000);
        wire.Sends(before);
        wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        wire.Sends("A\r\n").Watch(c => c.Send("B\r\n".ToBytes(), priority: 1));
        wire.Peer.Sends(XorLayer.Opening(Theirs, "")).ReadsOn();
        wire.Passes(10);
        Assert.That(wire.Peer.Received, Is.EqualTo(before + Opening("B\r\nA\r\n")));
    }

    [Test]
    public void A_connection_that_is_disposed_meanwhile_sends_what_was_before_it_and_asks_for_nothing_twice()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 80 };
        wire.Peer.StopsReading();
        var reading = wire.Watch(c => c.Read(Line));
        wire.Do(_ => reading.Subscription!.Dispose());
        wire.Sends(new string('x', 100)).Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        wire.Do(static c => c.Dispose()).Peer.ReadsOn();
        wire.Passes(1);
        Assert.That((wire.Peer.Received, wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo((new string('x', 100) + $"X{(char)Ours}", false, "")));
    }

    [Test]
    public void A_pipe_never_shows_what_came_before_the_layer()
    {
        var wire = new Wire();
        var pipe = wire.Connection.AsPipe().Input;
        wire.Peer.Sends((byte[])[.. "START\r\n"u8, .. XorLayer.Opening(Theirs, "B\r\n")]);
        var first = Read(wire, pipe);
        wire.Do(_ => pipe.AdvanceTo(first.GetPosition(7)));
        wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        Assert.That(Encoding.Latin1.GetString(Read(wire, pipe).ToArray()), Is.EqualTo("B\r\n"));
    }

    [Test]
    public void It_changes_nothing_with_a_reader_attached()
    {
        var wire = new Wire();
        var lines = wire.Lines();
        var up = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        wire.Peer.Sends("A\r\n");
        Assert.That(up.Error, Is.InstanceOf<InvalidOperationException>().With.Message.Contains("has a reader"));
        Assert.That((lines.ToString(), wire.Peer.Story), Is.EqualTo(("A", "")));
    }

    [Test]
    public void It_changes_nothing_while_another_is_under_way()
    {
        var wire = new Wire();
        var up = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        Assert.That(wire.Watch(c => c.Upgrade(XorLayer.Of(Ours))).Error, Is.InstanceOf<InvalidOperationException>().With.Message.Contains("is being upgraded"));
        wire.Peer.Sends(XorLayer.Opening(Theirs, ""));
        Assert.That(up.ToString(), Is.EqualTo("() |"));
    }

    [Test]
    public void It_is_refused_after_the_end_of_the_output()
    {
        var wire = new Wire().Do(static c => c.OnCompleted());
        Assert.That(wire.Watch(c => c.Upgrade(XorLayer.Of(Ours))).Error, Is.InstanceOf<InvalidOperationException>().With.Message.Contains("OnCompleted"));
    }

    [Test]
    public void It_is_refused_after_the_end_of_the_input()
    {
        var wire = new Wire();
        wire.Lines();
        wire.Peer.Ends();
        Assert.That(wire.Watch(c => c.Upgrade(XorLayer.Of(Ours))).ToString(), Is.EqualTo("#EndOfStreamException"));
    }

    [Test]
    public void It_is_refused_when_the_connection_is_over()
    {
        var (disposed, reset) = (new Wire().Do(static c => c.Dispose()), new Wire());
        reset.Peer.Resets();
        reset.Passes(1);
        Assert.That(disposed.Watch(c => c.Upgrade(XorLayer.Of(Ours))).Error!.InnerException, Is.InstanceOf<ObjectDisposedException>());
        Assert.That(reset.Watch(c => c.Upgrade(XorLayer.Of(Ours))).Error!.InnerException, Is.InstanceOf<ConnectionException>());
    }

    [Test]
    public void What_it_is_called_with_wrongly_is_thrown()
    {
        var wire = new Wire();
        Assert.That(() => wire.Connection.Upgrade(null!), Throws.ArgumentNullException);
        Assert.That(() => ConnectionLayers.Upgrade(null!, XorLayer.Of(Ours)), Throws.ArgumentNullException);
        Assert.That(static () => ConnectionLayers.Feature<XorKey>(null!), Throws.ArgumentNullException);
        Assert.That(() => wire.Connection.Upgrade(XorLayer.Of(Ours), (UnreadInput)9), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_layer_that_cannot_be_made_ends_the_connection()
    {
        var (throwing, missing) = (new Wire(), new Wire());
        Assert.That(throwing.Watch(static c => c.Upgrade(static (_, _) => throw new NotSupportedException())).ToString(), Is.EqualTo("#NotSupportedException"));
        Assert.That(missing.Watch(static c => c.Upgrade(static (_, _) => null!)).ToString(), Is.EqualTo("#InvalidOperationException"));
        Assert.That((throwing.Peer.Story, missing.Peer.Story), Is.EqualTo(("#", "#")));
    }

    [Test]
    public void A_layer_without_a_handshake_is_there_at_once()
    {
        var wire = new Wire();
        var wiretap = new Wiretap();
        var up = wire.Watch(c => c.Upgrade(wiretap.Tap));
        var lines = wire.Lines();
        wire.Sends("A\r\n").Peer.Sends("B\r\n").Ends();
        Assert.That((up.ToString(), lines.ToString(), wire.Peer.Story), Is.EqualTo(("() |", "B |", "A ")));
        Assert.That(wiretap.Tapes.Single().Tx, Does.Contain("'A\\r\\n'"));
    }

    [Test]
    public void Layers_lie_on_each_other_and_know_what_those_below_know()
    {
        var wire = new Wire();
        Assert.That(wire.Connection.Feature<XorKey>(), Is.Null);
        var first = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        wire.Peer.Sends(XorLayer.Opening(Theirs, ""));
        var second = wire.Watch(c => c.Upgrade(new Wiretap().Tap));
        var third = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        wire.Peer.Sends(XorLayer.Bytes(Theirs, Encoding.Latin1.GetString(XorLayer.Opening(1, "A\r\n"))));
        Assert.That((first.ToString(), second.ToString(), third.ToString(), wire.Lines().ToString()), Is.EqualTo(("() |", "() |", "() |", "A")));
        Assert.That(wire.Connection.Feature<XorKey>(), Is.EqualTo(new XorKey(1)));
        Assert.That(wire.Connection.Feature<VirtualTransport>(), Is.SameAs(wire.Transport));
    }

    [Test]
    public void Ends_pass_through_it()
    {
        var wire = Upgraded();
        var lines = wire.Lines();
        wire.Sends("A\r\n").Do(static c => c.OnCompleted()).Peer.Sends(XorLayer.Bytes(Theirs, "B\r\n")).Ends();
        Assert.That((lines.ToString(), wire.Peer.HasEnded, wire.Connection.Closed.IsCancellationRequested), Is.EqualTo(("B |", true, true)));
        Assert.That(wire.World.Trouble, Is.Empty);
    }

    [Test]
    public void So_do_resets()
    {
        var (theirs, ours) = (Upgraded(), Upgraded());
        var lines = theirs.Lines();
        theirs.Peer.Sends(XorLayer.Bytes(Theirs, "B\r\n")).Resets();
        ours.Do(static c => c.Abort());
        Assert.That((lines.ToString(), ours.Peer.IsReset), Is.EqualTo(("B #ConnectionException", true)));
    }

    [Test]
    public void It_ends_with_a_connection_that_is_given_up()
    {
        var wire = new Wire();
        var up = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        wire.Do(static c => c.Dispose());
        Assert.That(up.ToString(), Is.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void It_ends_with_its_hub()
    {
        var wire = new Wire();
        var up = wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        wire.Hub.Dispose();
        Assert.That((up.IsOver, Story.Of(wire.Connection.Upgrade(XorLayer.Of(Ours))).ToString()), Is.EqualTo((true, "#ObjectDisposedException")));
    }

    [Test]
    public void What_an_observer_throws_is_reported_and_harms_nothing()
    {
        var wire = new Wire();
        wire.Do(static c => c.Upgrade(XorLayer.Of(Ours)).Subscribe(static _ => throw new NotSupportedException()));
        var lines = wire.Lines();
        wire.Peer.Sends(XorLayer.Opening(Theirs, "A\r\n"));
        Assert.That((wire.World.Trouble, lines.ToString()), Is.EqualTo(("NotSupportedException", "A")));
    }

    [Test]
    public void A_service_keeps_the_place_the_limits_and_the_handler()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static async c =>
        {
            await c.Read(Line);
            await c.Upgrade(XorLayer.Of(Ours));
            while (true)
            {
                c.OnNext(await c.Read(Line));
            }
        }, new() { MaxConnections = 1, IdleTimeout = TimeSpan.FromSeconds(10) }));
        var (first, second) = (world.Dials(7).Sends("START\r\n"), world.Dials(7).Sends("START\r\n"));
        first.Sends(XorLayer.Opening(Theirs, "A\r\n"));
        Assert.That((first.Received, second.Received, service.Counts.Open), Is.EqualTo((Opening("A\r\n"), "", 1)));
        world.Passes(15);
        Assert.That((first.HasEnded, service.Counts.Ended(ServiceLimit.IdleTimeout)), Is.EqualTo((true, 1L)));
        Assert.That(second.Received, Is.EqualTo($"X{(char)Ours}"));
    }

    [TestCase("A ", false)]
    [TestCase("", true)]
    public void A_layer_from_the_beginning_opens_or_ends_the_connection(string story, bool isPlain)
    {
        using var world = new World();
        Story<ReadOnlyMemory<byte>>? lines = null;
        world.Starts(new TcpService(7, async c =>
        {
            lines = Story.Of(c.UntilEol());
            await c.Send("B\r\n".ToBytes());
            await world.Hub.Sleep(TimeSpan.FromSeconds(1));
        }, new() { Layer = (below, hub) => new XorLayer(below, hub, Ours) }));
        var peer = world.Dials(7).Sends(isPlain ? "A\r\n"u8.ToArray() : XorLayer.Opening(Theirs, "A\r\n"));
        Assert.That((lines?.ToString() ?? "", peer.Received), Is.EqualTo((story.Trim(), isPlain ? $"X{(char)Ours}" : Opening("B\r\n"))));
        Assert.That((world.Trouble, peer.HasEnded), Is.EqualTo((isPlain ? "ProtocolException" : "", isPlain)));
    }

    private static string Opening(string text) => Encoding.Latin1.GetString(XorLayer.Opening(Ours, text));

    private static ReadOnlySequence<byte> Read(Wire wire, PipeReader pipe)
    {
        var reading = pipe.ReadAsync();
        wire.Passes(1);
        return reading.Result.Buffer;
    }

    private static Wire Upgraded()
    {
        var wire = new Wire();
        wire.Watch(c => c.Upgrade(XorLayer.Of(Ours)));
        wire.Peer.Sends(XorLayer.Opening(Theirs, ""));
        return wire;
    }
}
