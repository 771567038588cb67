using System.Text;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Bodies of requests come when they are asked for, and not one byte of them is taken for a request.</summary>
public class HttpBodyTests
{
    private static readonly HttpResponse Early = HttpResponse.Text("early");

    [TestCase("Content-Length: 5\r\n", "hello", "hello")]
    [TestCase("Content-Length: 0\r\n", "", "")]
    [TestCase("", "", "")]
    [TestCase("Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello")]
    public void A_body_is_read_whole(string fields, string body, string text) =>
        Assert.That(Answer(static async request => HttpResponse.Text($"<{await request.ReadText()}>"), HttpWire.Request("POST /", fields, body) + Get),
            Is.EqualTo($"HTTP/1.1 200 OK Content-Length: {text.Length + 2}  <{text}>HTTP/1.1 200 OK Content-Length: 2  <>"));

    [Test]
    public void A_body_may_be_passed_on_as_it_comes()
    {
        using var world = new World();
        var peer = world.Talk(static request => request.Body.Select(static bytes => bytes.ToUpper()).AsResponse(), HttpWire.Request("POST /", "Content-Length: 6\r\n", "abc"));
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Transfer-Encoding: chunked  3 ABC "));
        peer.Sends("def" + Get);
        Assert.That(peer.Answers(), Does.StartWith("HTTP/1.1 200 OK Transfer-Encoding: chunked  3 ABC 3 DEF 0  HTTP/1.1 200 OK Content-Length: 0"));
    }

    [Test]
    public void Nothing_of_a_body_is_read_before_somebody_wants_it()
    {
        using var world = new World();
        world.Network.Conditions = new() { Window = 1000 };
        var peer = world.Talk(async request =>
        {
            await world.Hub.Sleep(TimeSpan.FromSeconds(10));
            return HttpResponse.Text($"{(await request.Read()).Length}");
        }, HttpWire.Request("POST /", "Content-Length: 100000\r\n", new string('x', 100_000)));
        Assert.That(peer.Unsent, Is.GreaterThan(97_000));
        world.Passes(11);
        Assert.That(peer.Answers(), Does.EndWith("100000"));
    }

    [Test]
    public void Subscribing_tells_a_client_that_waits_to_send()
    {
        using var world = new World();
        var peer = world.Talk(async request =>
        {
            await world.Hub.Sleep(TimeSpan.FromSeconds(1));
            return HttpResponse.Text(await request.ReadText());
        }, HttpWire.Request("POST /", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
        Assert.That(peer.Received, Is.Empty);
        world.Passes(2);
        Assert.That(peer.Received, Is.EqualTo("HTTP/1.1 100 Continue\r\n\r\n"));
        Assert.That(peer.Sends("hello").Answers(), Is.EqualTo("HTTP/1.1 100 Continue  HTTP/1.1 200 OK Content-Length: 5  hello"));
    }

    [Test]
    public void Who_is_not_told_to_send_is_answered_and_what_comes_is_no_request() =>
        Assert.That(Answer(static _ => Early, HttpWire.Request("POST /", "Content-Length: 28\r\nExpect: 100-continue\r\n", Get)),
            Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5 Connection: close  early|"));

    [Test]
    public void A_short_body_that_nobody_reads_is_passed_over_and_a_long_one_ends_the_connection()
    {
        Assert.That(Answer(static _ => Early, HttpWire.Request("POST /", $"Content-Length: {Get.Length}\r\n", Get) + Get),
            Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5  earlyHTTP/1.1 200 OK Content-Length: 5  early"));
        Assert.That(Answer(static _ => Early, HttpWire.Request("POST /", "Content-Length: 100000\r\n", new string('x', 100_000)) + Get),
            Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5 Connection: close  early|"));
        Assert.That(Answer(static _ => Early, HttpWire.Request("POST /", "Transfer-Encoding: chunked\r\n", $"20000\r\n{new string('x', 0x20000)}\r\n0\r\n\r\n") + Get),
            Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5  early|"));
    }

    [Test]
    public void A_body_has_one_subscriber()
    {
        var errors = "";
        var answer = Answer(
            request =>
            {
                request.Body.Subscribe(static _ => { });
                request.Body.Subscribe(static _ => { }, error => errors += error.Message);
                return Early;
            },
            HttpWire.Request("POST /", "Content-Length: 5\r\n", "hello") + Get);
        Assert.That(answer.Split("early"), Has.Length.EqualTo(3));
        Assert.That(errors, Does.Contain("has a subscriber"));
    }

    [Test]
    public void A_body_is_over_when_its_request_was_answered()
    {
        using var world = new World();
        HttpRequest? kept = null;
        world.Talk(
            request =>
            {
                kept ??= request;
                return Early;
            },
            HttpWire.Request("POST /", "Content-Length: 5\r\n", "hello"));
        Assert.That(world.Watch(kept!.Body).Error, Is.InstanceOf<InvalidOperationException>().With.Message.Contains("over"));
    }

    [Test]
    public void Trailers_are_there_behind_the_body() =>
        Assert.That(Answer(static async request =>
        {
            await request.Read();
            return HttpResponse.Text($"{request.Trailers["x-t"]}");
        }, HttpWire.Request("POST /", "Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\nX-T: v\r\n\r\n")), Does.EndWith("  v"));

    [TestCase("Content-Length: 11\r\n", "", "413 Content Too Large")]
    [TestCase("Transfer-Encoding: chunked\r\n", "6\r\n123456\r\n6\r\n", "413 Content Too Large")]
    [TestCase("Transfer-Encoding: chunked\r\n", "6\r\n123456X", "400 Bad Request")]
    public void A_body_that_breaks_a_rule_is_refused_whoever_reads_it(string fields, string body, string status)
    {
        using var world = new World();
        var peer = world.Talk(static async request => HttpResponse.Text(await request.ReadText()), HttpWire.Request("POST /", fields, body), new() { Limits = new() { MaxBody = 10 } });
        Assert.That(peer.Answers(), Does.StartWith($"HTTP/1.1 {status} ").And.EndsWith("|"));
        Assert.That(world.Trouble, Is.Empty);
    }

    [Test]
    public void A_body_that_is_cut_off_is_no_request()
    {
        using var world = new World();
        var peer = world.Talk(static async request => HttpResponse.Text(await request.ReadText()), HttpWire.Request("POST /", "Content-Length: 10\r\n", "hello")).Ends();
        Assert.That(peer.Answers(), Does.StartWith("HTTP/1.1 400 Bad Request ").And.EndsWith("|"));
        Assert.That(world.Trouble, Is.Empty);
    }

    [Test]
    public void A_client_that_takes_nothing_is_not_read_either()
    {
        using var world = new World();
        world.Network.Conditions = new() { Window = 1000 };
        world.Starts(new HttpService(Port, static request => request.Body.AsResponse()));
        var peer = world.Dials(Port).StopsReading();
        peer.Sends(HttpWire.Request("POST /", "Content-Length: 1000000\r\n", new string('x', 1_000_000)));
        Assert.That(peer.Unsent, Is.GreaterThan(800_000));
        peer.ReadsOn();
        world.Passes(10);
        Assert.That(peer.Received.Count(static letter => letter == 'x'), Is.EqualTo(1_000_000));
    }

    [Test]
    public void A_body_can_be_read_with_await_foreach() =>
        Assert.That(Answer(static async request =>
        {
            var all = new StringBuilder();
            await foreach (var bytes in request.Body.ReadAllAsync(capacity: 1))
            {
                all.Append(bytes.ToText());
            }

            return HttpResponse.Text(all.ToString());
        }, HttpWire.Request("POST /", "Transfer-Encoding: chunked\r\n", "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n")), Does.EndWith("abc"));
}
