using System.Diagnostics;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Many handshakes at once, and those who have nothing to do with them.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
[NonParallelizable]
public class TlsLoadTests(Func<Hub> newHub)
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void A_storm_of_handshakes_hardly_delays_a_connection_that_is_quiet()
    {
        var storm = Live.IsSoak ? 1000 : 500;
        var (plain, tls) = (_live.Starts(new TcpService(0, static c => c.UntilEol())), Serves());
        var hello = ClientHello();
        using var quiet = new RawPeer(plain.EndPoint);
        Ask(quiet);
        _live.Run(async () => (await Tcp.Connect("127.0.0.1", tls.Port, new() { Tls = Authority.Stranger })).Dispose());
        var peers = Enumerable.Range(0, storm).Select(_ => new RawPeer(tls.EndPoint)).ToList();
        Assert.That(() => tls.ConnectionCount, Is.EqualTo(storm).After((int)Live.Patience.TotalMilliseconds, 5));
        var sending = Task.Run(() => peers.ForEach(peer => peer.Socket.Send(hello)));
        var delays = new List<double>();
        while (!sending.IsCompleted || peers.Exists(static peer => peer.Socket.Available == 0))
        {
            var began = Stopwatch.GetTimestamp();
            Ask(quiet);
            delays.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        delays.Sort();
        peers.ForEach(static peer => peer.Dispose());
        Assert.That(delays[delays.Count / 2], Is.LessThan(20), $"of {delays.Count} answers; the slowest took {delays[^1]:0} ms");
    }

    private TcpService Serves() => _live.Starts(new TcpService(0, static c => c.UntilEol(), new() { Tls = Authority.Server, Socket = new() { Backlog = 1000 } }));

    private static void Ask(RawPeer peer)
    {
        peer.Socket.Send("quiet\r\n"u8);
        Assert.That(peer.Reads(7), Is.EqualTo("quiet\r\n"));
    }

    // What a client says first, as a peer sees it that is no server.
    private byte[] ClientHello()
    {
        using var listener = new RawPeer();
        var dial = Tcp.Connect("127.0.0.1", listener.Port, new() { Tls = Authority.Stranger }, _live.Hub).Subscribe(static _ => { }, static _ => { });
        listener.Accept();
        var header = Encoding.Latin1.GetBytes(listener.Reads(5));
        var body = Encoding.Latin1.GetBytes(listener.Reads((header[3] << 8) | header[4]));
        dial.Dispose();
        return [.. header, .. body];
    }
}
