using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpAsking;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Servers and proxies that want to know who asks.</summary>
public class HttpLoginTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [TestCase("Basic realm=\"r\"")]
    [TestCase("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256, opaque=\"o\"")]
    [TestCase("Digest realm=\"r\", nonce=\"n\", qop=\"auth,auth-int\", algorithm=MD5-sess")]
    [TestCase("Digest realm=\"r\", nonce=\"n\"")]
    [TestCase("Negotiate, NTLM, Basic realm=\"a, b\"")]
    [TestCase("Negotiate abc==, Digest realm=\"r\", nonce=\"n\", algorithm=FOO, Basic realm=r")]
    public void A_login_is_given_to_who_asks_and_only_once(string challenge)
    {
        var asked = new List<string?>();
        _world.Starts(new HttpService(Port, request =>
        {
            asked.Add(request.Headers["Authorization"]);
            return IsRight(request.Headers["Authorization"], request.Method, "secret") ? HttpResponse.Text("in") : HttpResponse.Text("out", 401).With("WWW-Authenticate", challenge);
        }));
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, Credentials = new NetworkCredential("me", "secret") });
        using var other = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, Credentials = new NetworkCredential("me", "wrong") });
        _world.Play(async () =>
        {
            Assert.That(await client.GetAsync("/a").Told(), Is.EqualTo("200 in"));
            Assert.That((asked[0], asked.Count), Is.EqualTo(((string?)null, 2)));
            Assert.That(await other.GetAsync("/a").Told(), Is.EqualTo("401 out"));
            Assert.That(asked, Has.Count.EqualTo(4));
        });
    }

    [TestCase("NTLM")]
    [TestCase("Negotiate")]
    public void A_login_that_is_not_spoken_is_named(string scheme)
    {
        _world.Starts(new HttpService(Port, _ => HttpResponse.Text("out", 401).With("WWW-Authenticate", scheme)));
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, Credentials = new NetworkCredential("me", "secret") });
        _world.Play(async () =>
        {
            var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/"));
            Assert.That(error!.HttpRequestError, Is.EqualTo(HttpRequestError.UserAuthenticationError));
            Assert.That(error.Message, Does.Contain(scheme).And.Contain("Basic and Digest"));
        });
    }

    [Test]
    public void A_login_may_be_given_unasked_from_then_on()
    {
        var asked = 0;
        _world.Starts(new HttpService(Port, request =>
        {
            asked++;
            return request.Headers["Authorization"] is null ? HttpResponse.Of(401).With("WWW-Authenticate", "Basic realm=r") : HttpResponse.Text("in");
        }));
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, Credentials = new NetworkCredential("me", "secret"), PreAuthenticate = true });
        _world.Play(async () =>
        {
            Assert.That((await client.GetStringAsync("/a"), await client.GetStringAsync("/b"), asked), Is.EqualTo(("in", "in", 3)));
        });
    }

    [Test]
    public void A_proxy_is_asked_with_the_whole_URI_and_told_who_asks()
    {
        var heads = new List<string>();
        _world.Serves(head =>
        {
            heads.Add(head);
            return head.Contains("Proxy-Authorization", StringComparison.Ordinal) ? Ok : "HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm=p\r\nContent-Length: 0\r\n\r\n";
        }, port: 3128);
        var proxy = new WebProxy("http://10.0.0.1:3128") { Credentials = new NetworkCredential("me", "secret") };
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = proxy });
        _world.Play(async () => Assert.That(await client.GetStringAsync("http://example.com/a?b"), Is.EqualTo("hello")));
        Assert.That(heads, Is.EqualTo(new[]
        {
            "GET http://example.com/a?b HTTP/1.1\nHost: example.com\n\n",
            "GET http://example.com/a?b HTTP/1.1\nHost: example.com\nProxy-Authorization: Basic bWU6c2VjcmV0\n\n",
        }));
    }

    // By the formulas of RFC 7616 §3.4, written down once more.
    private static bool IsRight(string? authorization, string method, string password)
    {
        if (authorization is null || authorization.StartsWith("Basic ", StringComparison.Ordinal))
        {
            return authorization == $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{password}"))}";
        }

        var said = Regex.Matches(authorization, "(\\w+)=(?:\"([^\"]*)\"|([^, ]*))").ToDictionary(static m => m.Groups[1].Value, static m => m.Groups[2].Value + m.Groups[3].Value);
#pragma warning disable CA5351 // It is what the RFC says.
        string Sum(string text) => Convert.ToHexStringLower(said.GetValueOrDefault("algorithm") == "SHA-256" ? SHA256.HashData(Encoding.UTF8.GetBytes(text)) : MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
        var a1 = Sum($"{said["username"]}:{said["realm"]}:{password}");
        a1 = said.GetValueOrDefault("algorithm") == "MD5-sess" ? Sum($"{a1}:{said["nonce"]}:{said["cnonce"]}") : a1;
        var a2 = Sum($"{method}:{said["uri"]}");
        var answer = said.TryGetValue("qop", out var qop) ? Sum($"{a1}:{said["nonce"]}:{said["nc"]}:{said["cnonce"]}:{qop}:{a2}") : Sum($"{a1}:{said["nonce"]}:{a2}");
        return said["response"] == answer && said["username"] == "me";
    }
}
