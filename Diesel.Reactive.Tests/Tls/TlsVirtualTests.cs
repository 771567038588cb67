using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>TLS on the virtual network: every cut, small windows, other layers.</summary>
public class TlsVirtualTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void A_client_and_a_service_talk()
    {
        _world.EchoesTls();
        var answer = _world.AsksTls("hello\r\n");
        Assert.That((answer.ToString(), _world.Trouble), Is.EqualTo(("hello |", "")));
        Assert.That(Crossed, Does.Not.Contain("hello"));
    }

    [Test]
    public void However_the_network_cuts([Values(1, 2, 3, 5, 100, 1000)] int length)
    {
        _world.EchoesTls();
        _world.Network.Conditions = new() { Cut = Cut.Of(there => Math.Min(there, length)) };
        Assert.That(_world.AsksTls("a\r\n", "bb\r\n", "ccc\r\n", $"{new string('x', 40_000)}\r\n").ToString(), Is.EqualTo($"a bb ccc {new string('x', 40_000)} |"));
        Assert.That(_world.Trouble, Is.Empty);
    }

    [Test]
    public void However_little_the_network_takes([Values(1, 30, 1000)] int window)
    {
        _world.EchoesTls();
        _world.Network.Conditions = new() { Window = window };
        var line = new string('y', 30_000);
        Assert.That(_world.AsksTls("a\r\n", $"{line}\r\n").ToString(), Is.EqualTo($"a {line} |"));
        Assert.That(_world.Trouble, Is.Empty);
    }

    [Test]
    public void The_handler_is_asked_when_both_sides_have_agreed_and_knows_on_what()
    {
        TlsInfo? known = null;
        var service = _world.ServesTls(c =>
        {
            known = c.Feature<TlsInfo>();
            return c.UntilEol();
        });
        var silent = _world.Dials(7);
        Assert.That((service.ConnectionCount, known), Is.EqualTo((1, (TlsInfo?)null)));
        var connection = _world.DialsTls();
        Assert.That(known, Is.EqualTo(new TlsInfo(known!.Protocol, known.CipherSuite, null, "localhost", null)));
        Assert.That(connection.Feature<TlsInfo>()!.PeerCertificate!.Subject, Is.EqualTo("CN=localhost"));
        Assert.That(connection.Feature<System.Net.Security.SslStream>()!.IsAuthenticated, Is.True);
        Assert.That(silent.Received, Is.Empty);
    }

    [Test]
    public void TLS_lies_over_any_layer_and_fails_with_it()
    {
        _world.EchoesTls(new() { Tls = Authority.Server, Layer = XorLayer.Of(5) });
        var answer = _world.AsksTls(new TcpConnectOptions { Tls = Authority.Client, Layer = XorLayer.Of(3) }, "a\r\n");
        var plain = _world.Dials(7).Sends("plain");
        Assert.That((answer.ToString(), plain.HasEnded, _world.Trouble), Is.EqualTo(("a |", true, "ProtocolException")));
    }

    [Test]
    public void What_lies_over_TLS_sees_plain_text()
    {
        var wiretap = new Wiretap();
        _world.EchoesTls();
        var options = new TcpConnectOptions { Layer = (below, hub) => wiretap.Tap(Authority.Client.Lay(below, hub), hub) };
        Assert.That(_world.AsksTls(options, "a\r\n").ToString(), Is.EqualTo("a |"));
        Assert.That(wiretap.Tapes.Single().Tx, Does.Contain("'a\\r\\n'"));
    }

    private string Crossed => string.Concat(_world.Network.Trace.Entries.Where(static e => e.Kind == TraceKind.Sent).Select(static e => e.Bytes.ToText()));
}
