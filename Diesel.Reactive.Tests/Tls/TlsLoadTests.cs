using System.Diagnostics;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Many handshakes at once, and those who have nothing to do with them.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
[NonParallelizable]
public class TlsLoadTests(Func<Hub> newHub)
{
    private const int Storm = 1000;
    private const int MostDelay = 20;

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void A_storm_of_handshakes_hardly_delays_a_connection_that_is_quiet([Values] bool isChosenByName)
    {
        var tls = isChosenByName ? new TlsServerOptions { CertificateFor = static _ => ValueTask.FromResult<TlsCertificate?>(Authority.Localhost) } : Authority.Server;
        var plain = _live.Starts(new TcpService(0, static c => c.UntilEol()));
        var service = _live.Starts(new TcpService(0, static c => c.UntilEol(), new() { Tls = tls with { HandshakeTimeout = Live.Patience }, Socket = new() { Backlog = Storm } }));
        var hello = ClientHello();
        using var quiet = new RawPeer(plain.EndPoint);
        _live.Run(async () => (await Tcp.Connect("127.0.0.1", service.Port, new() { Tls = Authority.Stranger })).Dispose());

        // On a machine that has other things to do an answer takes its time without a storm as well.
        var calm = Median([.. Enumerable.Range(0, 50).Select(_ => Ask(quiet))]);
        var delays = Rages(service, hello, quiet);
        Assert.That(
            Median(delays) - calm, Is.LessThan(MostDelay), $"of {delays.Count} answers; the slowest took {delays.Max():0} ms, and without a storm {calm:0.0} ms are usual");
    }

    [Test]
    public void Who_is_slow_to_choose_a_certificate_keeps_no_other_waiting()
    {
        using var chosen = new ManualResetEventSlim();
        var service = _live.Starts(new TcpService(0, static c => c.UntilEol(), new()
        {
            Tls = new TlsServerOptions
            {
                CertificateFor = name =>
                {
                    chosen.Wait(name == "slow" ? Live.Patience : TimeSpan.Zero);
                    return ValueTask.FromResult<TlsCertificate?>(Authority.Localhost);
                },
            },
        }));
        var slow = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount - 1))
            .Select(_ => Tcp.Connect("127.0.0.1", service.Port, new() { Tls = Authority.Client with { ServerName = "slow" } }, _live.Hub).Subscribe(static _ => { }, static _ => { })).ToList();
        var other = _live.Await(Tcp.Connect("127.0.0.1", service.Port, new() { Tls = Authority.Client }, _live.Hub));
        Assert.That((chosen.IsSet, other.Feature<TlsInfo>()!.ServerName), Is.EqualTo((false, "localhost")));
        chosen.Set();
        slow.ForEach(static dial => dial.Dispose());
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    // How long the quiet one's answers take, while all say hello at once and wait for the server to sign.
    private static List<double> Rages(TcpService service, byte[] hello, RawPeer quiet)
    {
        var peers = Enumerable.Range(0, Storm).Select(_ => new RawPeer(service.EndPoint)).ToList();
        Assert.That(() => service.ConnectionCount, Is.GreaterThanOrEqualTo(Storm).After((int)Live.Patience.TotalMilliseconds, 5));
        var sending = Task.Run(() => peers.ForEach(peer => peer.Socket.Send(hello)));
        var delays = new List<double>();
        do
        {
            delays.Add(Ask(quiet));
        }
        while (!sending.IsCompleted || peers.Exists(static peer => peer.Socket.Available == 0));

        peers.ForEach(static peer => peer.Dispose());
        return delays;
    }

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
