using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>What is a Unix socket's own; what it has in common with others, <see cref="FoundationTests"/> tells.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class UnixConnectionTests(Func<Hub> newHub)
{
    private Live _live = null!;
    private SocketFolder _folder = null!;

    [SetUp]
    public void Start() => (_live, _folder) = (new Live(newHub()), new SocketFolder());

    [TearDown]
    public void Stop()
    {
        _live.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Client_and_server_of_one_hub_talk([Values] bool isAbstract)
    {
        var at = isAbstract ? new UnixDomainSocketEndPoint($"\0{_folder.PathOf("s")}") : _folder["s"];
        _live.Starts(new TcpService(at, static c => c.UntilEol().Select(static line => line.ToUpper())));
        var answer = _live.Run(async () =>
        {
            using var connection = await Tcp.Connect(at);
            connection.OnNext("hello\r\n".ToBytes());
            return (await connection.Read(Framing.UntilEol())).ToText();
        });
        Assert.That((answer, _folder.Names), Is.EqualTo(("HELLO\r\n", isAbstract ? "" : "s")));
    }

    [Test]
    public void Clients_and_pools_dial_a_path()
    {
        _live.Starts(new TcpService(_folder["s"], static c => c.UntilEol()));
        var pool = ConnectionPool.Of(_folder["s"], hub: _live.Hub);
        using var client = new EchoClient(_folder["s"], _live.Hub);
        var answers = _live.Run(async () => (await client.Echo("A\r\n"), await pool.Use(async connection =>
        {
            connection.OnNext("B\r\n".ToBytes());
            return (await connection.Read(Framing.UntilEol())).ToText();
        })));
        Assert.That(answers, Is.EqualTo(("A\r\n", "B\r\n")));
    }

    [Test]
    public void Both_sides_know_whom_they_talk_to()
    {
        var service = _live.Starts(new TcpService(_folder["s"], c => Observable.Return($"{Peer(c)} {c.LocalEndPoint} {c.RemoteEndPoint}".ToBytes())));
        using var peer = new RawPeer(service.EndPoint);
        var self = $"{Environment.ProcessId} {UserId}";
        Assert.That(peer.ReadsToEnd().Text, Is.EqualTo($"{self} {service.EndPoint} "));
        Assert.That(_live.Run(async () => Peer(await Tcp.Connect(service.EndPoint))), Is.EqualTo(self));
    }

    [Test]
    public void Who_has_no_name_is_called_unnamed()
    {
        var service = _live.Starts(new TcpService(_folder["s"], static c => Observable.Return($"{c}".ToBytes())));
        using var peer = new RawPeer(service.EndPoint);
        Assert.That(peer.ReadsToEnd().Text, Is.EqualTo($"connection {service.EndPoint} to an unnamed socket"));
    }

    [Test]
    public void A_peer_that_loses_bytes_resets()
    {
        var (connection, peer) = Wire();
        _live.Await(connection.Send("A".ToBytes()));
        peer.Sends("B\r\n").Socket.Dispose();
        Assert.That(_live.Await(connection.UntilEol().Materialize().Select(static n => n.Kind.ToString()).ToList()), Is.EqualTo(new[] { "OnNext", "OnError" }));
    }

    [Test]
    public void An_abort_is_an_end_since_there_is_no_reset()
    {
        var (connection, peer) = Wire();
        connection.Abort();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("", (SocketError?)null)));
    }

    [Test]
    public void A_backlog_that_is_full_is_waited_for()
    {
        using var peer = new RawPeer(_folder["s"], backlog: 0);
        var dials = Enumerable.Range(0, 5).Select(_ => Task.Run(async () => await Tcp.Connect(_folder["s"], hub: _live.Hub))).ToList();
        for (var i = 0; i < 5; i++)
        {
            peer.Accept();
        }

        Assert.That(() => dials.ForEach(dial => _live.Await(dial)), Throws.Nothing);
    }

    [Test]
    public void And_not_for_ever()
    {
        using var peer = new RawPeer(_folder["s"], backlog: 0);
        var options = new TcpConnectOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) };
        _live.Await(Tcp.Connect(_folder["s"], options, _live.Hub));
        Assert.That(() => _live.Await(Tcp.Connect(_folder["s"], options, _live.Hub)), Throws.InstanceOf<TimeoutException>());
    }

    private static string UserId => File.ReadLines("/proc/self/status").Where(static line => line.StartsWith("Uid:", StringComparison.Ordinal))
        .Select(static line => line.Split('\t')[2]).First();

    private static string Peer(Connection connection) =>
        connection.Feature<PeerCredentials>() is { } peer ? $"{peer.ProcessId} {peer.UserId}" : "nobody";

    private (Connection Connection, RawPeer Peer) Wire()
    {
        var peer = new RawPeer(_folder["peer"], backlog: 1);
        var connection = _live.Await(Tcp.Connect(_folder["peer"], hub: _live.Hub));
        return (connection, peer.Accept());
    }

    private sealed class EchoClient(UnixDomainSocketEndPoint remote, Hub hub) : Client(remote, hub: hub)
    {
        public Awaitable<string> Echo(string line) => Call(async connection =>
        {
            connection.OnNext(line.ToBytes());
            return (await connection.Read(Framing.UntilEol())).ToText();
        });
    }
}
