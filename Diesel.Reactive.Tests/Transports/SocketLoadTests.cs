using System.Net.Sockets;
using System.Security.Cryptography;

namespace Diesel.Reactive.Tests;

/// <summary>Much, and many.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SocketLoadTests(Func<Hub> newHub)
{
    private const int MiB = 1 << 20;

    private Live _live = null!;

    /// <summary>A gigabyte instead of 64 MiB where the environment asks for it.</summary>
    private static long Much => Live.IsSoak ? 1024L * MiB : 64 * MiB;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void Much_goes_both_ways_unharmed()
    {
        var service = _live.Starts(new TcpService(0, static c => c));
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = _live.Run(async () =>
        {
            using var connection = await Tcp.Connect("127.0.0.1", service.Port);
            var back = connection.Do(chunk => received.AppendData(chunk.Span)).Aggregate(0L, static (n, chunk) => n + chunk.Length).PublishLast();
            using var reading = back.Connect();
            var random = new Random(7);
            for (var left = Much; left > 0;)
            {
                var chunk = new byte[Math.Min(left, random.Next(1, 256 * 1024))];
                random.NextBytes(chunk);
                sent.AppendData(chunk);
                left -= chunk.Length;
                await connection.Send(chunk);
            }

            connection.OnCompleted();
            return await back;
        });
        Assert.That((count, received.GetHashAndReset()), Is.EqualTo((Much, sent.GetHashAndReset())));
    }

    [Test]
    public void A_peer_that_does_not_read_its_echo_is_bounded_and_gets_it_all_when_it_reads()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (most, growth, echoed) = (0L, 0L, 0L);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = _live.Starts(new TcpService(0, c =>
        {
            c.Writable.Where(static w => !w).Subscribe(_ => full.TrySetResult());
            return c.Do(_ => most = Math.Max(most, c.PendingBytes));
        }));
        using var peer = new RawPeer(service.EndPoint);
        var sending = peer.SendsAll(Much);
        _live.Await(full.Task);
        growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        var ended = sending.ContinueWith(_ => peer.Ends(), TaskScheduler.Default);
        echoed = Drain(peer.Socket);
        _live.Await(ended);
        Assert.That((_live.Await(sending), echoed), Is.EqualTo((Much, Much)));
        Assert.That(most, Is.LessThan(256 * 1024));
        Assert.That(growth, Is.LessThan(8 * MiB));
    }

    [Test]
    public void A_line_of_100_MiB_is_refused_at_its_limit_while_others_are_answered()
    {
        var service = _live.Starts(new TcpService(0, static c => c.UntilEol()));
        using var good = new RawPeer(service.EndPoint);
        using var bad = new RawPeer(service.EndPoint);
        var sending = bad.SendsAll(100 * MiB);
        var refused = _live.Await(_live.Errors.FirstAsync());
        Assert.That(refused.Exception, Is.InstanceOf<FrameTooLongException>().With.Property("Limit").EqualTo(64 * 1024));
        Assert.That(good.Sends("A\r\n").Reads(3), Is.EqualTo("A\r\n"));
        Assert.That(bad.ReadsToEnd().Text, Is.Empty);
        bad.Dispose();
        _live.Await(sending);
    }

    [Test]
    public void Idle_connections_hold_no_buffers()
    {
        const int Count = 500;
        var service = _live.Starts(new TcpService(0, static c => c.UntilEol(), new() { Socket = new() { Backlog = 1000 } }));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peers = Enumerable.Range(0, Count).Select(_ => new RawPeer(service.EndPoint).Sends("A\r\n")).ToList();
        peers.ForEach(static peer => peer.Reads(3));
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        peers.ForEach(static peer => peer.Dispose());
        Assert.That(each, Is.LessThan(8 * 1024));
    }

    private static long Drain(Socket socket)
    {
        var (bytes, total) = (new byte[256 * 1024], 0L);
        while (socket.Receive(bytes) is > 0 and var n)
        {
            total += n;
        }

        return total;
    }
}
