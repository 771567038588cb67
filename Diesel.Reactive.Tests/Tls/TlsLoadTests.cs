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
        // A thousand in all, or as many storms as it takes to have enough answers to speak of.
        const int Answers = 50;
        var storm = Live.IsSoak ? 1000 : 200;
        var (plain, tls) = (_live.Starts(new TcpService(0, static c => c.UntilEol())), Serves());
        var hello = ClientHello();
        using var quiet = new RawPeer(plain.EndPoint);
        Ask(quiet);
        _live.Run(async () => (await Tcp.Connect("127.0.0.1", tls.Port, new() { Tls = Authority.Stranger })).Dispose());
        var calm = Median([.. Enumerable.Range(0, Answers).Select(_ => Ask(quiet))]);
        var delays = new List<double>();
        for (var round = 0; round < 10 && delays.Count < Answers; round++)
        {
            Storm(tls, storm, hello, () => delays.Add(Ask(quiet)));
        }

        Assert.That(Median(delays), Is.LessThan(20 + (5 * calm)), $"of {delays.Count} answers; the slowest took {delays.Max():0} ms, and without a storm {calm:0.0} ms are usual");
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static void Storm(TcpService tls, int storm, byte[] hello, Action meanwhile)
    {
        var peers = Enumerable.Range(0, storm).Select(_ => new RawPeer(tls.EndPoint)).ToList();
        Assert.That(() => tls.ConnectionCount, Is.GreaterThanOrEqualTo(storm).After((int)Live.Patience.TotalMilliseconds, 5));
        var sending = Task.Run(() => peers.ForEach(peer => peer.Socket.Send(hello)));
        do
        {
            meanwhile();
        }
        while (!sending.IsCompleted || peers.Exists(static peer => peer.Socket.Available == 0));

        peers.ForEach(static peer => peer.Dispose());
    }

    private TcpService Serves() => _live.Starts(new TcpService(0, static c => c.UntilEol(), new() { Tls = Authority.Server, Socket = new() { Backlog = 1000 } }));

    // How many milliseconds it took.
    private static double Ask(RawPeer peer)
    {
        var began = Stopwatch.GetTimestamp();
        peer.Socket.Send("quiet\r\n"u8);
        Assert.That(peer.Reads(7), Is.EqualTo("quiet\r\n"));
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
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
