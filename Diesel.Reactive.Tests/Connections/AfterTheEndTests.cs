namespace Diesel.Reactive.Tests;

public class AfterTheEndTests
{
    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol(maxLength: 4);

    [Test]
    public void Repeating_a_reading_ends_with_the_input()
    {
        var wire = new Wire();
        var lines = wire.Watch(c => c.Read(Line).Repeat());
        wire.Peer.Sends("A\r\n").Ends();
        Assert.That(lines.ToString(), Is.EqualTo("A #EndOfStreamException"));
    }

    [Test]
    public void Repeating_a_stream_ends_with_the_input()
    {
        var wire = new Wire();
        var lines = wire.Watch(c => c.Decode(Line).Repeat());
        wire.Peer.Sends("A\r\n").Ends();
        Assert.That(lines.ToString(), Is.EqualTo("A #EndOfStreamException"));
    }

    [Test]
    public void Retrying_for_ever_gives_way_each_time()
    {
        var wire = new Wire();
        var (retries, passed) = (0, false);
        wire.Do(c => c.Read(Line).Do(_ => { }, _ => retries++).Retry().Subscribe());
        wire.Peer.Sends("too long\r\n");
        wire.Hub.Sleep(TimeSpan.FromMilliseconds(0.01)).Subscribe(_ => passed = true);
        wire.Passes(0.00001);
        wire.Do(c => c.Dispose());
        Assert.That((retries > 2, passed), Is.EqualTo((true, true)));
    }

    [Test]
    public void A_peer_that_sent_one_byte_holds_no_slab()
    {
        var slab = new byte[64 * 1024];
        var buffer = new FrameBuffer();
        buffer.Append(slab.AsMemory(100, 1));
        buffer.LetGoOfLargeArray();
        buffer.Append("\r\n"u8.ToArray());
        buffer.TryShowMore(0);
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(buffer.Shown, out var held);
        Assert.That((held.Array!.Length, buffer.Shown.ToArray()), Is.EqualTo((64, new byte[] { 0, 13, 10 })));
    }
}
