using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Certificates that are refused, each with a message that says why.</summary>
public class CertificateFaultTests
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live();

    [TearDown]
    public void Stop() => _live.Dispose();

    private static IEnumerable<TestCaseData> Servers()
    {
        var authority = Authority.Shared;
        yield return Case(TlsFault.Expired, "has expired on", () => authority.Issues(from: -20, to: -10));
        yield return Case(TlsFault.NotYetValid, "is not valid before", () => authority.Issues(from: 10, to: 20));
        yield return Case(TlsFault.WrongName, "is not for 'localhost', but for example.com", () => authority.Issues("example.com"));
        yield return Case(TlsFault.SelfSigned, "is signed by itself", static () => TlsCertificate.SelfSigned("localhost"));
        yield return Case(TlsFault.WrongPurpose, "is not for servers", () => authority.Issues(forClients: true));
        yield return Case(TlsFault.UnknownAuthority, "the authority CN=Somebody of its certificate is not known", static () => new Authority("Somebody").Issues());

        static TestCaseData Case(TlsFault fault, string message, Func<TlsCertificate> certificate) =>
            new TestCaseData(fault, message, certificate).SetArgDisplayNames(fault.ToString(), message);
    }

    [TestCaseSource(nameof(Servers))]
    public void A_client_refuses_a_servers(TlsFault fault, string message, Func<TlsCertificate> certificate)
    {
        var service = Serves(new() { Certificate = certificate() });
        Assert.That(() => _live.Await(Dials(service, Authority.Client)), Throws.InstanceOf<TlsException>()
            .With.Property("Fault").EqualTo(fault).And.Message.Contains(message).And.Message.StartsWith("TLS was not agreed on with the peer: "));
        Assert.That(() => service.ConnectionCount, Is.Zero.After((int)Live.Patience.TotalMilliseconds, 5));
    }

    [Test]
    public void A_client_trusts_nobody_it_was_not_told_of()
    {
        var service = Serves(Authority.Server);
        Assert.That(() => _live.Await(Dials(service, new() { ServerName = "localhost" })), Throws.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.UnknownAuthority));
    }

    [Test]
    public void A_session_of_somebody_who_trusts_it_helps_nobody_else()
    {
        var service = Serves(Authority.Server);
        Assert.That((Talks(service, Authority.Client), Talks(service, Authority.Client)), Is.EqualTo(("hello", "hello")));
        Assert.That(() => Talks(service, new() { ServerName = "localhost" }), Throws.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.UnknownAuthority));
    }

    [Test]
    public void A_client_that_was_told_to_accept_a_certificate_does()
    {
        var service = Serves(new() { Certificate = TlsCertificate.SelfSigned("localhost") });
        Assert.That(Talks(service, new() { Configure = static o => o.RemoteCertificateValidationCallback = static (_, _, _, _) => true }), Is.EqualTo("hello"));
        Assert.That(
            () => Talks(service, new() { Configure = static o => o.RemoteCertificateValidationCallback = static (_, _, _, _) => false }),
            Throws.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.WrongName));
    }

    [Test]
    public void A_callback_that_refuses_a_good_certificate_is_named()
    {
        var service = Serves(Authority.Server);
        var tls = Authority.Client with { Configure = static o => o.RemoteCertificateValidationCallback = static (_, _, _, _) => false };
        Assert.That(() => Talks(service, tls), Throws.InstanceOf<TlsException>().With.Message.Contains("RemoteCertificateValidationCallback"));
    }

    [Test]
    public void What_a_callback_throws_is_the_error_of_the_dial()
    {
        var service = Serves(Authority.Server);
        var tls = Authority.Client with { Configure = static _ => throw new NotSupportedException() };
        Assert.That(() => Talks(service, tls), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void The_host_that_is_dialled_is_the_name()
    {
        var service = Serves(Authority.Server);
        Assert.That(_live.Run(async () =>
        {
            using var connection = await Tcp.Connect("localhost", service.Port, new() { Tls = Authority.Client with { ServerName = null } });
            return connection.Feature<TlsInfo>()!.ServerName;
        }), Is.EqualTo("localhost"));
        Assert.That(
            () => _live.Await(Dials(service, Authority.Client with { ServerName = null })),
            Throws.InstanceOf<TlsException>().With.Message.Contains("is not for '127.0.0.1', but for localhost"));
    }

    [Test]
    public void A_certificate_for_an_address_is_good_for_it()
    {
        var certificate = TlsCertificate.SelfSigned("127.0.0.1");
        var service = Serves(new() { Certificate = certificate });
        Assert.That(Talks(service, new() { TrustedRoots = [certificate.Certificate] }), Is.EqualTo("hello"));
    }

    [TestCase(true, true, null)]
    [TestCase(true, false, TlsFault.Revoked)]
    [TestCase(false, false, null)]
    public void What_was_revoked_is_refused_where_that_is_asked_for(bool checks, bool isGood, TlsFault? fault)
    {
        using var lists = new RevocationServer();
        var authority = new Authority($"Authority {Guid.NewGuid()}");
        var (good, revoked) = (authority.Issues(revocationList: lists.Address), authority.Issues(revocationList: lists.Address));
        lists.Content = authority.Revokes(revoked);
        var service = Serves(new() { Certificate = isGood ? good : revoked });
        var tls = new TlsClientOptions { ServerName = "localhost", TrustedRoots = authority.Roots, CheckRevocation = checks };
        if (fault is null)
        {
            Assert.That(Talks(service, tls), Is.EqualTo("hello"));
        }
        else
        {
            Assert.That(() => Talks(service, tls), Throws.InstanceOf<TlsException>().With.Property("Fault").EqualTo(fault).And.Message.Contains("was revoked"));
        }
    }

    [Test]
    public void That_revocation_cannot_be_looked_up_is_an_error_where_it_is_asked_for()
    {
        var authority = new Authority($"Authority {Guid.NewGuid()}");
        var service = Serves(new() { Certificate = authority.Issues() });
        Assert.That(
            () => Talks(service, new() { ServerName = "localhost", TrustedRoots = authority.Roots, CheckRevocation = true }),
            Throws.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.RevocationUnknown));
    }

    [Test]
    public void A_server_that_asks_for_a_certificate_gets_a_good_one()
    {
        var service = Serves(Authority.Server with { RequireClientCertificate = true, TrustedRoots = Authority.Shared.Roots });
        var certificate = Authority.Shared.Issues("somebody", forClients: true);
        Assert.That(Talks(service, Authority.Client with { Certificate = certificate }), Is.EqualTo("CN=somebody"));
    }

    private static IEnumerable<TestCaseData> Clients()
    {
        yield return Case(TlsFault.NoCertificate, "it sent no certificate", static () => null);
        yield return Case(TlsFault.WrongPurpose, "is not for clients", static () => Authority.Shared.Issues("somebody"));
        yield return Case(TlsFault.Expired, "has expired on", static () => Authority.Shared.Issues("somebody", forClients: true, from: -20, to: -10));
        yield return Case(TlsFault.SelfSigned, "is signed by itself", static () => TlsCertificate.SelfSigned("somebody"));

        static TestCaseData Case(TlsFault fault, string message, Func<TlsCertificate?> certificate) =>
            new TestCaseData(fault, message, certificate).SetArgDisplayNames(fault.ToString(), message);
    }

    [TestCaseSource(nameof(Clients))]
    public void A_server_refuses_a_clients(TlsFault fault, string message, Func<TlsCertificate?> certificate)
    {
        var service = Serves(Authority.Server with { RequireClientCertificate = true, TrustedRoots = Authority.Shared.Roots });
        Assert.That(() => Talks(service, Authority.Client with { Certificate = certificate() }), Throws.InstanceOf<ConnectionException>().Or.InstanceOf<ProtocolException>());
        var error = (TlsException)_live.Await(_live.Errors.FirstAsync()).Exception;
        Assert.That((error.Fault, error.Message), Is.EqualTo((fault, error.Message)));
        Assert.That(error.Message, Does.Contain(message));
    }

    private TcpService Serves(TlsServerOptions tls) => _live.Starts(new TcpService(
        0, static c => Observable.Return((c.Feature<TlsInfo>()!.PeerCertificate?.Subject ?? "hello").ToBytes()), new() { Tls = tls }));

    private Awaitable<Connection> Dials(TcpService service, TlsClientOptions tls) => Tcp.Connect("127.0.0.1", service.Port, new() { Tls = tls }, _live.Hub);

    private string Talks(TcpService service, TlsClientOptions tls) => _live.Run(async () =>
    {
        using var connection = await Dials(service, tls);
        return (await connection.Read(Framing.UntilEnd())).ToText();
    });

    // An authority's web server.
    private sealed class RevocationServer : IDisposable
    {
        private readonly Hub _hub = new();
        private readonly TcpService _service;

        public RevocationServer()
        {
            _service = new TcpService(new IPEndPoint(IPAddress.Loopback, 0), async c =>
            {
                while ((await c.Read(Framing.UntilEol())).Length > 2)
                {
                }

                c.OnNext($"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nContent-Length: {Content.Length}\r\nConnection: close\r\n\r\n".ToBytes());
                c.OnNext(Content);
            });
            _service.Start(_hub);
        }

        public string Address => $"http://127.0.0.1:{_service.Port}/{Guid.NewGuid()}.crl";

        public byte[] Content { get; set; } = [];

        public void Dispose() => _hub.Dispose();
    }
}
