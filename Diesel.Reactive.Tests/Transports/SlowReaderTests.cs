using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>What the kernel still holds counts: a peer that reads steadily, however slowly, is neither late nor idle, and neither is
/// one whose bytes this side had no turn to read.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SlowReaderTests(Func<Hub> newHub)
{
    // Read slowly it takes some four seconds: longer than any limit here, each of which is long enough for a machine that is busy.
    private const int Reply = 5_000_000;

    // Bytes per second, and how many bytes: some seconds of each speed, in a soak 6 MiB.
    private static readonly (int Rate, int Count)[] Transfers = [.. (Live.IsSoak ? [100_000, 300_000, 1_000_000, 2_000_000] : new[] { 100_000, 2_000_000 })
        .Select(static rate => (rate, Live.IsSoak ? 6 << 20 : rate * 2))];

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void A_close_waits_as_long_as_bytes_leave()
    {
        var options = new TcpServiceOptions { CloseTimeout = TimeSpan.FromSeconds(1.5) };
        using var peer = Dials(new TcpService(0, static _ => Observable.Return<ReadOnlyMemory<byte>>(new byte[Reply]), options));
        Assert.That(ReadSlowly(peer), Is.EqualTo((Reply, (SocketError?)null)));
    }

    [Test]
    public void All_that_anybody_sends_arrives_and_then_a_FIN()
    {
        var transfers = Transfers.SelectMany(transfer =>
        {
            var bytes = Tale.Bytes(0, transfer.Count);
            return Senders.All.Select(async sender =>
            {
                using var peer = sender.Value(_live.Hub, bytes);
                var told = await peer.Reads(transfer.Rate);
                return told == $"{transfer.Count} |" ? "" : $"{sender.Key}, {transfer.Count} bytes at {transfer.Rate} bytes/s: {told}\n";
            });
        }).ToArray();
        Assert.That(string.Concat(_live.Await(Task.WhenAll(transfers))), Is.Empty);
    }

    [Test]
    public void A_transfer_is_not_idle()
    {
        var options = new TcpServiceOptions { IdleTimeout = TimeSpan.FromSeconds(1.5) };
        using var peer = Dials(new TcpService(0, static c => Observable.Return<ReadOnlyMemory<byte>>(new byte[Reply]).Concat(c.UntilEol()), options));
        Assert.That(ReadSlowly(peer, Reply), Is.EqualTo((Reply, (SocketError?)null)));
        Assert.That(peer.Sends("A\r\n").Reads(3), Is.EqualTo("A\r\n"));
    }

    [Test]
    public void What_came_in_the_course_of_a_long_turn_is_read_before_a_deadline_strikes()
    {
        using var peer = Dials(new TcpService(0, static c => c.UntilEol(), new() { IdleTimeout = TimeSpan.FromSeconds(1) }));
        peer.Sends("A\r\n").Reads(3);
        using var never = new ManualResetEventSlim();
        never.Wait(TimeSpan.FromSeconds(0.3));
        Blocks(TimeSpan.FromSeconds(2), () => peer.Sends("B\r\n"));
        Assert.That(peer.Reads(3), Is.EqualTo("B\r\n"));
    }

    [Test]
    public void What_came_in_the_course_of_a_long_turn_is_read_before_a_timeout_of_the_handlers_own()
    {
        using var peer = Dials(new TcpService(0, static c => c.UntilEol().Take(1).Concat(
            Observable.Defer(() => c.Read(Framing.UntilEol()).Timeout(TimeSpan.FromSeconds(0.5))))));
        peer.Sends("A\r\n").Reads(3);
        Blocks(TimeSpan.FromSeconds(1), () => peer.Sends("B\r\n"));
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("B\r\n", (SocketError?)null)));
    }

    // A turn that takes so long, in the course of which something is done.
    private void Blocks(TimeSpan time, Action meanwhile)
    {
        using var blocked = new ManualResetEventSlim();
        using var never = new ManualResetEventSlim();
        var blocking = Task.Run(() => _live.Do(() =>
        {
            blocked.Set();

            // Without the hub's context nothing keeps user code from blocking.
            SynchronizationContext.SetSynchronizationContext(null);
            never.Wait(time);
        }));
        blocked.Wait();
        meanwhile();
        _live.Await(blocking);
    }

    // A small receive buffer, so that the bytes wait on the other side.
    private RawPeer Dials(TcpService service)
    {
        var endPoint = _live.Starts(service).EndPoint;
        return new RawPeer(endPoint, receiveBuffer: 16 * 1024);
    }

    private static (int Count, SocketError? Error) ReadSlowly(RawPeer peer, int most = int.MaxValue)
    {
        using var never = new ManualResetEventSlim();
        var (bytes, total) = (new byte[20_000], 0);
        while (true)
        {
            never.Wait(TimeSpan.FromMilliseconds(15));
            var count = peer.Socket.Receive(bytes, SocketFlags.None, out var error);
            if (count == 0)
            {
                return (total, error == SocketError.Success ? null : error);
            }

            total += count;
            if (total >= most)
            {
                return (total, null);
            }
        }
    }
}
