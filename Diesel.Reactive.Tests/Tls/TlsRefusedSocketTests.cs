using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Peers that do not agree, over real sockets: one clear error in time, and no descriptor is left.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class TlsRefusedSocketTests(Func<Hub> newHub)
{
    private const int Times = 10;

    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    private static IEnumerable<TestCaseData> Peers()
    {
        yield return Case("silence", "", typeof(TimeoutException), "within HandshakeTimeout");
        yield return Case("part of a record", "\u0016\u0003\u0001\u0002\u0000\u0001", typeof(TimeoutException), "within HandshakeTimeout");
        yield return Case("HTTP", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", typeof(TlsException), "began with 'GET / HTTP/1.1");
        yield return Case("garbage", "\u0016\u0003\u0001\u0000\u0004abcd", typeof(TlsException), "TLS was not agreed on with the peer: ");
        yield return Case("an alert", "\u0015\u0003\u0001\u0000\u0002\u0002\u0028", typeof(TlsException), "TLS was not agreed on with the peer: ");

        static TestCaseData Case(string name, string says, Type error, string message) => new TestCaseData(says, error, message).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Peers))]
    public void A_peer_of_a_service(string says, Type error, string message)
    {
        var service = _live.Starts(new TcpService(0, static c => c.UntilEol(), new() { Tls = Authority.Server with { HandshakeTimeout = TimeSpan.FromMilliseconds(200) } }));
        LeavesNothing(() =>
        {
            using var peer = new RawPeer(service.EndPoint);
            peer.Sends(says).ReadsToEnd();
        });
        var told = _live.Await(_live.Errors.Take(Times + 1).ToList());
        Assert.That(told.Select(static each => each.Exception), Is.All.InstanceOf(error).And.All.Message.Contains(message));
        Assert.That(() => service.ConnectionCount, Is.Zero.After((int)Live.Patience.TotalMilliseconds, 5));
    }

    [TestCase("", typeof(TimeoutException), "within HandshakeTimeout", TestName = "A_client_at_a_silent_server")]
    [TestCase("HTTP/1.1 400 Bad Request\r\n\r\n", typeof(TlsException), "began with 'HTTP/1.1 400 Bad Request", TestName = "A_client_at_a_server_of_HTTP")]
    [TestCase("\u0016\u0003\u0003\u0000\u0004abcd", typeof(TlsException), "TLS was not agreed on with the peer: ", TestName = "A_client_at_garbage")]
    public void A_client(string says, Type error, string message)
    {
        var service = _live.Starts(new TcpService(0, c => says.Length == 0 ? c.IgnoreElements() : Observable.Return<ReadOnlyMemory<byte>>(Encoding.Latin1.GetBytes(says))));
        var tls = Authority.Client with { HandshakeTimeout = TimeSpan.FromMilliseconds(200) };
        LeavesNothing(() => Assert.That(
            () => _live.Await(Tcp.Connect("127.0.0.1", service.Port, new() { Tls = tls }, _live.Hub)), Throws.InstanceOf(error).With.Message.Contains(message)));
    }

    // The first time brings what is there for good.
    private static void LeavesNothing(Action once)
    {
        once();
        var before = Descriptors();
        for (var i = 0; i < Times; i++)
        {
            once();
        }

        Assert.That(Descriptors, Is.LessThanOrEqualTo(before + 2).After((int)Live.Patience.TotalMilliseconds, 20));
    }

    private static int Descriptors() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
}
