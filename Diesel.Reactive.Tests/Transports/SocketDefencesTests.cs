using System.Diagnostics;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Peers that want time, memory and descriptors for nothing, over real sockets.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SocketDefencesTests(Func<Hub> newHub)
{
    private const int MiB = 1 << 20;

    private static readonly ServiceLimit[] Limits = [ServiceLimit.FirstByteTimeout, ServiceLimit.FrameTimeout, ServiceLimit.MinimumWriteRate];

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void A_flood_of_a_disposed_connection_is_read_slowly_and_allocates_nothing()
    {
        var service = _live.Starts(new TcpService(0, static _ => Observable.Return("bye\r\n".ToBytes()), new() { CloseTimeout = TimeSpan.FromSeconds(1) }));
        using var peer = new RawPeer(service.EndPoint);
        Assert.That(peer.Reads(5), Is.EqualTo("bye\r\n"));
        var before = GC.GetTotalAllocatedBytes();
        var sent = _live.Await(peer.SendsAll(long.MaxValue));
        Assert.That(sent, Is.LessThan(100 * MiB));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(4 * MiB));
    }

    [Test]
    public void An_upload_that_is_refused_hears_why()
    {
        var service = _live.Starts(new TcpService(0, static c => c.Take(1).Select(static _ => "413\r\n".ToBytes())));
        using var peer = new RawPeer(service.EndPoint);
        var sent = _live.Await(peer.SendsAll(16 * MiB));
        Assert.That((sent, peer.Ends().ReadsToEnd()), Is.EqualTo((16L * MiB, ("413\r\n", (SocketError?)null))));
    }

    [Test]
    public void A_crowd_of_hostile_peers_is_gone_in_time_and_a_good_one_is_answered_meanwhile()
    {
        // A soak takes the preset as it is, and a second from byte to byte; otherwise all that is thirty times as fast.
        var (many, some, pace) = Live.IsSoak ? (2000, 100, TimeSpan.FromSeconds(1)) : (40, 4, TimeSpan.FromSeconds(1) / 30);
        ReadOnlyMemory<byte> much = new byte[8 * MiB];
        var service = _live.Starts(new TcpService(0, c => c.UntilEol().Select(line => line.Length > 10 ? much : line), TcpServiceOptions.Public with
        {
            MaxConnectionsPerAddress = null,
            MaxPendingOutput = long.MaxValue,
            FirstByteTimeout = pace * 30,
            FrameTimeout = pace * 30,
            MinimumRateGrace = Live.IsSoak ? TcpServiceOptions.Public.MinimumRateGrace : TimeSpan.FromSeconds(1),
            Socket = new() { Backlog = 2000 },
        }));
        using var good = new RawPeer(service.EndPoint);
        var (silent, dribbling, slow) = (Crowd(many), Crowd(many), Crowd(some));
        slow.ForEach(static peer => peer.Sends("much, please\r\n"));
        long[] ended = [];
        using var never = new ManualResetEventSlim();
        for (var began = Stopwatch.StartNew(); ended.Sum() < (2 * many) + some && began.Elapsed < Live.Patience;)
        {
            Assert.That(good.Sends("A\r\n").Reads(3), Is.EqualTo("A\r\n"));
            dribbling.ForEach(static peer => peer.Socket.Send("x"u8, SocketFlags.None, out _));
            slow.ForEach(static peer => peer.Socket.Receive(new byte[1], SocketFlags.None, out _));
            ended = _live.Do(() => Limits.Select(service.Counts.Ended).ToArray());
            never.Wait(pace);
        }

        Assert.That(ended, Is.EqualTo(new long[] { many, many, some }));
        foreach (var peer in silent.Concat(dribbling).Concat(slow))
        {
            peer.Dispose();
        }

        List<RawPeer> Crowd(int count) => [.. Enumerable.Range(0, count).Select(_ => new RawPeer(service.EndPoint))];
    }

    [Test]
    [Platform("Linux")]
    public void Connections_that_are_closed_leave_no_memory_and_no_descriptor()
    {
        var service = _live.Starts(new TcpService(0, static c => c.UntilEol(), TcpServiceOptions.Public));
        Churn(service, 100);
        var (memory, descriptors) = (GC.GetTotalMemory(forceFullCollection: true), Descriptors());
        Churn(service, Live.IsSoak ? 10_000 : 500);
        Assert.That(Descriptors(), Is.LessThanOrEqualTo(descriptors + 5));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - memory, Is.LessThan(MiB));
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    // Until the service has let go of the last of them.
    private void Churn(TcpService service, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var peer = new RawPeer(service.EndPoint);
            peer.Sends("A\r\n").Reads(3);
        }

        SpinWait.SpinUntil(() => _live.Do(() => service.Counts.Open + service.Counts.Lingering) == 0, Live.Patience);
    }
}
