using System.Security.Authentication;

namespace Diesel.Reactive.Tests;

/// <summary>What the two sides agree on: names and their certificates, protocols over TLS, versions.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class TlsNamesTests(Func<Hub> newHub)
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(newHub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public void Each_name_has_its_certificate_chosen_in_its_own_time()
    {
        var (a, b) = (Authority.Shared.Issues("a.example"), Authority.Shared.Issues("b.example"));
        var service = Serves(new()
        {
            CertificateFor = async name =>
            {
                await Task.Yield();
                return name == "a.example" ? a : name == "b.example" ? b : null;
            },
        });
        Assert.That((Talks(service, "a.example"), Talks(service, "B.example")), Is.EqualTo(("a.example CN=a.example", "B.example CN=b.example")));
        Assert.That(() => Talks(service, "c.example"), Throws.InstanceOf<ConnectionException>());
        var error = (TlsException)_live.Await(_live.Errors.FirstAsync()).Exception;
        Assert.That((error.Fault, error.Message), Is.EqualTo((TlsFault.NoCertificate, error.Message)));
        Assert.That(error.Message, Does.Contain("no certificate for the name 'c.example'"));
    }

    [Test]
    public void An_unknown_name_gets_the_other_certificate()
    {
        var service = Serves(new() { Certificate = Authority.Localhost, CertificateFor = static _ => default });
        Assert.That(Talks(service, "localhost"), Is.EqualTo("localhost CN=localhost"));
    }

    [Test]
    public void A_certificate_is_renewed_without_a_restart()
    {
        var current = Authority.Shared.Issues();
        var service = Serves(new() { CertificateFor = _ => ValueTask.FromResult<TlsCertificate?>(current) });
        var first = Serial(service);
        current = Authority.Shared.Issues();
        Assert.That((Serial(service), first), Is.EqualTo((current.Certificate.SerialNumber, first)).And.Not.EqualTo((first, first)));
    }

    [Test]
    public void What_chooses_and_throws_harms_its_own_connection_only()
    {
        var service = Serves(new() { Certificate = Authority.Localhost, CertificateFor = static name => name == "bad" ? throw new NotSupportedException() : default });
        Assert.That(() => Talks(service, "bad"), Throws.InstanceOf<ConnectionException>());
        Assert.That(_live.Await(_live.Errors.FirstAsync()), Has.Property("Kind").EqualTo(HubErrorKind.Code).And.Property("Exception").InstanceOf<NotSupportedException>());
        Assert.That(Talks(service, "localhost"), Does.StartWith("localhost"));
    }

    [Test]
    public void The_best_protocol_in_common_is_chosen()
    {
        var service = Serves(Authority.Server with { ApplicationProtocols = ["h2", "http/1.1"] });
        Assert.That((Protocol("http/1.1", "h2"), Protocol("http/1.1"), Protocol()), Is.EqualTo(("h2", "http/1.1", (string?)null)));
        Assert.That(() => Protocol("imap"), Throws.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.Refused));

        string? Protocol(params string[] names) => With(service, Authority.Client with { ApplicationProtocols = names }, static info => info.ApplicationProtocol);
    }

    [TestCase(SslProtocols.Tls12, SslProtocols.Tls12 | SslProtocols.Tls13, SslProtocols.Tls12)]
    [TestCase(SslProtocols.None, SslProtocols.None, SslProtocols.Tls13)]
    public void The_best_version_in_common_is_spoken(SslProtocols server, SslProtocols client, SslProtocols spoken) => Assert.That(
        With(Serves(Authority.Server with { Protocols = server }), Authority.Client with { Protocols = client }, static info => info.Protocol), Is.EqualTo(spoken));

    [Test]
    public void Without_a_version_in_common_both_sides_are_told()
    {
        var service = Serves(Authority.Server with { Protocols = SslProtocols.Tls13 });
        Assert.That(
            () => With(service, Authority.Client with { Protocols = SslProtocols.Tls12 }, static info => info.Protocol),
            Throws.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.Refused));
        Assert.That(_live.Await(_live.Errors.FirstAsync()).Exception, Is.InstanceOf<TlsException>().With.Property("Fault").EqualTo(TlsFault.Handshake));
    }

    [Test]
    public void Pools_and_clients_speak_it_as_they_are()
    {
        var service = Serves(Authority.Server);
        using var client = new Hello("localhost", service.Port, _live.Hub);
        Assert.That(_live.Run(async () => await client.Name()), Is.EqualTo("localhost CN=localhost"));
    }

    private TcpService Serves(TlsServerOptions tls) => _live.Starts(new TcpService(
        0, static c => Observable.Return($"{c.Feature<TlsInfo>()!.ServerName} ".ToBytes()), new() { Tls = tls }));

    private string Talks(TcpService service, string name) => _live.Run(async () =>
    {
        using var connection = await Dials(service, Authority.Client with { ServerName = name });
        return $"{name} {connection.Feature<TlsInfo>()!.PeerCertificate!.Subject}";
    });

    private string Serial(TcpService service) => With(service, Authority.Client, static info => info.PeerCertificate!.SerialNumber);

    private T With<T>(TcpService service, TlsClientOptions tls, Func<TlsInfo, T> look) => _live.Run(async () =>
    {
        using var connection = await Dials(service, tls);
        return look(connection.Feature<TlsInfo>()!);
    });

    private Awaitable<Connection> Dials(TcpService service, TlsClientOptions tls) => Tcp.Connect("127.0.0.1", service.Port, new() { Tls = tls }, _live.Hub);

    private sealed class Hello(string host, int port, Hub hub) : Client(host, port, new() { Tls = Authority.Client }, hub)
    {
        public Awaitable<string> Name() => Call(static async connection =>
            $"{(await connection.Read(Framing.UntilEnd())).ToText()}{connection.Feature<TlsInfo>()?.PeerCertificate?.Subject}");
    }
}
