using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>The contract of a connection over real sockets, the same for every event loop.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class SocketConnectionTests(Func<Hub> newHub)
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void An_echo_server_echoes()
    {
        using var peer = Dials(new TcpService(0, static c => c.UntilEol()));
        Assert.That(peer.Sends("A\r\nB").Sends("\r\n").Reads(6), Is.EqualTo("A\r\nB\r\n"));
        Assert.That(peer.Ends().ReadsToEnd(), Is.EqualTo(("", (SocketError?)null)));
    }

    [Test]
    public void Client_and_server_of_one_hub_talk()
    {
        var service = _live.Starts(new TcpService(0, static c => c.UntilEol().Select(line => line.ToUpper())));
        var answer = _live.Run(async () =>
        {
            using var connection = await Tcp.Connect("localhost", service.Port);
            connection.OnNext("hello\r\n".ToBytes());
            return (await connection.Read(Framing.UntilEol())).ToText();
        });
        Assert.That(answer, Is.EqualTo("HELLO\r\n"));
    }

    [Test]
    public void A_fin_completes_and_the_output_goes_on()
    {
        var (connection, peer) = _live.Wire();
        peer.Sends("A\r\nB\r\n").Ends();
        Assert.That(_live.Await(connection.UntilEol().Count()), Is.EqualTo(2));
        connection.OnNext("still here".ToBytes());
        connection.OnCompleted();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("still here", (SocketError?)null)));
    }

    [Test]
    public void OnCompleted_ends_the_output_and_the_input_goes_on()
    {
        var (connection, peer) = _live.Wire();
        connection.OnNext("A".ToBytes());
        connection.OnCompleted();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("A", (SocketError?)null)));
        peer.Sends("B\r\n").Ends();
        Assert.That(_live.Await(connection.UntilEol()).ToText(), Is.EqualTo("B\r\n"));
    }

    [Test]
    public void A_fin_inside_a_frame_is_told_with_its_bytes()
    {
        var (connection, peer) = _live.Wire();
        peer.Sends("HAL").Ends();
        Assert.That(() => _live.Await(connection.UntilEol()), Throws.InstanceOf<TruncatedFrameException>().With.Property("PendingBytes").EqualTo(3));
    }

    [Test]
    public void A_reset_is_told_apart_from_a_fin_behind_the_frames_that_came_before()
    {
        var (connection, peer) = _live.Wire();
        var lines = _live.Await(Task.Run(async () =>
        {
            var story = new Story<ReadOnlyMemory<byte>>();
            peer.Sends("A\r\n");
            using var closed = new ManualResetEventSlim();
            connection.Closed.Register(closed.Set);
            connection.UntilEol().Do(_ => peer.Resets()).Subscribe(story);
            await Task.Run(() => closed.Wait(Live.Patience));
            _live.Do(static () => { });
            return story;
        }));
        Assert.That(lines.ToString(), Is.EqualTo("A #ConnectionException"));
        Assert.That(lines.Error!.Message, Is.EqualTo($"The connection {connection.LocalEndPoint} to {connection.RemoteEndPoint} was reset by the peer."));
    }

    [Test]
    public void A_reset_is_noticed_though_nobody_reads()
    {
        var (connection, peer) = _live.Wire();
        Assert.That(
            () => _live.Run(async () =>
            {
                peer.Resets();
                await _live.Hub.Sleep(Live.Patience, connection.Closed);
            }),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_fin_behind_unread_bytes_is_noticed_though_nobody_reads()
    {
        var (connection, peer) = _live.Wire();
        peer.Sends("A\r\n").Ends();
        Wait(connection.PeerEnded);
        Assert.That(connection.Closed.IsCancellationRequested, Is.False);
        Assert.That(_live.Await(connection.UntilEol()).ToText(), Is.EqualTo("A\r\n"));
    }

    [Test]
    public void A_reset_behind_unread_bytes_is_noticed_though_nobody_reads()
    {
        var (connection, peer) = _live.Wire();
        peer.Sends("A\r\n").Resets();
        Wait(connection.Closed);
    }

    [Test]
    public void A_reset_behind_the_end_is_noticed_though_nobody_reads_or_sends()
    {
        var (connection, peer) = _live.Wire();
        peer.Ends();
        Wait(connection.PeerEnded);
        Assert.That(connection.Closed.IsCancellationRequested, Is.False);
        peer.Resets();
        Wait(connection.Closed);
    }

    [Test]
    public void What_came_before_a_reset_can_still_be_read()
    {
        var (connection, peer) = _live.Wire();
        peer.Sends("A\r\nB\r\n").Resets();
        Assert.That(_live.Await(connection.UntilEol().Materialize().Select(static n => n.Kind).ToList()), Has.Count.EqualTo(3));
    }

    [Test]
    public void Abort_resets()
    {
        var (connection, peer) = _live.Wire();
        connection.Abort();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("", SocketError.ConnectionReset)));
    }

    [Test]
    public void Dispose_flushes_and_ends()
    {
        var (connection, peer) = _live.Wire();
        connection.OnNext(new byte[5_000_000]);
        connection.Dispose();
        Assert.That(peer.ReadsToEnd().Text, Has.Length.EqualTo(5_000_000));
    }

    [Test]
    public void Dispose_does_not_lose_the_last_bytes_to_what_the_peer_had_sent()
    {
        var (connection, peer) = _live.Wire();
        var sending = peer.SendsAll(5_000_000);
        connection.OnNext("413 too much".ToBytes());
        connection.Dispose();
        Assert.That((_live.Await(sending), peer.ReadsToEnd()), Is.EqualTo((5_000_000, ("413 too much", (SocketError?)null))));
    }

    [Test]
    public void A_graceful_close_lets_go_of_the_socket_when_the_peer_has_ended_too()
    {
        var service = _live.Starts(new TcpService(0, static c => c.UntilEol().Take(1)));
        using var peer = new RawPeer(service.EndPoint);
        peer.Sends("A\r\n").ReadsToEnd();
        peer.Dispose();
        _live.Run(async () =>
        {
            while (service.ConnectionCount > 0)
            {
                await _live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            }
        });
        Assert.That(service.ConnectionCount, Is.Zero);
    }

    [Test]
    public void Send_completes_once_the_kernel_has_the_bytes()
    {
        var (connection, peer) = _live.Wire();
        var sending = Task.Run(async () => await connection.Send(new byte[15_000_000]));
        Assert.That(peer.Reads(15_000_000), Has.Length.EqualTo(15_000_000));
        Assert.That(() => _live.Await(sending), Throws.Nothing);
        Assert.That(connection.PendingBytes, Is.Zero);
    }

    [Test]
    public void Sending_to_a_peer_that_is_gone_fails()
    {
        var (connection, peer) = _live.Wire();
        peer.Dispose();
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
    public void Threads_may_send_at_once_and_no_byte_is_lost()
    {
        var (connection, peer) = _live.Wire();
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (var n = 0; n < 1000; n++)
            {
                connection.OnNext($"{(char)('a' + t)}{n:000}".ToBytes());
            }
        })).ToList();
        threads.ForEach(static t => t.Start());
        threads.ForEach(static t => t.Join());
        var words = peer.Reads(16_000).Chunk(4).Select(static c => new string(c)).ToList();
        Assert.That(words.GroupBy(static w => w[0]).All(g => g.Select(w => int.Parse(w[1..])).SequenceEqual(Enumerable.Range(0, 1000))), Is.True);
        Assert.That(words, Has.Count.EqualTo(4000));
    }

    [Test]
    public void Disposing_the_hub_resets_open_connections_and_stops_listening()
    {
        var service = _live.Starts(new TcpService(0, static c => c));
        using var peer = new RawPeer(service.EndPoint);
        peer.Sends("A").Reads(1);
        _live.Hub.Dispose();
        Assert.That(peer.ReadsToEnd(), Is.EqualTo(("", SocketError.ConnectionReset)));
        Assert.That(() => new RawPeer(service.EndPoint), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public void A_dial_from_a_local_endpoint_comes_from_there()
    {
        var (connection, peer) = _live.Wire(new() { Socket = new() { LocalEndPoint = new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0) } });
        Assert.That(((IPEndPoint)peer.Socket.RemoteEndPoint!).Address.ToString(), Is.EqualTo("127.0.0.9"));
        Assert.That(connection.LocalEndPoint, Is.EqualTo(peer.Socket.RemoteEndPoint));
    }

    [Test]
    public void Dials_that_were_given_up_leave_no_connection_open()
    {
        using var peer = new RawPeer(backlog: 50);
        for (var i = 0; i < 20; i++)
        {
            // On a busy machine one may be connected before it is given up; then it is this observer's.
            Tcp.Connect("127.0.0.1", peer.Port, hub: _live.Hub).Subscribe(connection => connection.Abort()).Dispose();
        }

        using var last = new RawPeer(new IPEndPoint(IPAddress.Loopback, peer.Port));
        last.Sends("last").Ends();
        var end = (Text: "", Error: (SocketError?)null);
        while (end.Text != "last")
        {
            end = peer.Accept().ReadsToEnd();
            Assert.That(end.Error, Is.Null.Or.EqualTo(SocketError.ConnectionReset));
        }
    }

    [Test]
    public void An_accepted_connection_knows_both_its_ends()
    {
        var service = _live.Starts(new TcpService(0, static c => Observable.Return($"{c.LocalEndPoint} {c.RemoteEndPoint}".ToBytes())));
        using var peer = new RawPeer(service.EndPoint);
        Assert.That(peer.ReadsToEnd().Text, Is.EqualTo($"{peer.Socket.RemoteEndPoint} {peer.Socket.LocalEndPoint}"));
    }

    private void Wait(CancellationToken token) => Assert.That(
        () => _live.Run(async () => await _live.Hub.Sleep(Live.Patience, token)), Throws.InstanceOf<OperationCanceledException>());

    private RawPeer Dials(TcpService service) => new(_live.Starts(service).EndPoint);
}
