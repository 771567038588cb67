namespace Diesel.Reactive.Tests;

/// <summary>What long frames cost, over real sockets, for every event loop.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class LongFrameTests(Func<Hub> newHub)
{
    private const int MiB = 1 << 20;
    private const int Some = 32;

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void A_byte_of_a_frame_of_a_MiB_costs_a_byte()
    {
        var framing = Framing.LengthPrefixed(maxLength: MiB);
        Assert.That(CostOf(framing, static peer => SendFrames(peer)), Is.LessThan(1.1));
    }

    [Test]
    public void Of_a_grammar_as_well()
    {
        var framing = Framing.Bytes(4).SelectMany(static _ => Framing.Bytes(MiB)).Select(static body => body);
        Assert.That(CostOf(framing, static peer => SendFrames(peer)), Is.LessThan(1.1));
    }

    [Test]
    public void Bodies_and_frames_hold_the_bytes_that_were_sent()
    {
        var (connection, peer) = _live.Wire();
        var bytes = new byte[3 * MiB];
        new Random(1).NextBytes(bytes);
        var sending = Task.Run(() => peer.Socket.Send(bytes));
        var received = _live.Run(async () =>
        {
            var all = new MemoryStream();
            await connection.Body(MiB / 2).Do(chunk => all.Write(chunk.Span));
            all.Write((await connection.Read(Framing.Bytes(MiB))).Span);
            all.Write((await connection.ReadSome(10)).Span);
            while (all.Length < bytes.Length && await connection.Input.More())
            {
                foreach (var segment in connection.Input.Peek())
                {
                    all.Write(segment.Span);
                }

                connection.Input.Advance(connection.Input.Peek().Length);
            }

            return all.ToArray();
        });
        Assert.That(received.AsSpan().SequenceEqual(bytes), Is.True);
    }

    private static void SendFrames(RawPeer peer)
    {
        byte[] frame = [0, 0x10, 0, 0, .. new byte[MiB]];
        for (var i = 0; i < 2 * Some; i++)
        {
            peer.Socket.Send(frame);
        }
    }

    // On the hub's thread: what receives, decodes and keeps.
    private double CostOf(Framing<ReadOnlyMemory<byte>> framing, Action<RawPeer> sends)
    {
        var (connection, peer) = _live.Wire();
        var sending = Task.Factory.StartNew(() => sends(peer), TaskCreationOptions.LongRunning);
        var allocated = _live.Run(async () =>
        {
            var before = 0L;
            for (var i = 0; i < 2 * Some; i++)
            {
                before = i == Some ? GC.GetAllocatedBytesForCurrentThread() : before;
                Assert.That((await connection.Read(framing)).Length, Is.EqualTo(MiB));
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        _live.Await(sending);
        return (double)allocated / (Some * (MiB + 4L));
    }
}
