using System.Reactive.Subjects;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Requests are answered in their order, and the connection goes on or ends as both say.</summary>
public class HttpServiceTests
{
    private static readonly HttpResponse Hello = HttpResponse.Text("hello");

    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK Content-Length: 5  hello")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK Content-Length: 5 Connection: close  hello|")]
    [TestCase("GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK Content-Length: 5 Connection: close  hello|")]
    [TestCase("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "HTTP/1.1 200 OK Content-Length: 5 Connection: keep-alive  hello")]
    [TestCase("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK Content-Length: 5  ")]
    public void A_response_says_how_it_goes_on(string request, string answer) => Assert.That(Answer(static _ => Hello, request), Is.EqualTo(answer));

    [TestCase(204, "HTTP/1.1 204 No Content  ")]
    [TestCase(304, "HTTP/1.1 304 Not Modified  ")]
    [TestCase(205, "HTTP/1.1 205 Reset Content Content-Length: 0  ")]
    [TestCase(418, "HTTP/1.1 418  Content-Length: 5  hello")]
    public void A_status_without_a_body_has_none(int status, string answer)
    {
        Assert.That(Answer(_ => Hello.WithStatus(status), Get), Is.EqualTo(answer));
        Assert.That(Answer(_ => Observable.Return("hello").AsResponse(status: status), Get), Is.EqualTo(answer));
    }

    [Test]
    public void Requests_that_come_together_are_answered_in_their_order()
    {
        using var world = new World();
        var peer = world.Talk(
            async request =>
            {
                await world.Hub.Sleep(TimeSpan.FromSeconds(request.Path == "/slow" ? 5 : 1));
                return HttpResponse.Text(request.Path);
            },
            "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /fast HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.That(peer.Received, Is.Empty);
        Assert.That(world.Passes(5.5) is not null ? peer.Answers() : "", Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5  /slow"));
        Assert.That(world.Passes(1) is not null ? peer.Answers() : "", Does.EndWith("/slowHTTP/1.1 200 OK Content-Length: 5  /fast"));
    }

    [Test]
    public void A_client_that_has_ended_gets_its_answer_and_the_end()
    {
        using var world = new World();
        var peer = world.Talk(
            async _ =>
            {
                await world.Hub.Sleep(TimeSpan.FromSeconds(1));
                return Hello;
            },
            Get).Ends();
        world.Passes(2);
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5  hello|"));
        Assert.That(Answer(static _ => Hello, Get + "GET"), Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5  hello"));
    }

    [Test]
    public void An_observable_answers_with_its_first_response()
    {
        using var world = new World();
        var responses = new Subject<HttpResponse>();
        world.Starts(new HttpService(Port, _ => responses));
        var peer = world.Dials(Port).Sends(Get);
        world.Do(() => responses.OnNext(Hello));
        Assert.That((peer.Answers(), responses.HasObservers), Is.EqualTo(("HTTP/1.1 200 OK Content-Length: 5  hello", false)));
    }

    [Test]
    public void What_a_handler_throws_is_its_requests_and_is_shown()
    {
        using var world = new World();
        var peer = world.Talk(request => request.Path == "/" ? throw new FormatException() : Hello, Get + "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.That(peer.Answers(), Does.Match("^HTTP/1.1 500 Internal Server Error Content-Length: 30  .*HTTP/1.1 200 OK Content-Length: 5  hello$").Or.StartsWith("HTTP/1.1 500").And.EndsWith("hello"));
        Assert.That(world.Trouble, Is.EqualTo("FormatException"));
    }

    [Test]
    public void What_an_async_handler_throws_is_a_500_as_well_and_so_is_nothing()
    {
        Assert.That(Answer(static async _ => await Task.FromException<HttpResponse>(new FormatException()), Get), Does.StartWith("HTTP/1.1 500"));
        Assert.That(Answer(static _ => (HttpResponse)null!, Get), Does.StartWith("HTTP/1.1 500"));
        Assert.That(Answer(static _ => Task.FromResult<HttpResponse>(null!), Get), Does.StartWith("HTTP/1.1 500"));
    }

    [Test]
    public void A_handler_may_refuse_by_a_status_and_the_connection_goes_on()
    {
        using var world = new World();
        var peer = world.Talk(static HttpResponse (_) => throw new HttpRefusedException(422, "RFC 9110 §15.5.21", "It makes no sense"), Get + Get);
        Assert.That(peer.Answers().Split("HTTP/1.1 422 Unprocessable Content"), Has.Length.EqualTo(3));
        Assert.That(world.Trouble, Is.Empty);
    }

    [Test]
    public void A_reset_ends_the_handler()
    {
        using var world = new World();
        var ended = "";
        var peer = world.Talk(
            async request =>
            {
                using var aborted = request.Aborted.Register(() => ended += "aborted ");
                try
                {
                    await world.Hub.Sleep(TimeSpan.FromHours(1));
                }
                finally
                {
                    ended += "ended";
                }

                return Hello;
            },
            Get);
        peer.Resets();
        Assert.That((ended, world.Trouble), Is.EqualTo(("aborted ended", "")));
    }

    [Test]
    public void What_was_answered_is_told()
    {
        using var world = new World();
        var service = new HttpService(Port, static _ => Hello);
        var log = Story.Of(service.Requests.Select(static one => $"{one.Request} {one.Status} {one.BytesSent}"));
        world.Starts(service);
        world.Dials(Port).Sends(Get + "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
        world.Watch(service.Stop());
        world.Passes(10);
        Assert.That(log.ToString(), Is.EqualTo("GET / HTTP/1.1 200 5 HEAD /x HTTP/1.1 200 0 |"));
    }

    [Test]
    public void The_date_is_the_hubs()
    {
        using var world = new World();
        var peer = world.Talk(static _ => Hello, Get);
        world.Passes(1);
        peer.Sends(Get);
        Assert.That(peer.Received.Split("\r\n").Where(static line => line.StartsWith("Date", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "Date: Mon, 01 Jan 0001 00:00:00 GMT", "Date: Mon, 01 Jan 0001 00:00:01 GMT" }));
    }

    [Test]
    public void Hints_go_before_the_answer()
    {
        using var world = new World();
        var peer = world.Talk(
            request =>
            {
                request.Inform(103, HttpHeaders.Of(("Link", "</x>")));
                return Hello;
            },
            Get + "GET / HTTP/1.0\r\n\r\n");
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 103 Early Hints Link: </x>  HTTP/1.1 200 OK Content-Length: 5  helloHTTP/1.1 200 OK Content-Length: 5 Connection: close  hello|"));
    }

    [Test]
    public void Line_ends_in_a_value_are_refused_where_they_are_set()
    {
        Assert.That(static () => Hello.With("X", "a\r\nY: b"), Throws.ArgumentException);
        Assert.That(static () => Hello.With("X\r\n", "a"), Throws.ArgumentException);
        Assert.That(static () => Hello.With("content-length", "9"), Throws.ArgumentException);
        Assert.That(static () => HttpResponse.Redirect("/\n"), Throws.ArgumentException);
    }
}
