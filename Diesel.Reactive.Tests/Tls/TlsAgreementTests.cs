namespace Diesel.Reactive.Tests;

/// <summary>Peers that do not agree: they speak something else, or go away. Told once, and nothing is left.</summary>
public class TlsAgreementTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void Thousands_of_records_that_mean_nothing_are_one_error_at_most()
    {
        var service = _world.ServesTls(static c => c.UntilEol());
        var nothing = Enumerable.Repeat<byte[]>([20, 3, 3, 0, 1, 1], 20_000).SelectMany(static each => each);
        var peer = _world.Dials(7).Sends((byte[])[.. _world.ClientHello(), .. nothing]);
        _world.Passes(17);
        Assert.That((peer.HasEnded || peer.IsReset, _world.Errors.Count, service.Counts.Open), Is.EqualTo((true, 1, 0)));
    }

    [Test]
    public void Plain_text_to_a_server_is_told_as_that()
    {
        var service = _world.ServesTls(static c => c.UntilEol());
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
        var service = _world.ServesTls(static c => c.UntilEol());
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
        var service = _world.ServesTls(static c => c.UntilEol());
        _world.Dials(7).Ends();
        _world.Dials(7).Sends(_world.ClientHello()).Resets();
        _world.Dials(7).Sends(_world.ClientHello().AsMemory(0, 50)).Ends();
        _world.Passes(1);
        Assert.That((service.ConnectionCount, _world.Trouble), Is.EqualTo((0, "")));
    }

    [Test]
    public void What_a_peer_said_before_it_reset_is_what_is_told()
    {
        _world.ServesTls(static c => c.UntilEol());
        var alert = new byte[] { 21, 3, 3, 0, 2, 2, 48 };
        var (hello, peer) = (_world.ClientHello(), _world.Dials(7));
        _world.Do(() => peer.Sends((byte[])[.. hello, .. alert]).Resets());
        _world.Passes(1);
        Assert.That(_world.Errors.Single().Exception, Is.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.Refused));
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
    public void A_dial_that_is_given_up_meanwhile_leaves_nothing()
    {
        var peers = _world.Listens(8);
        var dial = _world.Watch(Tcp.Connect("10.0.0.1", 8, new() { Tls = Authority.Client }, _world.Hub));
        _world.Do(() => dial.Subscription!.Dispose());
        Assert.That((peers.Last.IsReset, dial.ToString()), Is.EqualTo((true, "")));
    }

    [Test]
    public void A_listener_gives_only_connections_that_are_open()
    {
        var story = _world.Watch(Tcp.Listen(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 7), new() { Tls = Authority.Server }, _world.Hub));
        _world.Dials(7).Sends("plain");
        var silent = _world.Dials(7).Sends(_world.ClientHello());
        Assert.That(story.Values, Is.Empty);
        var connection = _world.DialsTls();
        Assert.That(story.Values, Has.Count.EqualTo(1));
        _world.Do(() => story.Subscription!.Dispose());
        Assert.That((_world.Trouble, silent.IsReset, connection.Closed.IsCancellationRequested), Is.EqualTo(("TlsException", false, false)));
    }

    [Test]
    public void A_service_that_stops_does_not_wait_for_peers_that_do_not_agree()
    {
        var service = _world.ServesTls(static c => c.UntilEol());
        _world.Dials(7).Sends(_world.ClientHello().AsMemory(0, 20));
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
        Assert.That(() => _world.WiresTls().Connection.Upgrade(new TlsServerOptions()), Throws.ArgumentException);
    }
}
