using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>TLS on the virtual network: every cut, small windows, silence, and time that passes at once.</summary>
public class TlsVirtualTests
{
    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol();

    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void A_client_and_a_service_talk()
    {
        Echoes();
        var answer = Ask("hello\r\n");
        Assert.That((answer.ToString(), _world.Trouble), Is.EqualTo(("hello |", "")));
        Assert.That(Crossed, Does.Not.Contain("hello"));
    }

    [Test]
    public void However_the_network_cuts([Values(1, 2, 3, 5, 100, 1000)] int length)
    {
        Echoes();
        _world.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, length)) };
        Assert.That(Ask("a\r\n", "bb\r\n", "ccc\r\n", $"{new string('x', 40_000)}\r\n").ToString(), Is.EqualTo($"a bb ccc {new string('x', 40_000)} |"));
        Assert.That(_world.Trouble, Is.Empty);
    }

    [Test]
    public void However_little_the_network_takes([Values(1, 30, 1000)] int window)
    {
        Echoes();
        _world.Network.Conditions = new() { Window = window };
        var line = new string('y', 30_000);
        Assert.That(Ask("a\r\n", $"{line}\r\n").ToString(), Is.EqualTo($"a {line} |"));
        Assert.That(_world.Trouble, Is.Empty);
    }

    [Test]
    public void The_handler_is_asked_when_both_sides_have_agreed_and_knows_on_what()
    {
        TlsInfo? known = null;
        var service = Serves(c =>
        {
            known = c.Feature<TlsInfo>();
            return c.UntilEol();
        });
        var silent = _world.Dials(7);
        Assert.That((service.ConnectionCount, known), Is.EqualTo((1, (TlsInfo?)null)));
        var connection = Dials();
        Assert.That(known, Is.EqualTo(new TlsInfo(known!.Protocol, known.CipherSuite, null, "localhost", null)));
        Assert.That(connection.Feature<TlsInfo>()!.PeerCertificate!.Subject, Is.EqualTo("CN=localhost"));
        Assert.That(connection.Feature<System.Net.Security.SslStream>()!.IsAuthenticated, Is.True);
        Assert.That(silent.Received, Is.Empty);
    }

    [Test]
    public void A_peer_that_says_nothing_is_dropped()
    {
        var service = Serves(static _ => throw new InvalidOperationException("asked for nothing"));
        var peer = _world.Dials(7);
        _world.Passes(9);
        Assert.That(peer.HasEnded, Is.False);
        _world.Passes(2);
        Assert.That((peer.HasEnded, service.Counts.Ended(ServiceLimit.HandshakeTimeout), _world.Trouble), Is.EqualTo((true, 1L, "TimeoutException")));
        Assert.That(_world.Errors[0], Has.Property("Kind").EqualTo(HubErrorKind.Peer).And.Property("Exception").Message.Contains("within HandshakeTimeout (00:00:10)"));
        _world.Passes(6);
        Assert.That((service.Counts.Open, service.Counts.Lingering), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_peer_that_stops_at_any_byte_is_dropped()
    {
        var service = Serves(static c => c.UntilEol());
        var hello = ClientHello();
        var peers = Enumerable.Range(0, hello.Length).Select(n => _world.Dials(7).Sends(hello.AsMemory(0, n))).ToList();
        _world.Passes(17);
        Assert.That(peers.Count(static p => p.HasEnded), Is.EqualTo(hello.Length));
        Assert.That(service.Counts.ToString(), Does.StartWith("0 open, 0 lingering").And.EndWith($"HandshakeTimeout: {hello.Length}"));
    }

    [Test]
    public void A_server_that_stops_at_any_byte_is_given_up()
    {
        Serves(static c => c.UntilEol());
        var answer = Encoding.Latin1.GetBytes(_world.Dials(7).Sends(ClientHello()).Received);
        Assert.That(answer, Has.Length.GreaterThan(500));
        for (var n = 0; n < answer.Length; n += n < 200 ? 7 : 50)
        {
            var first = answer.AsMemory(0, n);
            using var listening = _world.Listens(8, peer => peer.Sends(first));
            var dial = _world.Watch(Tcp.Connect("10.0.0.1", 8, new() { Tls = Authority.Client }, _world.Hub));
            _world.Passes(11);
            Assert.That(dial.Error, Is.InstanceOf<TimeoutException>().Or.InstanceOf<TlsException>(), $"{n} bytes");
        }
    }

    [Test]
    public void Plain_text_to_a_server_is_told_as_that()
    {
        var service = Serves(static c => c.UntilEol());
        var peer = _world.Dials(7).Sends("GET / HTTP/1.1\r\n\r\n").Ends();
        Assert.That((peer.HasEnded, service.ConnectionCount), Is.EqualTo((true, 0)));
        var error = (TlsException)_world.Errors.Single().Exception;
        Assert.That(error.Fault, Is.EqualTo(TlsFault.NotTls));
        Assert.That(error.Message, Does.StartWith("The peer does not speak TLS: it began with 'GET / HTTP/1.1....'").And.EndsWith($"(peer: {peer.Transport.LocalEndPoint})"));
        Assert.That(_world.Errors[0].Kind, Is.EqualTo(HubErrorKind.Peer));
    }

    [Test]
    public void So_is_a_plain_server()
    {
        _world.Listens(8, static peer => peer.Sends("220 mail.example.com ESMTP\r\n"));
        var dial = _world.Watch(Tcp.Connect("10.0.0.1", 8, new() { Tls = Authority.Client }, _world.Hub));
        Assert.That(dial.Error, Is.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.NotTls).And.Message.Contains("'220 mail.example.com"));
    }

    [Test]
    public void Garbage_is_told_once([Range(0, 19)] int seed)
    {
        var service = Serves(static c => c.UntilEol());
        var bytes = new byte[5000];
        new Random(seed).NextBytes(bytes);
        if (seed % 2 == 0)
        {
            new byte[] { 22, 3, 1, 2, 0 }.CopyTo(bytes, 0);
        }

        var peer = _world.Dials(7).Sends(bytes).Ends();
        _world.Passes(6);
        Assert.That((peer.HasEnded || peer.IsReset, _world.Errors.Count, service.Counts.Open, service.Counts.Lingering), Is.EqualTo((true, 1, 0, 0)));
        Assert.That(_world.Errors[0].Exception, Is.InstanceOf<TlsException>());
    }

    [Test]
    public void A_peer_that_goes_away_meanwhile_is_no_error()
    {
        var service = Serves(static c => c.UntilEol());
        _world.Dials(7).Ends();
        _world.Dials(7).Sends(ClientHello()).Resets();
        _world.Dials(7).Sends(ClientHello().AsMemory(0, 50)).Ends();
        _world.Passes(1);
        Assert.That((service.ConnectionCount, _world.Trouble), Is.EqualTo((0, "")));
    }

    [Test]
    public void What_a_peer_said_before_it_reset_is_what_is_told()
    {
        Serves(static c => c.UntilEol());
        var alert = new byte[] { 21, 3, 3, 0, 2, 2, 48 };
        var (hello, peer) = (ClientHello(), _world.Dials(7));
        _world.Do(() => peer.Sends((byte[])[.. hello, .. alert]).Resets());
        _world.Passes(1);
        Assert.That(_world.Errors.Single().Exception, Is.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.Refused).And.Message.Match("(?i)unknown ?ca"));
    }

    [Test]
    public void A_dial_tells_when_the_server_goes_away_meanwhile()
    {
        _world.Listens(8, static peer => peer.Ends());
        _world.Listens(9, static peer => peer.Resets());
        var ended = _world.Watch(Tcp.Connect("10.0.0.1", 8, new() { Tls = Authority.Client }, _world.Hub));
        var reset = _world.Watch(Tcp.Connect("10.0.0.1", 9, new() { Tls = Authority.Client }, _world.Hub));
        Assert.That(ended.Error, Is.InstanceOf<ConnectionException>().With.Message.Contains("ended the connection before TLS was agreed on"));
        Assert.That(reset.Error, Is.InstanceOf<ConnectionException>().With.Message.EndsWith("was reset by the peer, before TLS was agreed on."));
    }

    [Test]
    public void The_time_to_connect_is_for_TLS_as_well()
    {
        _world.Listens(8);
        var dial = _world.Watch(Tcp.Connect("10.0.0.1", 8, new() { Tls = Authority.Client, ConnectTimeout = TimeSpan.FromSeconds(3) }, _world.Hub));
        _world.Passes(4);
        Assert.That(dial.Error, Is.InstanceOf<TimeoutException>().With.Message.Contains("not agreed on within ConnectTimeout (00:00:03)"));
    }

    [Test]
    public void A_dial_that_is_given_up_meanwhile_leaves_nothing()
    {
        var peers = _world.Listens(8);
        var dial = _world.Watch(Tcp.Connect("10.0.0.1", 8, new() { Tls = Authority.Client }, _world.Hub));
        _world.Do(() => dial.Subscription!.Dispose());
        Assert.That((peers.Last.IsReset, dial.ToString()), Is.EqualTo((true, "")));
    }

    [Test]
    public void A_silent_peer_takes_a_place_until_it_is_dropped()
    {
        Echoes(new() { Tls = Authority.Server, MaxConnections = 1 });
        _world.Dials(7);
        var answer = Ask("a\r\n");
        Assert.That(answer.ToString(), Is.Empty);
        _world.Passes(12);
        Assert.That(answer.ToString(), Is.EqualTo("a |"));
    }

    [Test]
    public void An_end_is_said_and_told_apart_from_a_cut()
    {
        var (connection, peer) = Wired();
        var all = _world.Watch(peer.Read(Framing.UntilEnd()));
        _world.Do(() =>
        {
            connection.OnNext("all".ToBytes());
            connection.OnCompleted();
        });
        Assert.That(all.ToString(), Is.EqualTo("all |"));
    }

    [Test]
    public void A_cut_is_an_error_where_only_the_end_tells_that_all_is_there()
    {
        var (_, whole) = CutShort();
        var (_, chunks) = CutShort();
        var (_, lines) = CutShort("A\r\n");
        var (_, body) = CutShort();
        var all = _world.Watch(whole.Read(Framing.UntilEnd()));
        Assert.That(all.Error, Is.InstanceOf<TruncatedFrameException>().With.Message.Contains("close_notify"));
        Assert.That(_world.Watch(chunks).ToString(), Is.EqualTo("all #TruncatedFrameException"));
        Assert.That(_world.Watch(lines.UntilEol()).ToString(), Is.EqualTo("A |"));
        Assert.That(_world.Watch(body.Body(3)).ToString(), Is.EqualTo("all |"));
    }

    [Test]
    public void A_pipe_tells_a_cut_as_well()
    {
        var pipe = CutShort().Peer.AsPipe().Input;
        var read = pipe.ReadAsync();
        _world.Passes(1);
        pipe.AdvanceTo(read.Result.Buffer.End);
        var more = pipe.ReadAsync();
        _world.Passes(1);
        Assert.That(async () => await more, Throws.InstanceOf<TruncatedFrameException>());
    }

    [Test]
    public void One_side_may_end_and_still_be_answered()
    {
        Serves(static c => c.UntilEol().Count().Select(static n => $"{n} lines\r\n".ToBytes()));
        Assert.That(Ask("a\r\n", "b\r\n").ToString(), Is.EqualTo("2 lines |"));
    }

    [Test]
    public void A_reset_is_told_as_one_behind_what_came_before()
    {
        var (connection, peer) = Wired();
        _world.Do(() => connection.OnNext("A\r\n".ToBytes()));
        var lines = _world.Watch(peer.UntilEol());
        _world.Do(connection.Abort);
        Assert.That(lines.ToString(), Is.EqualTo("A #ConnectionException"));
    }

    [Test]
    public void A_record_that_was_changed_on_its_way_ends_the_connection()
    {
        var changes = false;
        Echoes();
        var dial = _world.Watch(Tcp.Connect("10.0.0.1", 7, new() { Tls = Authority.Client, Layer = (below, _) => new Changing(below, () => changes) }, _world.Hub));
        changes = true;
        _world.Do(() => dial.Last.OnNext("A\r\n".ToBytes()));
        Assert.That(_world.Watch(dial.Last.UntilEol()).Error, Is.InstanceOf<ConnectionException>());
    }

    [Test]
    public void TLS_lies_over_any_layer_and_fails_with_it()
    {
        Echoes(new() { Tls = Authority.Server, Layer = XorLayer.Of(5) });
        var answer = Ask(new TcpConnectOptions { Tls = Authority.Client, Layer = XorLayer.Of(3) }, "a\r\n");
        var plain = _world.Dials(7).Sends("plain");
        Assert.That((answer.ToString(), plain.HasEnded, _world.Trouble), Is.EqualTo(("a |", true, "ProtocolException")));
    }

    [Test]
    public void What_lies_over_TLS_sees_plain_text()
    {
        var wiretap = new Wiretap();
        Echoes();
        var options = new TcpConnectOptions { Layer = (below, hub) => wiretap.Tap(Authority.Client.Lay(below, hub), hub) };
        Assert.That(Ask(options, "a\r\n").ToString(), Is.EqualTo("a |"));
        Assert.That(wiretap.Tapes.Single().Tx, Does.Contain("'a\\r\\n'"));
    }

    [Test]
    public void A_listener_gives_only_connections_that_are_open()
    {
        var story = _world.Watch(Tcp.Listen(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 7), new() { Tls = Authority.Server }, _world.Hub));
        _world.Dials(7).Sends("plain");
        var silent = _world.Dials(7).Sends(ClientHello());
        Assert.That(story.Values, Is.Empty);
        var connection = Dials();
        Assert.That(story.Values, Has.Count.EqualTo(1));
        _world.Do(() => story.Subscription!.Dispose());
        Assert.That((_world.Trouble, silent.IsReset, connection.Closed.IsCancellationRequested), Is.EqualTo(("TlsException", false, false)));
    }

    [Test]
    public void A_service_that_stops_does_not_wait_for_peers_that_do_not_agree()
    {
        var service = Serves(static c => c.UntilEol());
        _world.Dials(7).Sends(ClientHello().AsMemory(0, 20));
        var stopped = _world.Watch(service.Stop());
        _world.Passes(8);
        Assert.That(stopped.ToString(), Is.EqualTo("() |"));
    }

    [Test]
    public void A_hub_that_ends_meanwhile_is_told()
    {
        _world.Listens(8);
        var dial = _world.Watch(Tcp.Connect("10.0.0.1", 8, new() { Tls = Authority.Client }, _world.Hub));
        _world.Hub.Dispose();
        Assert.That(dial.Error, Is.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_server_without_a_certificate_is_refused_by_the_call()
    {
        Assert.That(static () => new TcpService(7, static c => c, new() { Tls = new TlsServerOptions() }), Throws.ArgumentException.With.Message.Contains("needs a certificate"));
        Assert.That(() => Wired().Connection.Upgrade(new TlsServerOptions()), Throws.ArgumentException);
    }

    private string Crossed => string.Concat(_world.Network.Trace.Entries.Where(static e => e.Kind == TraceKind.Sent).Select(static e => e.Bytes.ToText()));

    private void Echoes(TcpServiceOptions? options = null) => Serves(static c => c.UntilEol(100_000), options);

    private TcpService Serves(Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, TcpServiceOptions? options = null) =>
        _world.Starts(new TcpService(7, handler, options ?? new() { Tls = Authority.Server }));

    private Connection Dials() => _world.Watch(Tcp.Connect("10.0.0.1", 7, new() { Tls = Authority.Client }, _world.Hub)).Last;

    // What is answered to all of it, its end included.
    private Story<ReadOnlyMemory<byte>> Ask(params string[] lines) => Ask(new TcpConnectOptions { Tls = Authority.Client }, lines);

    private Story<ReadOnlyMemory<byte>> Ask(TcpConnectOptions options, params string[] lines)
    {
        var story = _world.Watch(Tcp.Connect("10.0.0.1", 7, options, _world.Hub).SelectMany(connection =>
        {
            lines.ToList().ForEach(line => connection.OnNext(line.ToBytes()));
            connection.OnCompleted();
            return connection.UntilEol(100_000);
        }));
        _world.Passes(5);
        return story;
    }

    // A connection, and the service's end of it.
    private (Connection Connection, Connection Peer) Wired(Func<ITransport, Hub, ITransport>? layer = null)
    {
        Connection? accepted = null;
        using var listening = Tcp.Listen(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 9), new() { Tls = Authority.Server }, _world.Hub).Subscribe(c => accepted = c);
        var connection = _world.Watch(Tcp.Connect("10.0.0.1", 9, new() { Tls = Authority.Client, Layer = layer }, _world.Hub)).Last;
        return (connection, accepted!);
    }

    // A connection has sent something, and then TCP ended without TLS saying so.
    private (Connection Connection, Connection Peer) CutShort(string text = "all")
    {
        ITransport? raw = null;
        var (connection, peer) = Wired((below, _) => raw = below);
        _world.Do(() => connection.OnNext(text.ToBytes()));
        _world.Do(() => raw!.ShutdownSend());
        return (connection, peer);
    }

    // What a client says first.
    private byte[] ClientHello()
    {
        using var peers = _world.Listens(99);
        var dial = _world.Watch(Tcp.Connect("10.0.0.1", 99, new() { Tls = Authority.Stranger }, _world.Hub));
        var hello = Encoding.Latin1.GetBytes(peers.Last.Received);
        _world.Do(() => dial.Subscription!.Dispose());
        return hello;
    }

    // Flips a bit of what is sent, when it is told to.
    private sealed class Changing(ITransport below, Func<bool> changes) : ITransport
    {
        public System.Net.EndPoint LocalEndPoint => below.LocalEndPoint;

        public System.Net.EndPoint RemoteEndPoint => below.RemoteEndPoint;

        public long UntakenBytes => below.UntakenBytes;

        public void Start(ITransportHandler handler) => below.Start(handler);

        public void Receive() => below.Receive();

        public int Send(ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            copy[^1] ^= (byte)(changes() ? 1 : 0);
            return below.Send(copy);
        }

        public void ShutdownSend() => below.ShutdownSend();

        public void Close() => below.Close();

        public void Abort() => below.Abort();
    }
}
