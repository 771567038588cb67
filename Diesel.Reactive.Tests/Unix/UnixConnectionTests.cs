using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Connections over Unix sockets, the same for every event loop.</summary>
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
    public void An_echo_server_echoes()
    {
        using var peer = Dials(new TcpService(_folder["s"], static c => c.UntilEol()));
        Assert.That(peer.Sends("A\r\nB").Sends("\r\n").Reads(6), Is.EqualTo("A\r\nB\r\n"));
        Assert.That(peer.Ends().ReadsToEnd(), Is.EqualTo(("", (SocketError?)null)));
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
    public void A_tcp_connection_has_no_credentials()
    {
        var (connection, _) = _live.Wire();
        Assert.That(_live.Do(connection.Feature<PeerCredentials>), Is.Null);
    }

    [Test]
    public void Who_has_no_name_is_called_unnamed()
    {
        var service = _live.Starts(new TcpService(_folder["s"], static c => Observable.Return($"{c}".ToBytes())));
        using var peer = new RawPeer(service.EndPoint);
        Assert.That(peer.ReadsToEnd().Text, Is.EqualTo($"connection {service.EndPoint} to an unnamed socket"));
    }

    [Test]
    public void A_fin_completes_and_the_output_goes_on()
    {
        var (connection, peer) = Wire();
        peer.Sends("A\r\nB\r\n").Ends();
        Assert.That(_live.Await(connection.UntilEol().Count()), Is.EqualTo(2));
        connection.OnNext("still here".ToBytes());
        connection.OnCompleted();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("still here", (SocketError?)null)));
    }

    [Test]
    public void OnCompleted_ends_the_output_and_the_input_goes_on()
    {
        var (connection, peer) = Wire();
        connection.OnNext("A".ToBytes());
        connection.OnCompleted();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("A", (SocketError?)null)));
        peer.Sends("B\r\n").Ends();
        Assert.That(_live.Await(connection.UntilEol()).ToText(), Is.EqualTo("B\r\n"));
    }

    [Test]
    public void A_fin_behind_unread_bytes_is_noticed_though_nobody_reads()
    {
        var (connection, peer) = Wire();
        peer.Sends("A\r\n").Ends();
        Wait(connection.PeerEnded);
        Assert.That(connection.Closed.IsCancellationRequested, Is.False);
        Assert.That(_live.Await(connection.UntilEol()).ToText(), Is.EqualTo("A\r\n"));
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
    public void Sending_to_a_peer_that_is_gone_fails()
    {
        var (connection, peer) = Wire();
        peer.Socket.Dispose();
        Assert.That(
            () => _live.Run(async () =>
            {
                while (true)
                {
                    await connection.Send("A".ToBytes());
                    await _live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
                }
            }),
            Throws.InstanceOf<ConnectionException>());
    }

    [Test]
    public void Dispose_flushes_and_ends()
    {
        var (connection, peer) = Wire();
        connection.OnNext(new byte[5_000_000]);
        connection.Dispose();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo((new string('\0', 5_000_000), (SocketError?)null)));
    }

    [Test]
    public void Dispose_does_not_lose_the_last_bytes_to_what_the_peer_had_sent()
    {
        var (connection, peer) = Wire();
        var sending = peer.SendsAll(5_000_000);
        connection.OnNext("413 too much".ToBytes());
        connection.Dispose();
        Assert.That((_live.Await(sending), peer.ReadsToEnd()), Is.EqualTo((5_000_000, ("413 too much", (SocketError?)null))));
    }

    [Test]
    public void An_abort_is_an_end_since_there_is_no_reset()
    {
        var (connection, peer) = Wire();
        connection.Abort();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("", (SocketError?)null)));
    }

    [Test]
    public void A_slow_reader_is_waited_for_and_no_byte_is_lost()
    {
        var (connection, peer) = Wire();
        var sending = Task.Run(async () => await connection.Send(new byte[15_000_000]));
        Assert.That(peer.Reads(15_000_000), Has.Length.EqualTo(15_000_000));
        Assert.That(() => _live.Await(sending), Throws.Nothing);
        Assert.That(connection.PendingBytes, Is.Zero);
    }

    [Test]
    public void A_file_goes_out()
    {
        var file = _folder.PathOf("file");
        File.WriteAllText(file, new string('x', 1_000_000));
        var (connection, peer) = Wire();
        var sending = Task.Run(async () => await connection.SendFile(file));
        Assert.That(peer.Reads(1_000_000), Is.EqualTo(new string('x', 1_000_000)));
        _live.Await(sending);
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

    [Test]
    public void A_thousand_clients_are_served()
    {
        var service = _live.Starts(new TcpService(_folder["s"], static c => c.UntilEol()));
        var sum = _live.Run(async () =>
        {
            var answers = await Observable.Merge(Enumerable.Range(0, 1000).Select(n => Observable.FromAsync(async () =>
            {
                using var connection = await Tcp.Connect(service.EndPoint);
                connection.OnNext($"{n}\r\n".ToBytes());
                return int.Parse((await connection.Read(Framing.UntilEol())).ToText());
            }))).ToList();
            return answers.Sum();
        });
        Assert.That(sum, Is.EqualTo(999 * 1000 / 2));
    }

    private static string UserId => File.ReadLines("/proc/self/status").Where(static line => line.StartsWith("Uid:", StringComparison.Ordinal))
        .Select(static line => line.Split('\t')[2]).First();

    private static string Peer(Connection connection) =>
        connection.Feature<PeerCredentials>() is { } peer ? $"{peer.ProcessId} {peer.UserId}" : "nobody";

    private void Wait(CancellationToken token) => Assert.That(
        () => _live.Run(async () => await _live.Hub.Sleep(Live.Patience, token)), Throws.InstanceOf<OperationCanceledException>());

    private (Connection Connection, RawPeer Peer) Wire()
    {
        var peer = new RawPeer(_folder["peer"], backlog: 1);
        var connection = _live.Await(Tcp.Connect(_folder["peer"], hub: _live.Hub));
        return (connection, peer.Accept());
    }

    private RawPeer Dials(TcpService service) => new(_live.Starts(service).EndPoint);

    private sealed class EchoClient(UnixDomainSocketEndPoint remote, Hub hub) : Client(remote, hub: hub)
    {
        public Awaitable<string> Echo(string line) => Call(async connection =>
        {
            connection.OnNext(line.ToBytes());
            return (await connection.Read(Framing.UntilEol())).ToText();
        });
    }
}
