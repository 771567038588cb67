namespace Diesel.Reactive.Tests;

/// <summary><see cref="Connection.Room"/>.</summary>
public class OutputRoomTests
{
    private static readonly TcpConnectOptions Marks = new() { HighWaterMark = 100, LowWaterMark = 50 };

    [Test]
    public void There_is_room_at_once_below_the_high_mark()
    {
        var wire = Full(100);
        Assert.That(wire.Watch(static c => c.Room()).ToString(), Is.EqualTo("() |"));
    }

    [Test]
    public void Above_it_there_is_room_when_it_is_below_the_low_one()
    {
        var wire = Full(101);
        var room = wire.Watch(static c => c.Room());
        Assert.That(room.ToString(), Is.Empty);
        Reads(wire, 51);
        Assert.That((room.ToString(), wire.Connection.PendingBytes), Is.EqualTo(("", 50)));
        Reads(wire, 1);
        Assert.That(room.ToString(), Is.EqualTo("() |"));
    }

    [Test]
    public void Taken_at_once_it_allocates_nothing()
    {
        var (wire, allocated) = (new Wire(), long.MaxValue);
        wire.Converses(async c =>
        {
            await c.Room();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                await c.Room();
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void A_producer_goes_at_the_peers_pace()
    {
        var wire = Full(0);
        var written = 0;
        wire.Converses(async c =>
        {
            for (; written < 100; written++)
            {
                await c.Room();
                c.Output.GetSpan(10)[..10].Fill((byte)'x');
                c.Output.Advance(10);
            }
        });
        Assert.That(written, Is.EqualTo(11));
        wire.Peer.ReadsOn();
        wire.Passes(10);
        Assert.That((written, wire.Peer.Received.Length), Is.EqualTo((100, 1001)));
    }

    [Test]
    public void Those_who_wait_go_on_in_turn_as_long_as_there_is_room()
    {
        var wire = Full(101);
        var told = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var number = i;
            wire.Converses(async c =>
            {
                await c.Room();
                told.Add(number);
                c.OnNext(new byte[60]);
            });
        }

        Reads(wire, 52);
        Assert.That(told, Is.EqualTo(new[] { 0 }));
        Reads(wire, 61);
        Assert.That(told, Is.EqualTo(new[] { 0, 1 }));
        wire.Peer.ReadsOn();
        wire.Passes(10);
        Assert.That(told, Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
    }

    [Test]
    public void Whoever_leaves_is_not_told()
    {
        var wire = Full(101);
        var (one, two) = (wire.Watch(static c => c.Room()), wire.Watch(static c => c.Room()));
        wire.Do(_ => one.Subscription!.Dispose());
        wire.Peer.ReadsOn();
        Assert.That((one.ToString(), two.ToString()), Is.EqualTo(("", "() |")));
    }

    [Test]
    public void It_is_waited_for_from_any_thread()
    {
        var wire = Full(101);
        var story = Story.Of(wire.Connection.Room());
        wire.World.Settle();
        Assert.That(story.ToString(), Is.Empty);
        wire.Peer.ReadsOn();
        Assert.That(story.ToString(), Is.EqualTo("() |"));
        story = Story.Of(wire.Connection.Room());
        wire.World.Settle();
        Assert.That(story.ToString(), Is.EqualTo("() |"));
    }

    [TestCase("aborts", nameof(ConnectionException))]
    [TestCase("resets", nameof(ConnectionException))]
    [TestCase("disposes", nameof(ObjectDisposedException))]
    [TestCase("completes", nameof(InvalidOperationException))]
    public void There_is_none_any_more_when_the_output_ends(string how, string error)
    {
        var wire = Full(101);
        var early = wire.Watch(static c => c.Room());
        Assert.That(early.ToString(), Is.Empty);
        End(wire, how);
        Assert.That((early.ToString(), wire.Watch(static c => c.Room()).ToString()), Is.EqualTo(($"#{error}", $"#{error}")));
    }

    [Test]
    public void When_the_hub_ends_nobody_waits_on()
    {
        var wire = Full(101);
        var early = wire.Watch(static c => c.Room());
        wire.Hub.Dispose();
        wire.World.Settle();
        Assert.That(early.Error, Is.InstanceOf<ConnectionException>());
        Assert.That(Story.Of(wire.Connection.Room()).Error, Is.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void One_who_throws_ends_the_connection_and_keeps_nobody_from_being_told()
    {
        var wire = Full(101);
        wire.Do(static c => c.Room().Subscribe(static _ => throw new FormatException()));
        var other = wire.Watch(static c => c.Room());
        wire.Peer.ReadsOn();
        Assert.That((wire.World.Trouble, other.ToString()), Is.EqualTo((nameof(FormatException), $"#{nameof(ConnectionException)}")));
    }

    private static void End(Wire wire, string how) => wire.Do(c =>
    {
        switch (how)
        {
            case "aborts":
                c.Abort();
                break;
            case "resets":
                wire.Peer.Transport.Abort();
                break;
            case "disposes":
                c.Dispose();
                break;
            default:
                c.OnCompleted();
                break;
        }
    }).Passes(0.1);

    // A window of one byte, and a peer that does not read: so many wait.
    private static Wire Full(int pending)
    {
        var wire = new Wire(Marks);
        wire.World.Network.Conditions = new() { Window = 1, Cut = Diesel.Reactive.Testing.Cut.Bytewise };
        wire.Peer.StopsReading();
        wire.Sends("x").Sends(new string('x', pending));
        Assert.That(wire.Connection.PendingBytes, Is.EqualTo(pending));
        return wire;
    }

    private static void Reads(Wire wire, int count)
    {
        for (var i = 0; i < count; i++)
        {
            wire.Peer.ReadsOne();
            wire.World.Settle();
        }
    }
}
