using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Proxies, relays and servers of others that speak TLS, pass it on, or say something beneath it.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class TlsPeerTests(Func<Hub> newHub)
{
    private const string Socat = "/usr/bin/socat";

    private static readonly ProxyHeader Header = ProxyHeader.Of(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 56324), new IPEndPoint(IPAddress.Parse("192.0.2.2"), 443));

    private Live _live = null!;
    private PemFolder _files = null!;

    [SetUp]
    public void Start() => (_live, _files) = (new Live(newHub()), new PemFolder());

    [TearDown]
    public void Stop()
    {
        _live.Dispose();
        _files.Dispose();
    }

    [Test]
    public void Nginx_understands_what_a_dial_says_beneath_TLS([Values(1, 2)] int version)
    {
        var front = Daemon.FreePort();
        using var nginx = ProxyDaemons.Nginx(front, $$"""
            server {
                listen {{front}} ssl proxy_protocol;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_certificate {{_files["cert.pem"]}};
                ssl_certificate_key {{_files["key.pem"]}};
                return "$proxy_protocol_addr $proxy_protocol_port $ssl_protocol $ssl_server_name\n";
            }
            """);
        Assert.That(Told(front, new() { Tls = Authority.Client, ProxyHeader = Header with { Version = version } }), Is.EqualTo("192.0.2.1 56324 TLSv1.3 localhost"));
    }

    [Test]
    public void Nginx_passes_TLS_on_and_says_whose_it_is()
    {
        var (service, front) = (Tells(), Daemon.FreePort());
        using var nginx = ProxyDaemons.Nginx(front, $"server {{ listen {front}; proxy_protocol on; proxy_pass {service.EndPoint}; }}");
        Assert.That(Asked(front, new() { Tls = Authority.Client }), Is.EqualTo($"version 1 {front} localhost"));
    }

    [Test]
    public void Nginx_speaks_TLS_for_its_clients_and_says_whose_it_is()
    {
        var (service, front) = (Tells(), Daemon.FreePort());
        using var nginx = ProxyDaemons.Nginx(front, $$"""
            server {
                listen {{front}};
                proxy_pass {{service.EndPoint}};
                proxy_protocol on;
                proxy_ssl on;
                proxy_ssl_server_name on;
                proxy_ssl_name localhost;
                proxy_ssl_verify on;
                proxy_ssl_trusted_certificate {{_files["root.pem"]}};
            }
            """);
        Assert.That(Asked(front, new()), Is.EqualTo($"version 1 {front} localhost"));
    }

    [Test]
    public void Haproxy_passes_TLS_on_and_says_whose_it_is()
    {
        var (service, front) = (Tells(), Daemon.FreePort());
        using var haproxy = ProxyDaemons.HaProxy(front, $"listen front\n  bind {front}\n  server s {service.EndPoint} send-proxy-v2");
        Assert.That(Asked(front, new() { Tls = Authority.Client }), Is.EqualTo($"version 2 {front} localhost"));
    }

    [Test]
    public void A_forward_proxy_connects_beneath_TLS([Values] bool isHttp)
    {
        var (service, at) = (Tells(proxied: false), Daemon.FreePort());
        using var daemon = isHttp ? ProxyDaemons.Http(at) : ProxyDaemons.Socks(at);
        ForwardProxy proxy = isHttp ? new HttpProxy(at) : new Socks5Proxy(at);
        Assert.That(
            Asked(new DnsEndPoint("localhost", service.Port), new() { Proxy = proxy, Tls = Authority.Client with { ServerName = null } }),
            Is.EqualTo($"version  {service.EndPoint} localhost"));
    }

    [Test]
    public async Task Socat_checks_the_certificate_of_a_service()
    {
        SampleTool.Require(Socat, "socat");
        var service = _live.Starts(new TcpService(0, static _ => Observable.Return("hello\n".ToBytes()), new() { Tls = Authority.Server }));
        var (code, text) = await SampleTool.Run(Socat, "-u", $"OPENSSL-CONNECT:127.0.0.1:{service.Port},cafile={_files["root.pem"]},commonname=localhost", "STDOUT");
        Assert.That((code, text), Is.EqualTo((0, "hello\n")));
        (code, text) = await SampleTool.Run(Socat, "-u", $"OPENSSL-CONNECT:127.0.0.1:{service.Port},cafile={_files["root.pem"]},commonname=example.com", "STDOUT");
        Assert.That((code == 0, text.Contains("hello", StringComparison.Ordinal)), Is.EqualTo((false, false)));
    }

    [Test]
    public void A_client_talks_to_socat()
    {
        var front = Daemon.FreePort();
        using var socat = new Daemon(
            Socat, "socat", null, front, $"OPENSSL-LISTEN:{front.Port},bind=127.0.0.1,reuseaddr,fork,verify=0,cert={_files["cert.pem"]},key={_files["key.pem"]}", "PIPE");
        Assert.That(Asked(front, new() { Tls = Authority.Client }), Is.EqualTo("who?"));
    }

    // Answers a line with what it knows of the client: whom it had dialled, since the client's own port is another each time.
    private TcpService Tells(bool proxied = true) => _live.Starts(new TcpService(
        new IPEndPoint(IPAddress.Loopback, 0),
        static connection => connection.UntilEol().Take(1).Select(
            _ => $"version {connection.Feature<ProxyHeader>()?.Version} {connection.LocalEndPoint} {connection.Feature<TlsInfo>()?.ServerName}\r\n".ToBytes()),
        new() { Tls = Authority.Server, ProxyProtocol = proxied ? new() : null }));

    private string Asked(EndPoint front, TcpConnectOptions options) => _live.Run(async () =>
    {
        using var connection = await Tcp.Connect(front, options);
        connection.OnNext("who?\r\n".ToBytes());
        return await connection.Read(Framing.Lines());
    });

    private string Told(EndPoint front, TcpConnectOptions options) => _live.Run(async () =>
    {
        using var connection = await Tcp.Connect(front, options);
        return await connection.Read(Framing.Lines());
    });
}
