using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>What is the user's may throw wherever it is called: that shows, its own request or connection ends, and nobody else is harmed.</summary>
public class HttpCallbackTests
{
    private static readonly HttpResponse Hello = HttpResponse.Text("hello");

    [Test]
    public void Trailers_that_cannot_be_made_cut_the_answer_off([Values] bool isLate)
    {
        using var world = new World();
        var body = isLate ? Observable.Timer(TimeSpan.FromMilliseconds(1), world.Hub).Select(static _ => "a") : Observable.Return("a");
        var peer = world.Talk(_ => body.AsResponse().WithTrailers(static () => throw new FormatException()), Get);
        world.Passes(1);
        Assert.That((peer.Answers(), world.Trouble), Is.EqualTo(("HTTP/1.1 200 OK Transfer-Encoding: chunked  1 a |", "FormatException")));
    }

    [TestCase(false, "Content-Length: 5\r\n", "hello")]
    [TestCase(false, "Content-Length: 5\r\n", "he")]
    [TestCase(false, "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    [TestCase(true, "Content-Length: 5\r\n", "hello")]
    [TestCase(true, "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    public void Who_reads_a_body_and_throws_ends_its_connection(bool isAtEnd, string fields, string body)
    {
        using var world = new World();
        world.Starts(new HttpService(Port, async request =>
        {
            if (request.Method == "POST")
            {
                request.Body.Subscribe(_ => ThrowIf(!isAtEnd), () => ThrowIf(isAtEnd));
                await world.Hub.Sleep(TimeSpan.FromSeconds(1));
            }

            return Hello;
        }));
        var (other, peer) = (world.Dials(Port), world.Dials(Port).Sends(HttpWire.Request("POST /", fields, body)));
        other.Sends(Get);
        world.Passes(2);
        Assert.That((peer.Received, peer.HasEnded || peer.IsReset, world.Trouble), Is.EqualTo(("", true, "FormatException")));
        Assert.That(other.Answers(), Does.EndWith("hello"));
    }

    [Test]
    public void Who_watches_a_service_and_throws_is_told_nothing_more_and_the_others_are()
    {
        using var world = new World();
        var service = new HttpService(Port, static _ => Hello);
        service.Requests.Subscribe(static _ => throw new FormatException(), static () => throw new NotSupportedException());
        service.Refusals.Subscribe(static _ => throw new TimeZoneNotFoundException());
        var (requests, refusals) = (Story.Of(service.Requests.Select(static one => one.Status)), Story.Of(service.Refusals.Select(static one => one.Status)));
        service.Requests.Subscribe(static _ => { }, static () => throw new NotSupportedException());
        world.Starts(service);
        var peer = world.Dials(Port).Sends(Get + Get + "BAD\r\n\r\n");
        world.Dials(Port).Sends("BAD\r\n\r\n");
        Assert.That(peer.Answers(), Does.StartWith("HTTP/1.1 200 OK Content-Length: 5  helloHTTP/1.1 200 OK Content-Length: 5  helloHTTP/1.1 400 "));
        world.Watch(service.Stop());
        world.Passes(10);
        Assert.That((requests.ToString(), refusals.ToString(), world.Trouble), Is.EqualTo(("200 200 |", "400 400 |", "FormatException TimeZoneNotFoundException NotSupportedException")));
        Assert.That(Story.Of(service.Requests).ToString(), Is.EqualTo("|"), "who comes later");
    }

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new FormatException();
        }
    }
}
