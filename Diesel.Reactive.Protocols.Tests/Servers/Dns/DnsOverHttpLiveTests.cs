using System.Collections.Concurrent;
using System.Net;
using Diesel.Reactive.Protocols.Dns;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>DNS over HTTPS with a service of this library in front of a zone, and with BIND, which speaks HTTP/2 and has haproxy in front of it.</summary>
public class DnsOverHttpLiveTests
{
    private const string Type = "application/dns-message";

    // As often as it takes on a machine that has much else to do.
    private static readonly DnsOptions Trusting = new() { Timeout = TimeSpan.FromSeconds(60), AttemptTimeout = TimeSpan.FromSeconds(5), Tries = 10, Tls = new TlsClientOptions { TrustedRoots = Authority.Shared.Roots } };

    private Live _live = null!;

    [SetUp]
    public void SetUp() => _live = new Live();

    [TearDown]
    public void TearDown() => _live.Dispose();

    [Test]
    public void A_service_of_HTTP_is_a_front()
    {
        using var bind = DnsDaemon.Bind();
        var (upstream, lengths) = (new DnsClient(bind.Server, null, _live.Hub), new ConcurrentQueue<int>());
        var front = _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), async request =>
        {
            var query = await request.Read();
            lengths.Enqueue(query.Length);
            var reply = await upstream.Send(DnsCodec.Decode(query.Span));
            return HttpResponse.Bytes(DnsCodec.Encode(reply.Message with { Id = 0 }), Type);
        }, new HttpServiceOptions { Tls = Authority.Server }));
        using var client = new DnsClient($"https://localhost@127.0.0.1:{front.Port}/dns-query", Trusting, _live.Hub);
        Agrees(client, upstream);
        Assert.That(lengths.Select(length => length % 128), Has.All.Zero);
    }

    [Test]
    public void Another_names_certificate_is_refused()
    {
        var front = _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), static _ => HttpResponse.Of(200), new HttpServiceOptions { Tls = Authority.Server }));
        using var client = new DnsClient($"https://dns.example@127.0.0.1:{front.Port}", Trusting with { Tries = 2 }, _live.Hub);
        Assert.That(() => _live.Await(client.Query("a.example", DnsType.A)), Throws.InstanceOf<DnsException>().With.Message.Contains("dns.example"));
    }

    [Test]
    public void BIND_answers()
    {
        SampleTool.Require("/usr/sbin/haproxy", "haproxy");
        var (back, at) = (Daemon.FreePort(), Daemon.FreePort());
        using var pem = new PemFolder();
        pem.Write("both.pem", File.ReadAllText(pem["cert.pem"]) + "\n" + File.ReadAllText(pem["key.pem"]));
        using var bind = DnsDaemon.Bind(listensMore: $"listen-on port {back.Port} tls none http default {{ 127.0.0.1; }};");
        using var haproxy = new Daemon(
            "/usr/sbin/haproxy", "haproxy",
            $"defaults\n  mode http\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\nlisten all\n  bind {at} ssl crt {pem["both.pem"]} alpn http/1.1\n  server back {back} proto h2\n",
            at, "-db", "-f", "{0}/config");
        using var client = new DnsClient($"https://localhost@{at}/dns-query", Trusting, _live.Hub);
        using var direct = new DnsClient(bind.Server, null, _live.Hub);
        Agrees(client, direct);
    }

    private void Agrees(DnsClient client, DnsClient direct)
    {
        foreach (var (name, type) in DnsSample.Kinds)
        {
            Assert.That(DnsTypeText.TryParse(type, out var asked));
            var (reply, other) = (_live.Await(client.Query(DnsSample.Absolute(name), asked)), _live.Await(direct.Query(DnsSample.Absolute(name), asked)));
            Assert.That((reply.Transport, reply.ResponseCode), Is.EqualTo((DnsTransport.Http, other.ResponseCode)), $"{name} {type}");
            Assert.That(reply.Answers.Select(record => $"{record}"), Is.EquivalentTo(other.Answers.Select(record => $"{record}")), $"{name} {type}");
        }
    }
}
