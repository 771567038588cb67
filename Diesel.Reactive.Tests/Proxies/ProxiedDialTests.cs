namespace Diesel.Reactive.Tests;

/// <summary>Dials by way of a proxy: one connection when the proxy has made it, one error when it has not.</summary>
public class ProxiedDialTests
{
    private const int Port = 1080;
    private const string Ok = "HTTP/1.1 200 OK\r\n\r\n";

    private static readonly HttpProxy Proxy = new("10.0.0.1", Port);

    [Test]
    public void A_connection_is_there_when_the_proxy_has_made_it()
    {
        using var world = new World();
        var peers = world.Listens(Port);
        var dial = world.Watch(Tcp.Connect("example.com", 443, new() { Proxy = Proxy }, world.Hub));
        Assert.That((dial.ToString(), peers.Last.Received), Is.EqualTo(("", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n")));
        peers.Last.Sends(Ok + "A\r\n");
        var connection = dial.Last;
        world.Do(() => connection.OnNext("B\r\n".ToBytes()));
        Assert.That((world.Watch(connection.UntilEol()).ToString(), peers.Last.Received), Is.EqualTo(("A", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\nB\r\n")));
        Assert.That($"{EndPoints.Text(connection.RemoteEndPoint)} {connection.Feature<ProxyTunnel>()?.ProxyEndPoint}", Is.EqualTo("example.com:443 10.0.0.1:1080"));
    }

    [Test]
    public void The_servers_header_goes_through_the_tunnel()
    {
        using var world = new World();
        var peers = world.Listens(Port);
        var dial = world.Watch(Tcp.Connect("example.com", 443, new() { Proxy = Proxy, ProxyHeader = new() { Version = 1 } }, world.Hub));
        Assert.That(dial.ToString() + peers.Last.Received, Does.Not.Contain("PROXY"));
        peers.Last.Sends(Ok);
        Assert.That((dial.Values.Count, peers.Last.Received[^"\r\n\r\nPROXY UNKNOWN\r\n".Length..]), Is.EqualTo((1, "\r\n\r\nPROXY UNKNOWN\r\n")));
    }

    [TestCase(false, "HTTP/1.1 502 Bad Gateway\r\n\r\n")]
    [TestCase(true, "HTTP/1.1 502 Bad Gateway\r\n\r\n")]
    public void A_refusal_is_the_dials_error_whatever_lies_above(bool withHeader, string answer)
    {
        using var world = new World();
        var peers = world.Listens(Port);
        var dial = world.Watch(Tcp.Connect("example.com", 443, new() { Proxy = Proxy, ProxyHeader = withHeader ? new() : null }, world.Hub));
        peers.Last.Sends(answer);
        Assert.That(dial.Error, Is.InstanceOf<ProxyException>().With.Property("Code").EqualTo(502));
        Assert.That((peers.Last.IsReset, world.Trouble), Is.EqualTo((true, "")));
    }

    [Test]
    public void The_connect_timeout_is_for_the_proxys_answer_too()
    {
        using var world = new World();
        var peers = world.Listens(Port);
        var dial = world.Watch(Tcp.Connect("example.com", 443, new() { Proxy = Proxy, ConnectTimeout = TimeSpan.FromSeconds(3) }, world.Hub));
        peers.Last.Sends("HTTP/1.1 200");
        world.Passes(2.9);
        Assert.That(dial.ToString(), Is.Empty);
        world.Passes(0.2);
        Assert.That((dial.ToString(), peers.Last.Story[^1]), Is.EqualTo(("#TimeoutException", '#')));
        Assert.That(dial.Error!.Message, Does.Contain("example.com:443"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_proxy_that_goes_away_in_the_middle_is_said(bool resets)
    {
        using var world = new World();
        var peers = world.Listens(Port);
        var dial = world.Watch(Tcp.Connect("example.com", 443, new() { Proxy = Proxy }, world.Hub));
        _ = resets ? peers.Last.Sends("HTTP").Resets() : peers.Last.Sends("HTTP").Ends();
        Assert.That(dial.Error, Is.InstanceOf<ProxyException>().With.Message.StartsWith("Cannot connect to example.com:443 through the HTTP proxy 10.0.0.1:1080: "));
        Assert.That(world.Trouble, Is.Empty);
    }

    [Test]
    public void A_proxy_that_is_not_there_is_said()
    {
        using var world = new World();
        var dial = world.Watch(Tcp.Connect("example.com", 443, new() { Proxy = Proxy }, world.Hub));
        Assert.That(dial.Error!.Message, Does.StartWith(
            "Cannot connect to example.com:443 through the HTTP proxy 10.0.0.1:1080: Cannot connect to 10.0.0.1:1080: connection refused."));
    }

    [Test]
    public void A_dial_that_is_given_up_leaves_nothing_open()
    {
        using var world = new World();
        var peers = world.Listens(Port);
        var dial = world.Watch(Tcp.Connect("example.com", 443, new() { Proxy = Proxy }, world.Hub));
        world.Do(dial.Subscription!.Dispose);
        Assert.That((peers.Last.IsReset, dial.ToString()), Is.EqualTo((true, "")));
    }

    [Test]
    public void Clients_and_pools_dial_by_way_of_it()
    {
        using var world = new World();
        world.Listens(Port, static peer => peer.Answers(line => line.Length == 0 ? Ok : line.StartsWith("CONNECT", StringComparison.Ordinal) || line.StartsWith("Host", StringComparison.Ordinal) ? null : $"{line}!\r\n"));
        var options = new TcpConnectOptions { Proxy = Proxy };
        var pool = ConnectionPool.Of("example.com", 443, connect: options, hub: world.Hub);
        var answer = "";
        world.Play(async () => answer = await pool.Use(async connection =>
        {
            connection.OnNext("A\r\n".ToBytes());
            return await connection.Read(Framing.Lines());
        }));
        Assert.That((answer, world.Trouble), Is.EqualTo(("A!", "")));
    }

    [Test]
    public void What_no_proxy_can_be_asked_for_is_thrown_by_the_call()
    {
        Assert.That(static () => Tcp.Connect("two words", 1, new() { Proxy = Proxy }), Throws.ArgumentException);
        Assert.That(static () => Tcp.Connect("host", 1, new() { Proxy = Proxy with { User = "a:b" } }), Throws.InvalidOperationException);
        Assert.That(static () => Tcp.Connect("host", 1, new() { ProxyHeader = new() { Version = 3 } }), Throws.ArgumentException);
        Assert.That(static () => ConnectionPool.Of("two words", 1, connect: new() { Proxy = Proxy }), Throws.ArgumentException);
    }
}
