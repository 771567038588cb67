using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpAsking;

namespace Diesel.Reactive.Tests;

/// <summary>Where a client lets itself be sent, and what it takes there (RFC 9110 §15.4).</summary>
public class HttpRedirectTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [TestCase(301, "POST", "GET")]
    [TestCase(302, "POST", "GET")]
    [TestCase(303, "PUT", "GET")]
    [TestCase(307, "POST", "POST")]
    [TestCase(308, "PUT", "PUT")]
    [TestCase(302, "HEAD", "HEAD")]
    public void A_redirect_is_followed_as_its_status_says(int status, string method, string next)
    {
        var heads = new List<string>();
        _world.Serves(head =>
        {
            heads.Add(head.Split('\n')[0]);
            return head.Contains("/to", StringComparison.Ordinal) ? "HTTP/1.1 204 No Content\r\n\r\n" : $"HTTP/1.1 {status} X\r\nLocation: to?x\r\nContent-Length: 0\r\n\r\n";
        });
        using var client = _world.Asks();
        _world.Play(async () => Assert.That(await client.Request(method, "/from").Told(), Is.EqualTo("204 ")));
        Assert.That(heads, Is.EqualTo(new[] { $"{method} /from HTTP/1.1", $"{next} /to?x HTTP/1.1" }));
    }

    [Test]
    public void A_request_that_was_led_elsewhere_begins_anew_for_the_next_who_waits()
    {
        var lines = new List<string>();
        _world.Serves(head =>
        {
            lines.Add(head.Split('\n')[0]);
            return head.StartsWith("GET", StringComparison.Ordinal) ? Ok : "HTTP/1.1 303 X\r\nLocation: /to\r\nContent-Length: 0\r\n\r\n";
        });
        using var client = _world.Asks();
        var request = client.Request("POST", "/from");
        _world.Play(async () => Assert.That((await request.Told(), await request.Told()), Is.EqualTo(("200 hello", "200 hello"))));
        Assert.That(lines, Is.EqualTo(new[] { "POST /from HTTP/1.1", "GET /to HTTP/1.1", "POST /from HTTP/1.1", "GET /to HTTP/1.1" }));
    }

    [Test]
    public void Credentials_stay_with_their_origin()
    {
        var heads = new List<string>();
        _world.Serves(head =>
        {
            heads.Add(head);
            return Ok;
        }, port: 82);
        _world.Serves(head =>
        {
            heads.Add(head);
            return $"HTTP/1.1 302 X\r\nLocation: {(head.Contains("/same", StringComparison.Ordinal) ? "http://10.0.0.1:82/" : "/same")}\r\nContent-Length: 0\r\n\r\n";
        }, port: 83);
        using var client = _world.Asks();
        _world.Play(async () => Assert.That(await client.Request("GET", "http://10.0.0.1:83/", HttpHeaders.Of(("Authorization", "Bearer x"), ("Cookie", "a=b"), ("X", "y"))).Told(), Is.EqualTo("200 hello")));
        Assert.That(heads.Select(static head => (head.Contains("Bearer", StringComparison.Ordinal), head.Contains("Cookie", StringComparison.Ordinal), head.Contains("X: y", StringComparison.Ordinal))),
            Is.EqualTo(new[] { (true, true, true), (true, true, true), (false, false, true) }));
    }

    [Test]
    public void A_loop_of_redirects_ends_with_the_one_behind_the_fiftieth()
    {
        var asked = 0;
        _world.Serves(_ =>
        {
            asked++;
            return "HTTP/1.1 302 X\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n";
        });
        using var client = _world.Asks();
        _world.Play(async () => Assert.That(await client.Request("GET", "/").Told(), Is.EqualTo("302 ")));
        Assert.That(asked, Is.EqualTo(51));
    }

    [TestCase("https://10.0.0.1:444/", 200, "secret")]
    [TestCase("http://10.0.0.1:81/", 302, "")]
    public void Who_came_by_TLS_is_sent_elsewhere_by_TLS_only(string elsewhere, int status, string asked) => World.Run(async hub =>
    {
        var seen = new List<string>();
        await using var first = new HttpService(443, _ => HttpResponse.Redirect(elsewhere), new() { Tls = Authority.Server });
        await using var second = new HttpService(444, _ => Answer("secret"), new() { Tls = Authority.Server });
        await using var plain = new HttpService(81, _ => Answer("plain"));
        foreach (var service in new[] { first, second, plain })
        {
            service.Start(hub);
        }

        var options = DieselHttpHandler.Defaults with { WebProxy = null, Tls = Authority.Client };
        using var client = new HttpHubClient(new Uri("https://10.0.0.1/"), options, hub);
        using var http = new HttpClient(new DieselHttpHandler(options, hub)) { Timeout = Timeout.InfiniteTimeSpan };
        using var reply = await client.Request("GET", "/");
        Assert.That((reply.Status, string.Join(' ', seen)), Is.EqualTo((status, asked)));
        using var message = await http.GetAsync("https://10.0.0.1/");
        Assert.That(((int)message.StatusCode, string.Join(' ', seen.Skip(1))), Is.EqualTo((status, asked)));

        HttpResponse Answer(string what)
        {
            seen.Add(what);
            return HttpResponse.Text(what);
        }
    });
}
