using System.IO.Pipelines;

namespace Diesel.Reactive.Tests;

public class PipeWriterTests
{
    private const int KiB = 1024;

    [Test]
    public void Sends_at_each_flush_and_no_sooner()
    {
        var (wire, writer) = Wired();
        Write(writer, "a");
        Write(writer, "b");
        wire.Passes(1);
        Assert.That((wire.Peer.Received, writer.UnflushedBytes), Is.EqualTo(("", 2L)));
        Assert.That(Flushed(writer.FlushAsync()), Is.EqualTo("flushed"));
        wire.Passes(1);
        Assert.That((wire.Peer.Received, writer.UnflushedBytes), Is.EqualTo(("ab", 0L)));
    }

    [Test]
    public void Memory_is_as_large_as_asked_for_and_keeps_the_order()
    {
        var (wire, writer) = Wired();
        Write(writer, "a");
        Write(writer, new string('b', 10_000));
        Write(writer, "c");
        Flushed(writer.FlushAsync());
        wire.Passes(1);
        Assert.That(wire.Peer.Received, Is.EqualTo($"a{new string('b', 10_000)}c"));
    }

    [Test]
    public void A_flush_waits_for_a_peer_that_does_not_read()
    {
        var (wire, writer) = Wired();
        wire.World.Network.Conditions = new() { Window = 10 * KiB };
        wire.Peer.StopsReading();
        Write(writer, new string('x', 60 * KiB));
        Assert.That(Flushed(writer.FlushAsync()), Is.EqualTo("flushed"));
        Write(writer, new string('x', 60 * KiB));
        var flush = writer.FlushAsync();
        wire.Passes(1);
        Assert.That(flush.IsCompleted, Is.False);
        Assert.That(() => writer.FlushAsync(), Throws.InvalidOperationException);
        wire.Peer.ReadsOn();
        wire.Passes(1);
        Assert.That((Flushed(flush), wire.Peer.Received.Length), Is.EqualTo(("flushed", 120 * KiB)));
    }

    [Test]
    public void A_waiting_flush_is_cancelled_and_what_was_flushed_is_sent_all_the_same([Values] bool byToken)
    {
        var (wire, writer) = Wired();
        wire.World.Network.Conditions = new() { Window = 10 * KiB };
        wire.Peer.StopsReading();
        using var source = new CancellationTokenSource();
        Write(writer, new string('x', 100 * KiB));
        var flush = writer.FlushAsync(source.Token);
        if (byToken)
        {
            source.Cancel();
        }
        else
        {
            writer.CancelPendingFlush();
        }

        Assert.That(Flushed(flush), Is.EqualTo(byToken ? "OperationCanceledException" : "canceled"));
        wire.Peer.ReadsOn();
        wire.Passes(1);
        Assert.That((Flushed(writer.FlushAsync()), wire.Peer.Received.Length), Is.EqualTo(("flushed", 100 * KiB)));
    }

    [Test]
    public async Task Of_a_write_whose_wait_is_cancelled_nothing_is_lost()
    {
        var (wire, writer) = Wired();
        wire.World.Network.Conditions = new() { Window = 10 * KiB };
        wire.Peer.StopsReading();
        var write = writer.WriteAsync(new byte[300 * KiB]);
        wire.Passes(1);
        writer.CancelPendingFlush();
        Assert.That((await write).IsCanceled, Is.True);
        wire.Peer.ReadsOn();
        var flush = writer.FlushAsync();
        wire.Passes(10);
        Assert.That((Flushed(flush), wire.Peer.Received.Length), Is.EqualTo(("flushed", 300 * KiB)));
    }

    [Test]
    public void A_cancel_that_comes_first_is_the_next_flushs()
    {
        var (_, writer) = Wired();
        writer.CancelPendingFlush();
        Assert.That((Flushed(writer.FlushAsync()), Flushed(writer.FlushAsync())), Is.EqualTo(("canceled", "flushed")));
        Assert.That(Flushed(writer.FlushAsync(new CancellationToken(canceled: true))), Is.EqualTo("TaskCanceledException"));
    }

    [Test]
    public void Completed_it_sends_what_is_left_and_half_closes()
    {
        var (wire, writer) = Wired();
        var lines = wire.Lines();
        Write(writer, "a");
        writer.Complete();
        writer.Complete();
        wire.Passes(1);
        wire.Peer.Sends("b\r\n").Ends();
        Assert.That((wire.Peer.Story, lines.ToString()), Is.EqualTo(("a|", "b |")));
        Assert.That(() => writer.GetMemory(), Throws.InvalidOperationException);
    }

    [Test]
    public void Completed_with_an_error_it_resets()
    {
        var (wire, writer) = Wired();
        Write(writer, "a");
        writer.Complete(new NotSupportedException());
        wire.Passes(1);
        Assert.That((wire.Peer.IsReset, wire.World.Trouble), Is.EqualTo((true, "NotSupportedException")));
    }

    [Test]
    public void A_flush_tells_that_the_connection_is_lost([Values] bool whileItWaits)
    {
        var (wire, writer) = Wired();
        wire.World.Network.Conditions = new() { Window = 10 * KiB };
        wire.Peer.StopsReading();
        Write(writer, new string('x', (whileItWaits ? 100 : 20) * KiB));
        var flush = writer.FlushAsync();
        wire.Passes(1);
        wire.Peer.Resets();
        wire.Passes(1);
        Assert.That(Flushed(whileItWaits ? flush : writer.FlushAsync()), Is.EqualTo("ConnectionException"));
    }

    [Test]
    public void A_write_of_any_size_waits_in_between()
    {
        var wire = new Wire(new() { MaxPendingBytes = 200 * KiB });
        var writer = wire.Connection.AsPipe().Output;
        wire.World.Network.Conditions = new() { Window = 10 * KiB };
        wire.Peer.StopsReading();
        _ = writer.WriteAsync(new byte[1000 * KiB]).IsCompleted;
        wire.Passes(1);
        Assert.That((wire.Connection.PendingBytes, wire.World.Trouble), Is.EqualTo((118L * KiB, "")));
    }

    [Test]
    public void It_is_advanced_over_what_was_given_only()
    {
        var (_, writer) = Wired();
        Assert.That(() => writer.Advance(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        var length = writer.GetMemory().Length;
        Assert.That(() => writer.Advance(length + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => writer.Advance(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => writer.GetMemory(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static (Wire Wire, PipeWriter Writer) Wired()
    {
        var wire = new Wire();
        return (wire, wire.Connection.AsPipe().Output);
    }

    private static void Write(PipeWriter writer, string text)
    {
        text.ToBytes().CopyTo(writer.GetMemory(text.Length));
        writer.Advance(text.Length);
    }

    private static string Flushed(ValueTask<FlushResult> flush)
    {
        Assert.That(flush.IsCompleted);
        try
        {
            return flush.GetAwaiter().GetResult().IsCanceled ? "canceled" : "flushed";
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }
}
