using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Proxies of others, at both ends of the PROXY protocol, and between a dial and its server.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class RealProxyTests(Func<Hub> newHub)
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public async Task Curl_says_whose_its_connection_is()
    {
        SampleTool.Require("/usr/bin/curl", "curl");
        var service = _live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), async connection =>
        {
            var header = connection.Feature<ProxyHeader>();
            await connection.Read(Framing.Until("\r\n\r\n"));
            await connection.Send($"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nversion {header?.Version}, {connection.RemoteEndPoint is IPEndPoint { Port: > 0 }}".ToBytes());
        }, new() { ProxyProtocol = new() }));
        var (code, text) = await SampleTool.Run("/usr/bin/curl", "--silent", "--haproxy-protocol", $"http://127.0.0.1:{service.Port}/");
        Assert.That((code, text), Is.EqualTo((0, "version 1, True")));
    }

    [Test]
    public void Nginx_says_whose_connection_it_passes_on()
    {
        var (service, front) = (Tells(), Daemon.FreePort());
        using var nginx = ProxyDaemons.Nginx(front, $"server {{ listen {front}; proxy_protocol on; proxy_pass {service.EndPoint}; }}");
        Assert.That(Asked(front), Is.EqualTo($"version 1 {front} alpn  host "));
    }

    [Test]
    public void Nginx_understands_what_a_dial_says([Values(1, 2)] int version)
    {
        var front = Daemon.FreePort();
        using var nginx = ProxyDaemons.Nginx(front, $$"""server { listen {{front}} proxy_protocol; return "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr\n"; }""");
        var header = ProxyHeader.Of(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 56324), new IPEndPoint(IPAddress.Parse("192.0.2.2"), 443)) with { Version = version };
        Assert.That(Answered(front, new() { ProxyHeader = header }), Is.EqualTo("192.0.2.1 56324 192.0.2.2"));
    }

    [TestCase("send-proxy", "version 1 {0} alpn  host ")]
    [TestCase("send-proxy-v2", "version 2 {0} alpn  host ")]
    [TestCase("send-proxy-v2 proxy-v2-options crc32c,unique-id", "version 2 {0} alpn  host  id 127.0.0.1 checked")]
    public void Haproxy_says_whose_connection_it_passes_on(string option, string told)
    {
        var (service, front) = (Tells(), Daemon.FreePort());
        using var haproxy = ProxyDaemons.HaProxy(front, $"listen front\n  bind {front}\n  unique-id-format %ci\n  server s {service.EndPoint} {option}");
        Assert.That(Asked(front), Is.EqualTo(string.Format(System.Globalization.CultureInfo.InvariantCulture, told, front)));
    }

    [Test]
    public void Haproxy_asks_for_itself_whether_a_service_lives()
    {
        var local = new TaskCompletionSource<string>();
        var front = Daemon.FreePort();
        var service = _live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), connection =>
        {
            if (connection.Feature<ProxyHeader>() is { IsLocal: true } header)
            {
                local.TrySetResult($"{header} {header.Source is null}");
            }

            return Observable.Empty<ReadOnlyMemory<byte>>();
        }, new() { ProxyProtocol = new() }));
        using var haproxy = ProxyDaemons.HaProxy(front, $"listen front\n  bind {front}\n  server s {service.EndPoint} send-proxy-v2 check check-send-proxy inter 50ms");
        Assert.That(_live.Await(local.Task), Is.EqualTo("PROXY header of the proxy itself True"));
    }

    [Test]
    public void Haproxy_understands_what_a_dial_says([Values(1, 2)] int version, [Values] bool isIPv6)
    {
        var front = Daemon.FreePort();
        using var haproxy = ProxyDaemons.HaProxy(front, $"""
            frontend front
              bind {front} accept-proxy
              mode http
              http-request return status 200 content-type text/plain lf-string "%[src] %[src_port] %[dst]"
            """);
        var (source, destination) = isIPv6 ? ("2001:db8::1", "2001:db8::2") : ("192.0.2.1", "192.0.2.2");
        var header = ProxyHeader.Of(new IPEndPoint(IPAddress.Parse(source), 56324), new IPEndPoint(IPAddress.Parse(destination), 443)) with { Version = version, HasChecksum = version == 2 };
        var answer = _live.Run(async () =>
        {
            using var connection = await Tcp.Connect(front, new() { ProxyHeader = header });
            connection.OnNext("GET / HTTP/1.0\r\n\r\n".ToBytes());
            return await connection.Aggregate("", static (text, chunk) => text + chunk.ToText());
        });
        Assert.That(answer, Does.EndWith($"\r\n\r\n{source} 56324 {destination}"));
    }

    [TestCase(null)]
    [TestCase("me")]
    public void A_socks_proxy_connects_for_a_dial(string? user)
    {
        var (service, at) = (_live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), static c => c.UntilEol())), Daemon.FreePort());
        using var microsocks = ProxyDaemons.Socks(at, user);
        var proxy = new Socks5Proxy(at) { User = user, Password = "secret" };
        Assert.That(Echoed("127.0.0.1", service.Port, proxy), Is.EqualTo("A"));
        Assert.That(Echoed("localhost", service.Port, proxy), Is.EqualTo("A"));
        Assert.That(() => Echoed("127.0.0.1", Daemon.FreePort().Port, proxy), Throws.InstanceOf<ProxyException>().With.Property("Code").EqualTo(5));
        if (user is not null)
        {
            Assert.That(() => Echoed("127.0.0.1", service.Port, proxy with { Password = "wrong" }), Throws.InstanceOf<ProxyException>().With.Message.Contains("password is wrong"));
            Assert.That(() => Echoed("127.0.0.1", service.Port, new Socks5Proxy(at)), Throws.InstanceOf<ProxyException>().With.Message.Contains("wants a login"));
        }
    }

    [TestCase(null)]
    [TestCase("me")]
    public void An_http_proxy_connects_for_a_dial(string? user)
    {
        var (service, at) = (_live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), static c => c.UntilEol())), Daemon.FreePort());
        using var tinyproxy = ProxyDaemons.Http(at, user);
        var proxy = new HttpProxy(at) { User = user, Password = "secret" };
        Assert.That(Echoed("127.0.0.1", service.Port, proxy), Is.EqualTo("A"));
        Assert.That(() => Echoed("127.0.0.1", Daemon.FreePort().Port, proxy), Throws.InstanceOf<ProxyException>());
        if (user is not null)
        {
            Assert.That(() => Echoed("127.0.0.1", service.Port, new HttpProxy(at)), Throws.InstanceOf<ProxyException>().With.Property("Code").EqualTo(407));
        }
    }

    // Answers a line with what it knows of the client: whom it had dialled, since the client's own port is another each time.
    private TcpService Tells() => _live.Starts(new TcpService(new IPEndPoint(IPAddress.Loopback, 0), static connection => connection.UntilEol().Take(1).Select(_ =>
    {
        var header = connection.Feature<ProxyHeader>();
        var id = header?.UniqueId is { } unique ? $" id {unique.ToText()}" : "";
        return $"version {header?.Version} {connection.LocalEndPoint} alpn {header?.ApplicationProtocol} host {header?.Authority}{id}{(header is { HasChecksum: true } ? " checked" : "")}\r\n".ToBytes();
    }), new() { ProxyProtocol = new() }));

    private string Asked(IPEndPoint front) => _live.Run(async () =>
    {
        using var connection = await Tcp.Connect(front);
        connection.OnNext("who?\r\n".ToBytes());
        return await connection.Read(Framing.Lines());
    });

    private string Answered(IPEndPoint front, TcpConnectOptions options) => _live.Run(async () =>
    {
        using var connection = await Tcp.Connect(front, options);
        return await connection.Read(Framing.Lines());
    });

    private string Echoed(string host, int port, ForwardProxy proxy) => _live.Run(async () =>
    {
        using var connection = await Tcp.Connect(host, port, new() { Proxy = proxy });
        connection.OnNext("A\r\n".ToBytes());
        return await connection.Read(Framing.Lines());
    });
}
