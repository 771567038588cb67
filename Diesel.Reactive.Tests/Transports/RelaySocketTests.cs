using System.Net.Sockets;
using System.Security.Cryptography;

namespace Diesel.Reactive.Tests;

/// <summary>A proxy between real sockets.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class RelaySocketTests(Func<Hub> newHub)
{
    private const int MiB = 1 << 20;

    private readonly TaskCompletionSource<RelayCounts> _relayed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Live _live = null!;
    private RawPeer _upstream = null!;
    private TcpService _proxy = null!;
    private long _most;

    /// <summary>A gigabyte each way instead of 32 MiB where the environment asks for it.</summary>
    private static long Much => Live.IsSoak ? 1024L * MiB : 32 * MiB;

    [SetUp]
    public void Start()
    {
        _live = new Live(newHub());
        _upstream = new RawPeer();
        _proxy = _live.Starts(new TcpService(0, async client =>
        {
            using var upstream = await Tcp.Connect("127.0.0.1", _upstream.Port);
            using var watch = Observable.Interval(TimeSpan.FromMilliseconds(5), _live.Hub)
                .Subscribe(_ => _most = Math.Max(_most, Math.Max(client.PendingBytes, upstream.PendingBytes)));
            try
            {
                _relayed.TrySetResult(await client.RelayTo(upstream));
            }
            catch (Exception error)
            {
                _relayed.TrySetException(error);
                throw;
            }
        }));
    }

    [TearDown]
    public void Stop()
    {
        _live.Dispose();
        _upstream.Dispose();
    }

    [Test]
    public void Much_goes_both_ways_at_once_and_the_slower_side_bounds_the_memory()
    {
        using var client = new RawPeer(_proxy.EndPoint, receiveBuffer: 64 * 1024);
        _upstream.Accept();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (forth, back) = (Send(client, 1), Send(_upstream, 2));
        var (fast, slow) = (Receive(_upstream, isSlow: false), Receive(client, isSlow: true));
        _live.Await(Task.WhenAll(forth, back, fast, slow));
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That((fast.Result, slow.Result), Is.EqualTo((forth.Result, back.Result)));
        Assert.That(_live.Await(_relayed.Task), Is.EqualTo(new RelayCounts(Much, Much)));
        Assert.That(_most, Is.InRange(1, 192 * 1024));
        Assert.That(growth, Is.LessThan(8 * MiB));
    }

    [Test]
    public void Each_side_ends_by_itself([Values] bool clientFirst)
    {
        using var client = new RawPeer(_proxy.EndPoint);
        _upstream.Accept();
        var (first, second) = clientFirst ? (client, _upstream) : (_upstream, client);
        first.Sends("A").Ends();
        Assert.That(second.ReadsToEnd(), Is.EqualTo(("A", (SocketError?)null)));
        second.Sends("B").Ends();
        Assert.That(first.ReadsToEnd(), Is.EqualTo(("B", (SocketError?)null)));
        Assert.That(_live.Await(_relayed.Task), Is.EqualTo(new RelayCounts(1, 1)));
    }

    [Test]
    public void A_reset_is_passed_on([Values] bool ofClient)
    {
        var client = new RawPeer(_proxy.EndPoint);
        _upstream.Accept();
        var (first, second) = ofClient ? (client, _upstream) : (_upstream, client);
        second.Sends("A");
        first.Reads(1);
        first.Resets();
        Assert.That(second.ReadsToEnd().Error, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(() => _live.Await(_relayed.Task), Throws.InstanceOf<ConnectionException>());
        client.Dispose();
    }

    private static Task<string> Send(RawPeer peer, int seed) => Task.Factory.StartNew(
        () =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
            var bytes = new byte[256 * 1024];
            new Random(seed).NextBytes(bytes);
            for (var sent = 0L; sent < Much; sent += bytes.Length)
            {
                bytes[sent / bytes.Length % bytes.Length]++;
                hash.AppendData(bytes);
                peer.Socket.Send(bytes);
            }

            peer.Ends();
            return Convert.ToHexString(hash.GetHashAndReset());
        },
        TaskCreationOptions.LongRunning);

    private static Task<string> Receive(RawPeer peer, bool isSlow) => Task.Factory.StartNew(
        () =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
            using var never = new ManualResetEventSlim();
            var bytes = new byte[256 * 1024];
            for (var (count, rest) = (1, 0L); (count = peer.Socket.Receive(bytes)) > 0; rest += count)
            {
                hash.AppendData(bytes.AsSpan(0, count));
                if (isSlow && rest >= 4 * MiB)
                {
                    rest = 0;
                    never.Wait(TimeSpan.FromMilliseconds(5));
                }
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        },
        TaskCreationOptions.LongRunning);
}
