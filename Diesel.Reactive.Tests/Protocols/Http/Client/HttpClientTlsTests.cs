using System.Net;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Answers over TLS that end without its farewell: somebody may have cut them short (RFC 9112 §9.8).</summary>
public class HttpClientTlsTests
{
    private const string UntilEnd = "HTTP/1.1 200 OK\r\n\r\nhello";
    private const string Counted = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private const string Closed = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    private const string Short = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [TestCase(UntilEnd, true, "200 hello", "200 hello")]
    [TestCase(UntilEnd, false, "ResponseEnded", "TruncatedFrameException")]
    [TestCase(Counted, false, "200 hello", "200 hello")]
    [TestCase(Closed, false, "200 hello", "200 hello")]
    [TestCase(Chunked, false, "200 hello", "200 hello")]
    [TestCase(Short, true, "ResponseEnded", "TruncatedFrameException")]
    [TestCase(Short, false, "ResponseEnded", "TruncatedFrameException")]
    public void Where_only_the_end_tells_that_all_is_there_it_has_to_be_said(string answer, bool isSaid, string ofHttpClient, string own)
    {
        var connections = Serves(answer, isSaid);
        using var http = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, Tls = Authority.Client });
        using var hub = new HttpHubClient(new Uri("https://10.0.0.1"), new() { Tls = Authority.Client }, _world.Hub);
        _world.Play(async () =>
        {
            Assert.That(await http.GetAsync("https://10.0.0.1/").Told(), Is.EqualTo(ofHttpClient));
            Assert.That(await hub.Request("GET", "/").Told(), Is.EqualTo(own));
            Assert.That(await hub.Request("GET", "/").Told(), Is.EqualTo(own), "and a connection that has ended is not asked again");
        });
        Assert.That(connections(), Is.EqualTo(3));
    }

    [Test]
    public void What_is_missing_is_said_in_words()
    {
        Serves(UntilEnd, isSaid: false);
        using var http = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, Tls = Authority.Client });
        _world.Play(async () =>
        {
            using var response = await http.GetAsync("https://10.0.0.1/", HttpCompletionOption.ResponseHeadersRead);
            Assert.That(async () => await response.Content.ReadAsStringAsync(), Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<HttpIOException>().With.Message.Contains("close_notify"));
        });
    }

    // Answers one request on each connection, and ends it: as TLS says, or without a word.
    private Func<int> Serves(string answer, bool isSaid)
    {
        var count = 0;
        ITransport? below = null;
        _world.Starts(new TcpService(443, connection =>
        {
            var (raw, mine) = (below!, count++);
            return connection.Until("\r\n\r\n"u8.ToArray()).Take(1).Select(_ => answer.ToBytes()).Do(_ => _world.Hub.Sleep(TimeSpan.FromMilliseconds(20)).Subscribe(_ =>
            {
                if (isSaid)
                {
                    connection.OnCompleted();
                }
                else
                {
                    raw.ShutdownSend();
                }
            })).Concat(Observable.Never<ReadOnlyMemory<byte>>());
        }, new() { Tls = Authority.Server, Layer = (transport, _) => below = transport }));
        return () => count;
    }
}
