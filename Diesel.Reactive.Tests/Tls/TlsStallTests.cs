using System.Security.Authentication;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>Peers that stop in the midst of agreeing, at any byte: given up in time.</summary>
public class TlsStallTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void A_peer_that_says_nothing_is_dropped()
    {
        var service = _world.ServesTls(static _ => throw new InvalidOperationException("asked for nothing"));
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
        var service = _world.ServesTls(static c => c.UntilEol());
        var hello = _world.ClientHello();
        var peers = Enumerable.Range(0, hello.Length).Select(n => _world.Dials(7).Sends(hello.AsMemory(0, n))).ToList();
        _world.Passes(17);
        Assert.That(peers.Count(static p => p.HasEnded), Is.EqualTo(hello.Length));
        Assert.That(service.Counts.ToString(), Does.StartWith("0 open, 0 lingering").And.EndWith($"HandshakeTimeout: {hello.Length}"));
    }

    [Test]
    public void A_client_that_stops_at_any_byte_of_what_it_says_is_dropped([Values(SslProtocols.Tls12, SslProtocols.Tls13)] SslProtocols version)
    {
        var tls = Authority.Stranger with { Protocols = version, HandshakeTimeout = TimeSpan.FromSeconds(60) };
        var service = _world.ServesTls(static c => c.UntilEol());
        var whole = Said(int.MaxValue);
        Assert.That((service.Counts.Open, whole > 200), Is.EqualTo((1, true)));
        for (var n = 0; n < whole; n++)
        {
            Said(n);
        }

        _world.Passes(17);
        Assert.That(service.Counts.ToString(), Does.StartWith("1 open, 0 lingering").And.EndWith($"HandshakeTimeout: {whole}"));

        int Said(int most)
        {
            Stopping? below = null;
            _world.Watch(Tcp.Connect("10.0.0.1", 7, new() { Tls = tls, Layer = (transport, _) => below = new Stopping(transport, most) }, _world.Hub));
            return below!.Said;
        }
    }

    [Test]
    public void A_server_that_stops_at_any_byte_is_given_up()
    {
        _world.ServesTls(static c => c.UntilEol());
        var answer = Encoding.Latin1.GetBytes(_world.Dials(7).Sends(_world.ClientHello()).Received);
        Assert.That(answer, Has.Length.GreaterThan(500));
        for (var n = 0; n < answer.Length; n++)
        {
            var first = answer.AsMemory(0, n);
            using var listening = _world.Listens(8, peer => peer.Sends(first));
            var dial = _world.Watch(Tcp.Connect("10.0.0.1", 8, new() { Tls = Authority.Client }, _world.Hub));
            _world.Passes(11);
            Assert.That(dial.Error, Is.InstanceOf<TimeoutException>().Or.InstanceOf<TlsException>(), $"{n} bytes");
        }
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
    public void A_silent_peer_takes_a_place_until_it_is_dropped()
    {
        _world.EchoesTls(new() { Tls = Authority.Server, MaxConnections = 1 });
        _world.Dials(7);
        var answer = _world.AsksTls("a\r\n");
        Assert.That(answer.ToString(), Is.Empty);
        _world.Passes(12);
        Assert.That(answer.ToString(), Is.EqualTo("a |"));
    }

    // Sends so much, and keeps the rest to itself.
    private sealed class Stopping(ITransport below, int most) : ITransport
    {
        public int Said { get; private set; }

        public System.Net.EndPoint LocalEndPoint => below.LocalEndPoint;

        public System.Net.EndPoint RemoteEndPoint => below.RemoteEndPoint;

        public long UntakenBytes => below.UntakenBytes;

        public void Start(ITransportHandler handler) => below.Start(handler);

        public void Receive() => below.Receive();

        public int Send(ReadOnlySpan<byte> bytes)
        {
            var some = Math.Min(bytes.Length, most - Said);
            Said += some;
            Assert.That(some == 0 ? 0 : below.Send(bytes[..some]), Is.EqualTo(some));
            return bytes.Length;
        }

        public void ShutdownSend() => below.ShutdownSend();

        public void Close() => below.Close();

        public void Abort() => below.Abort();
    }
}
