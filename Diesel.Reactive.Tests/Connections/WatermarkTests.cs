using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class WatermarkTests
{
    private const int KiB = 1024;

    [Test]
    public void Replies_above_the_high_mark_hold_the_input_until_below_the_low_one()
    {
        var wire = Echo(out var peer);
        peer.StopsReading().Sends(Lines(300 * KiB));
        Assert.That(wire.Connection.PendingBytes, Is.InRange(64 * KiB, 64 * KiB + 8 * KiB));
        Assert.That(wire.Transport.Unread + peer.Unsent, Is.GreaterThan(160 * KiB));
        peer.ReadsOn();
        wire.Passes(1);
        Assert.That((peer.Received.Length, wire.Connection.PendingBytes), Is.EqualTo((300 * KiB, 0)));
    }

    [Test]
    public void A_held_echo_goes_on_only_below_the_low_mark()
    {
        var wire = new Wire(new() { HighWaterMark = 100, LowWaterMark = 50 });
        wire.World.Network.Conditions = new() { Window = 10 };
        var pending = new List<long>();
        wire.Do(c => c.UntilEol().Do(_ => pending.Add(c.PendingBytes)).Subscribe(c));
        wire.Peer.StopsReading().Sends(string.Concat(Enumerable.Repeat("12345678\r\n", 40)));
        var before = pending.Count;
        wire.Peer.ReadsOn();
        Assert.That((pending[before - 1], pending[before], wire.Peer.Received.Length), Is.EqualTo((100, 40, 400)));
    }

    [Test]
    public void Writable_is_not_told_when_what_goes_on_has_filled_the_output_again()
    {
        var wire = new Wire(new() { HighWaterMark = 100, LowWaterMark = 50 });
        wire.World.Network.Conditions = new() { Window = 10 };
        var pending = new List<long>();
        wire.Do(static c => c.UntilEol().Subscribe(_ => c.OnNext(new byte[1000])));
        wire.Do(c => c.Writable.Where(static isWritable => isWritable).Subscribe(_ => pending.Add(c.PendingBytes)));
        wire.Peer.StopsReading().Sends("A\r\nB\r\n").ReadsOn();
        wire.Passes(10);
        Assert.That((pending.Max() < 50, wire.Peer.Received.Length), Is.EqualTo((true, 2000)));
    }

    [TestCase(64 * KiB, 32 * KiB)]
    [TestCase(1000, 500)]
    [TestCase(1, 1)]
    public void The_low_mark_is_half_of_the_high_one(int high, int low) =>
        Assert.That(new ConnectionOptions { HighWaterMark = high }.LowWaterMark, Is.EqualTo(low));

    [Test]
    public void A_small_high_mark_does_not_make_Writable_flip_with_each_send()
    {
        var wire = new Wire(new() { HighWaterMark = 1000 });
        wire.World.Network.Conditions = new() { Window = 10 };
        wire.Peer.StopsReading();
        var told = wire.Watch(static c => c.Writable);
        for (var i = 0; i < 5; i++)
        {
            wire.Sends(new string('x', 600));
        }

        Assert.That(told.ToString(), Is.EqualTo("True False"));
    }

    [Test]
    public void A_low_mark_above_the_high_one_is_a_mistake_in_whichever_order_they_are_given()
    {
        var good = new TcpServiceOptions { LowWaterMark = 100 * KiB, HighWaterMark = 200 * KiB };
        Assert.That(() => new TcpService(7, static c => c, good), Throws.Nothing);
        foreach (var bad in (TcpServiceOptions[])[new() { LowWaterMark = 100 * KiB }, new() { LowWaterMark = 3, HighWaterMark = 2 }, good with { HighWaterMark = 1 }])
        {
            Assert.That(() => new TcpService(7, static c => c, bad), Throws.ArgumentException.With.Message.Contains("must not be above HighWaterMark"));
            Assert.That(() => Tcp.Listen(new System.Net.IPEndPoint(0, 7), bad), Throws.ArgumentException);
        }

        Assert.That(() => Tcp.Connect("10.0.0.1", 7, new() { LowWaterMark = 100 * KiB }), Throws.ArgumentException);
    }

    [Test]
    public void A_reply_sent_in_part_counts_for_what_is_left_of_it()
    {
        var wire = new Wire();
        wire.World.Network.Conditions = new() { Window = 70 * KiB };
        var lines = wire.Watch(c => c.Read(Framing.UntilEol()).Repeat(2).Do(_ => c.OnNext(new byte[100 * KiB])));
        wire.Peer.StopsReading().Sends("A\r\nB\r\n");
        Assert.That(lines.ToString(), Is.EqualTo("A B |"));
    }

    [Test]
    public void What_a_services_handler_sends_is_a_reply_whatever_it_awaited()
    {
        using var world = new World();
        world.Starts(new TcpService(7, async c =>
        {
            while (true)
            {
                var line = await c.Read(Framing.UntilEol());
                await world.Hub.Sleep(TimeSpan.FromMilliseconds(1));
                c.OnNext(line);
            }
        }));
        var peer = world.Dials(7).StopsReading().Sends(Lines(300 * KiB));
        world.Passes(60);
        Assert.That(peer.Unsent, Is.Positive);
        peer.ReadsOn();
        world.Passes(60);
        Assert.That(peer.Received, Has.Length.EqualTo(300 * KiB));
    }

    [Test]
    public void Output_pushed_from_elsewhere_does_not_hold_the_input()
    {
        var wire = new Wire();
        wire.Peer.StopsReading();
        var lines = wire.Lines();
        wire.Sends(Lines(500 * KiB)).Peer.Sends("A\r\n");
        Assert.That((lines.ToString(), wire.Connection.PendingBytes), Is.EqualTo(("A", 500 * KiB - 64 * KiB)));
    }

    [Test]
    public void Output_pushed_from_elsewhere_does_not_count_for_replies_when_it_is_sent()
    {
        var wire = Echo(out var peer);
        wire.Sends(Lines(300 * KiB)).Passes(1);
        peer.StopsReading().Sends(Lines(300 * KiB));
        Assert.That(wire.Connection.PendingBytes, Is.InRange(64 * KiB, (64 * KiB) + (8 * KiB)));
    }

    [Test]
    public void Output_past_its_bound_aborts_the_connection()
    {
        var wire = new Wire(new() { MaxPendingBytes = 100 * KiB });
        wire.Peer.StopsReading();
        var sends = wire.World.Do(() => new[] { wire.Connection.Send(new byte[90 * KiB]), wire.Connection.Send(new byte[20 * KiB]) });
        var error = (SlowConsumerException)wire.World.Watch(sends[1]).Error!;
        Assert.That((wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo((true, nameof(SlowConsumerException))));
        Assert.That((error.PendingBytes, error.Limit), Is.EqualTo((110L * KiB, 100L * KiB)));
        Assert.That(error.Message, Is.EqualTo(
            "10.0.0.1:7 does not read: 112640 bytes are queued for it and the limit is 102400. Await Send, watch Writable, or raise MaxPendingBytes."));
        Assert.That(wire.World.Watch(sends[0]).Error, Is.SameAs(error));
    }

    [Test]
    public void The_reader_of_an_aborted_slow_consumer_is_told_why()
    {
        var wire = new Wire(new() { MaxPendingBytes = KiB });
        var lines = wire.Lines();
        wire.Peer.StopsReading();
        wire.Sends(Lines(100 * KiB));
        Assert.That(lines.ToString(), Is.EqualTo("#SlowConsumerException"));
    }

    [Test]
    public void Writable_tells_the_present_state_then_each_change()
    {
        var wire = new Wire();
        wire.Peer.StopsReading();
        var writable = wire.Watch(c => c.Writable);
        wire.Sends(Lines(100 * KiB)).Sends(Lines(100 * KiB));
        Assert.That((writable.ToString(), wire.Watch(c => c.Writable).ToString()), Is.EqualTo(("True False", "False")));
        wire.Peer.ReadsOn();
        Assert.That(writable.ToString(), Is.EqualTo("True False True"));
    }

    [Test]
    public void Writable_completes_with_the_connection()
    {
        var wire = new Wire();
        var early = wire.Watch(c => c.Writable);
        wire.Peer.Resets();
        Assert.That((early.ToString(), wire.Watch(c => c.Writable).ToString()), Is.EqualTo(("True |", "|")));
    }

    [Test]
    public void A_reset_reaches_the_reader_though_its_replies_hold_the_input()
    {
        var wire = new Wire();
        var echo = wire.Watch(c => c.UntilEol().Do(c.OnNext));
        wire.Peer.StopsReading().Sends(Lines(300 * KiB)).Resets();
        Assert.That(echo.Error, Is.InstanceOf<ConnectionException>());
    }

    private static Wire Echo(out Peer peer, TcpConnectOptions? options = null)
    {
        var wire = new Wire(options).Do(c => c.UntilEol().Subscribe(c));
        peer = wire.Peer;
        wire.World.Network.Conditions = new() { Window = 64 * KiB, Cut = Cut.Of(static there => Math.Min(there, 4 * KiB)) };
        return wire;
    }

    private static string Lines(int bytes) => string.Concat(Enumerable.Repeat("1234567890ABCD\r\n", bytes / 16));
}
