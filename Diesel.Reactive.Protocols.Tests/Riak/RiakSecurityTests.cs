using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Messages;
using Diesel.Reactive.Protocols.Riak.Testing;
using Google.Protobuf;

namespace Diesel.Reactive.Tests;

/// <summary>TLS and log-in.</summary>
public class RiakSecurityTests
{
    private static readonly TlsCertificate Certificate = TlsCertificate.SelfSigned("localhost");
    private static readonly RiakServiceOptions Secure = new()
    {
        Security = new() { Certificate = Certificate }, Users = [new("user", "secret")], RefusalDelay = TimeSpan.FromMilliseconds(100),
    };

    // The node knows users by the names in their certificates.
    private static readonly RiakServiceOptions ByCertificate = new()
    {
        Security = Authority.Server with { RequireClientCertificate = true, TrustedRoots = Authority.Shared.Roots }, Users = [new("ada")], RefusalDelay = TimeSpan.FromMilliseconds(100),
    };

    [Test]
    public void Goes_over_to_TLS_and_logs_in() => Play(Secure, "user:secret@", async (riak, heard, _) =>
    {
        await riak.Put("b", "k", "v");
        Assert.That((await riak.Get("b", "k")).Value?.ToText(), Is.EqualTo("v"));
        Assert.That(heard.Select(static one => one.GetType()), Is.EqualTo(new[] { typeof(RpbStartTls), typeof(RpbAuthReq), typeof(RpbPutReq), typeof(RpbGetReq) }));
    });

    [Test]
    public void A_node_without_security_is_told_no_secret() => Play(new(), "user:secret@", async (riak, heard, service) =>
    {
        var error = await RiakPlay.ErrorOf(riak.Get("b", "k"));
        Assert.That(error, Is.InstanceOf<RiakErrorException>().With.Message.Contains("does not speak TLS").And.Property("Text").EqualTo("Security not enabled; STARTTLS not allowed."));
        await Gone(riak, service);
        Assert.That(heard.Select(static one => one.GetType()), Is.EqualTo(new[] { typeof(RpbStartTls) }));
    });

    [Test]
    public void A_wrong_password_is_the_nodes_word_and_the_connection_is_closed() => Play(Secure, "user:wrong@", async (riak, heard, service) =>
    {
        var error = await RiakPlay.ErrorOf(riak.Get("b", "k"));
        Assert.That(error, Is.InstanceOf<RiakErrorException>().With.Property("Text").EqualTo("Authentication failed").And.Message.Not.Contains("wrong"));
        await Gone(riak, service);
    });

    [Test]
    public void A_call_waits_for_the_nodes_word_longer_than_for_others() => Play(Secure with { RefusalDelay = TimeSpan.FromSeconds(1) }, "user:wrong@", async (riak, _, _) =>
        Assert.That(await RiakPlay.ErrorOf(riak.With(static o => o with { Timeout = TimeSpan.FromSeconds(0.5) }).Get("b", "k")), Is.InstanceOf<RiakErrorException>()));

    [Test]
    public void A_foreign_certificate_is_told_no_secret() => Play(
        Secure, "user:secret@",
        async (riak, heard, service) =>
        {
            var error = await RiakPlay.ErrorOf(riak.With(static o => o with { Attempts = 1 }).Get("b", "k"));
            Assert.That(error as TlsException ?? error.InnerException, Is.InstanceOf<TlsException>());
            await Gone(riak, service);
            Assert.That(heard.Select(static one => one.GetType()), Is.EqualTo(new[] { typeof(RpbStartTls) }));
        },
        isTrusted: false);

    [Test]
    public void A_certificate_is_enough() => Play(ByCertificate, "ada@", Of("ada"), async (riak, heard, _) =>
    {
        await riak.Put("b", "k", "v");
        Assert.That((await riak.Get("b", "k")).Value?.ToText(), Is.EqualTo("v"));
        Assert.That(heard.OfType<RpbAuthReq>().Select(static one => (one.User.ToStringUtf8(), one.Password.Length)), Is.EqualTo(new[] { ("ada", 0) }));
    });

    [Test]
    public void A_certificate_lets_nobody_else_in() => Play(ByCertificate, "ada@", Of("eve"), async (riak, _, service) =>
    {
        Assert.That(await RiakPlay.ErrorOf(riak.Get("b", "k")), Is.InstanceOf<RiakErrorException>().With.Property("Text").EqualTo("Authentication failed"));
        await Gone(riak, service);
    });

    [Test]
    public void Without_a_certificate_a_node_that_wants_one_is_told_no_user() => Play(ByCertificate, "ada@", Authority.Client, async (riak, heard, service) =>
    {
        var error = await RiakPlay.ErrorOf(riak.With(static o => o with { Attempts = 1 }).Get("b", "k"));
        Assert.That(error, Is.InstanceOf<ConnectionException>().Or.InstanceOf<TlsException>());
        await Gone(riak, service);
        Assert.That(heard.Select(static one => one.GetType()), Has.None.EqualTo(typeof(RpbAuthReq)));
    });

    [Test]
    public void Who_does_not_begin_with_TLS_is_refused() => Play(Secure, "", async (riak, _, _) =>
        Assert.That(await RiakPlay.ErrorOf(riak.Get("b", "k")), Is.InstanceOf<RiakErrorException>().With.Message.Contains("STARTTLS first")), tls: false);

    private static async Task Gone(RiakClient riak, RiakService service)
    {
        for (var i = 0; i < 500 && service.ConnectionCount > 0; i++)
        {
            await riak.Hub.Sleep(TimeSpan.FromMilliseconds(10));
        }

        Assert.That(service.ConnectionCount, Is.Zero);
    }

    private static TlsClientOptions Of(string user) => Authority.Client with { Certificate = Authority.Shared.Issues(user, forClients: true) };

    private static void Play(RiakServiceOptions options, string user, Func<RiakClient, List<IMessage>, RiakService, Task> loop, bool isTrusted = true, bool tls = true) =>
        Play(options, user, tls ? new() { TrustedRoots = isTrusted ? [Certificate.Certificate] : null } : null, loop);

    private static void Play(RiakServiceOptions options, string user, TlsClientOptions? tls, Func<RiakClient, List<IMessage>, RiakService, Task> loop)
    {
        using var live = new Live();
        var service = live.Starts(new RiakService(options: options));
        var heard = new List<IMessage>();
        service.State.Heard.Subscribe(one => heard.Add(one.Message));
        using var riak = new RiakClient($"riak://{user}localhost:{service.Port}/{(tls is null ? "" : "?tls=true")}", new() { Tls = tls }, live.Hub);
        live.Run(() => loop(riak, heard, service));
    }
}
