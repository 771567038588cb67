using System.Net;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpAsking;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>.NET's HttpClient over a hub's connections, with this library's server: whole conversations in virtual time.</summary>
public class DieselHttpHandlerTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void Whatever_is_asked_is_answered()
    {
        _world.Starts(new HttpService(Port, async request => HttpResponse.Text($"{request.Method} {request.Target} {request.Headers["X"]} {request.Headers["Content-Type"]} {await request.ReadText()}")));
        using var client = _world.Clients();
        client.DefaultRequestHeaders.Add("X", "y");
        _world.Play(async () =>
        {
            Assert.That(await client.GetStringAsync("a?b=c"), Is.EqualTo("GET /a?b=c y  "));
            Assert.That(await client.PostAsync("b", new StringContent("hi")).Told(), Is.EqualTo("200 POST /b y text/plain; charset=utf-8 hi"));
            Assert.That(await client.PutAsync("c", new StreamContent(new MemoryStream([65, 66]))).Told(), Is.EqualTo("200 PUT /c y  AB"));
            Assert.That(await client.PostAsync("d", new MultipartFormDataContent("x") { { new StringContent("v"), "n" } }).Told(), Does.Contain("name=n").And.Contain("v\r\n--x--"));
            Assert.That(await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "e") { Content = new StringContent(new string('x', 100_000)), Headers = { TransferEncodingChunked = true } }).Told(), Does.EndWith(" xxx").Or.EndWith("xxxx"));
            Assert.That(await client.DeleteAsync("f").Told(), Is.EqualTo("200 DELETE /f y  "));
        });
        Assert.That(_world.Trouble, Is.Empty);
    }

    [Test]
    public void Everything_stays_on_the_hubs_thread_and_in_its_time()
    {
        _world.Starts(new HttpService(Port, async _ =>
        {
            await _world.Hub.Sleep(TimeSpan.FromSeconds(5));
            return Observable.Interval(TimeSpan.FromSeconds(1), _world.Hub).Take(3).Select(static n => $"{n}").AsResponse();
        }));
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
            Assert.That((_world.Now, Hub.Current), Is.EqualTo((5.0, _world.Hub)).Within(0.01));
            var body = await response.Content.ReadAsStringAsync();
            Assert.That((body, _world.Now, Hub.Current), Is.EqualTo(("012", 8.0, _world.Hub)).Within(0.01));
        });
    }

    [Test]
    public void Headers_are_where_HttpClient_has_them_and_trailers_behind_the_body()
    {
        _world.Starts(new HttpService(Port, _ => HttpResponse.Text("hello").With("X", "y").With("Set-Cookie", "a=b").WithTrailers(static () => HttpHeaders.Of(("T", "v")), "T")));
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            for (var i = 0; i < 2; i++)
            {
                using var response = await client.GetAsync("/");
                Assert.That((response.Headers.GetValues("X").Single(), response.Content.Headers.ContentType?.MediaType, response.ReasonPhrase, response.Version),
                    Is.EqualTo(("y", "text/plain", "OK", HttpVersion.Version11)));
                Assert.That(response.TrailingHeaders.GetValues("T"), Is.EqualTo(new[] { "v" }));
            }
        });
    }

    [Test]
    public void A_cancelled_request_ends_its_connection_and_its_handler()
    {
        var aborted = false;
        _world.Starts(new HttpService(Port, async request =>
        {
            request.Aborted.Register(() => aborted = true);
            await _world.Hub.Sleep(TimeSpan.FromHours(1));
            return HttpResponse.Text("late");
        }));
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            using var cancellation = new CancellationTokenSource();
            _world.Hub.Sleep(TimeSpan.FromSeconds(1)).Subscribe(_ => cancellation.Cancel());
            Assert.That(await client.GetAsync("/", cancellation.Token).Told(), Is.EqualTo("cancelled"));
            await _world.Hub.Sleep(TimeSpan.FromSeconds(1));
            Assert.That((aborted, _world.Now), Is.EqualTo((true, 2.0)).Within(0.01));
        });
    }

    [Test]
    public void Cookies_are_kept_and_sent_back()
    {
        _world.Starts(new HttpService(Port, request => HttpResponse.Text($"[{request.Headers["Cookie"]}]").With("Set-Cookie", "a=b; Path=/x").With("Set-Cookie", "c=d")));
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            Assert.That(await client.GetStringAsync("/"), Is.EqualTo("[]"));
            Assert.That(await client.GetStringAsync("/"), Is.EqualTo("[c=d]"));
            Assert.That(await client.GetStringAsync("/x"), Is.EqualTo("[a=b; c=d]"));
        });
    }

    [Test]
    public void A_redirect_shows_where_it_led()
    {
        _world.Starts(new HttpService(Port, request => request.Path == "/to" ? HttpResponse.Text(request.Method) : HttpResponse.Redirect("/to?x", 303)));
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            using var response = await client.PostAsync("/from", new StringContent("hi"));
            Assert.That((await response.Content.ReadAsStringAsync(), response.RequestMessage!.RequestUri!.PathAndQuery), Is.EqualTo(("GET", "/to?x")));
        });
    }

    [TestCase("2.0", HttpVersionPolicy.RequestVersionOrLower, "200 HTTP/1.1")]
    [TestCase("3.0", HttpVersionPolicy.RequestVersionOrLower, "200 HTTP/1.1")]
    [TestCase("1.0", HttpVersionPolicy.RequestVersionOrLower, "200 HTTP/1.0")]
    [TestCase("1.1", HttpVersionPolicy.RequestVersionExact, "200 HTTP/1.1")]
    [TestCase("2.0", HttpVersionPolicy.RequestVersionExact, "VersionNegotiationError")]
    [TestCase("2.0", HttpVersionPolicy.RequestVersionOrHigher, "VersionNegotiationError")]
    public void A_version_is_lowered_where_that_is_allowed(string version, HttpVersionPolicy policy, string told)
    {
        _world.Starts(new HttpService(Port, static request => HttpResponse.Text(request.Protocol)));
        using var client = _world.Clients();
        _world.Play(async () => Assert.That(await client.SendAsync(new(HttpMethod.Get, "/") { Version = Version.Parse(version), VersionPolicy = policy }).Told(), Is.EqualTo(told)));
    }

    [TestCase("a\r\nSet-Cookie: b")]
    [TestCase("a\0b")]
    public void A_line_end_in_a_header_is_not_sent(string value)
    {
        var server = _world.Serves(Ok);
        using var client = _world.Clients();
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("X", value);
        _world.Play(async () => Assert.That(await client.SendAsync(request).Told(), Is.EqualTo("Unknown")));
        Assert.That(server.Count, Is.Zero);
    }

    [Test]
    public void A_stream_pauses_the_server_and_leaving_it_early_is_no_harm()
    {
        _world.Network.Conditions = new() { Window = 1000 };
        _world.Starts(new HttpService(Port, static _ => HttpResponse.Bytes(new byte[3_000_000])));
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            using (var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead))
            {
                await using var stream = await response.Content.ReadAsStreamAsync();
                await stream.ReadExactlyAsync(new byte[1000]);
            }

            using var whole = await client.GetAsync("/");
            Assert.That((await whole.Content.ReadAsByteArrayAsync()).Length, Is.EqualTo(3_000_000));
        });
        Assert.That(_world.Trouble, Is.Empty);
    }

    [Test]
    public void Of_two_requests_with_one_connection_the_second_waits()
    {
        _world.Starts(new HttpService(Port, async request =>
        {
            await _world.Hub.Sleep(TimeSpan.FromSeconds(1));
            return HttpResponse.Text(request.Path);
        }));
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, MaxConnections = 1 });
        _world.Play(async () => Assert.That(await Task.WhenAll(client.GetStringAsync("/a"), client.GetStringAsync("/b")), Is.EqualTo(new[] { "/a", "/b" })));
    }
}
