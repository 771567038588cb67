using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
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

    private Live _live = null!;
    private TcpListener _listener = null!;
    private int _accepted;

    [SetUp]
    public void Start()
    {
        (_live, _listener, _accepted) = (new Live(), new TcpListener(IPAddress.Loopback, 0), 0);
        _listener.Start();
    }

    [TearDown]
    public void Stop()
    {
        _listener.Dispose();
        _live.Dispose();
    }

    [TestCase(UntilEnd, true, "200 hello", "200 hello")]
    [TestCase(UntilEnd, false, "ResponseEnded", "TruncatedFrameException")]
    [TestCase(Counted, false, "200 hello", "200 hello")]
    [TestCase(Closed, false, "200 hello", "200 hello")]
    [TestCase(Chunked, false, "200 hello", "200 hello")]
    [TestCase(Short, true, "ResponseEnded", "TruncatedFrameException")]
    [TestCase(Short, false, "ResponseEnded", "TruncatedFrameException")]
    public void Where_only_the_end_tells_that_all_is_there_it_has_to_be_said(string answer, bool isSaid, string ofHttpClient, string own)
    {
        _ = Serves(answer, isSaid);
        using var http = Client();
        using var hub = new HttpHubClient(Address, new() { Tls = Authority.Client }, _live.Hub);
        Assert.That(_live.Run(() => http.GetAsync(Address).Told()), Is.EqualTo(ofHttpClient));
        Assert.That(_live.Run(() => hub.Request("GET", "/").Told()), Is.EqualTo(own));
        Assert.That(_live.Run(() => hub.Request("GET", "/").Told()), Is.EqualTo(own), "and a connection that has ended is not asked again");
        Assert.That(_accepted, Is.EqualTo(3));
    }

    [Test]
    public void What_is_missing_is_said_in_words()
    {
        _ = Serves(UntilEnd, isSaid: false);
        using var http = Client();
        var failure = _live.Run(async () =>
        {
            using var response = await http.GetAsync(Address, HttpCompletionOption.ResponseHeadersRead);
            return await HttpAsking.Failure(() => response.Content.ReadAsStringAsync());
        });
        Assert.That(failure?.ToString(), Does.Contain("close_notify"));
    }

    private Uri Address => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    private HttpClient Client() => new(new DieselHttpHandler(DieselHttpHandler.Defaults with { WebProxy = null, Tls = Authority.Client }, _live.Hub));

    // Answers one request on each connection, and ends it: as TLS says, or without a word. What the client does then is nobody's concern.
    private async Task Serves(string answer, bool isSaid)
    {
        while (true)
        {
            using var socket = await _listener.AcceptSocketAsync();
            _accepted++;
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Authority.Localhost.Certificate });
            var head = "";
            for (var (room, count) = (new byte[1000], 1); count > 0 && !head.EndsWith("\r\n\r\n", StringComparison.Ordinal); head += Encoding.Latin1.GetString(room, 0, count))
            {
                count = await tls.ReadAsync(room);
            }

            await tls.WriteAsync(Encoding.Latin1.GetBytes(answer));
            if (isSaid)
            {
                await tls.ShutdownAsync();
            }

            socket.Shutdown(SocketShutdown.Send);
            await HttpAsking.Failure(async () => await tls.ReadExactlyAsync(new byte[1]));
        }
    }
}
