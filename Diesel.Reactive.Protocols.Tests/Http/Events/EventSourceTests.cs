using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>A client of event streams: reads them, and comes back.</summary>
public class EventSourceTests
{
    private const string Stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n";

    [Test]
    public void Asks_and_gives_the_events()
    {
        using var world = new World();
        using var peers = world.Listens(80, static _ => { });
        var events = world.Watch(new EventSource("http://10.0.0.1/feed?a=b", new() { LastEventId = "7" }, world.Hub));
        Assert.That(peers.Last.Story, Is.EqualTo("GET /feed?a=b HTTP/1.1 Host: 10.0.0.1 Accept: text/event-stream Cache-Control: no-store Last-Event-ID: 7  "));
        peers.Last.Sends(Stream + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n5\r\nevent\r\n").Sends("d\r\n: x\ndata: b\n\n\r\n");
        Assert.That(events.ToString(), Is.EqualTo("message: a x: b"));
    }

    [Test]
    public void Comes_back_where_it_was_after_the_time_that_the_server_says()
    {
        using var world = new World();
        using var peers = world.Listens(80);
        var events = world.Watch(new EventSource("http://10.0.0.1/", hub: world.Hub));
        var first = peers.Last.Sends(Stream + "\r\nretry: 7000\nid: 41\ndata: a\n\n").Ends();
        world.Passes(6.9);
        Assert.That(peers.Last, Is.SameAs(first));
        world.Passes(0.2);
        Assert.That(peers.Last.Story, Does.EndWith("Last-Event-ID: 41  "));
        peers.Last.Sends(Stream + "\r\ndata: b\n\n").Resets();
        world.Passes(7.1);
        Assert.That(peers.Last.Story, Does.EndWith("Last-Event-ID: 41  "));
        peers.Last.Sends("HTTP/1.1 204 No Content\r\n\r\n");
        Assert.That(events.ToString(), Is.EqualTo("message: a message: b |"));
    }

    [Test]
    public void Failures_in_a_row_are_waited_for_longer_each_time()
    {
        using var world = new World();
        var source = new EventSource("http://10.0.0.1/", new() { Retry = TimeSpan.FromSeconds(1), MaxRetry = TimeSpan.FromSeconds(5) }, world.Hub);
        var failed = new List<double>();
        source.Lost.Subscribe(_ => failed.Add(Math.Round(world.Now)));
        var events = world.Watch(source);
        world.Passes(20);
        Assert.That((failed, events.IsOver), Is.EqualTo((new List<double> { 0, 1, 3, 7, 12, 17 }, false)));
        world.Do(events.Subscription!.Dispose).Passes(20);
        Assert.That(failed, Has.Count.EqualTo(6));
    }

    [TestCase("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "#EventSourceRefusedException")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n", "#EventSourceRefusedException")]
    [TestCase("NO\r\n\r\n", "#HttpRefusedException")]
    [TestCase(Stream + "Content-Length: 10\r\n\r\ndata: a\n\n", "message: a")]
    [TestCase(Stream + "Content-Length: 0\r\n\r\n", "")]
    public void What_is_no_event_stream_is_its_end(string answer, string told)
    {
        using var world = new World();
        using var peers = world.Listens(80);
        var events = world.Watch(new EventSource("http://10.0.0.1/", hub: world.Hub));
        peers.Last.Sends(answer);
        Assert.That(events.ToString(), Is.EqualTo(told));
    }

    [Test]
    public void An_event_past_the_limit_is_its_end()
    {
        using var world = new World();
        using var peers = world.Listens(80);
        var events = world.Watch(new EventSource("http://10.0.0.1/", new() { MaxEvent = 100 }, world.Hub));
        peers.Last.Sends($"{Stream}\r\ndata: {new string('x', 100)}");
        Assert.That(events.ToString(), Is.EqualTo("#FrameTooLongException"));
    }

    [Test]
    public void A_silent_stream_is_lost_where_that_is_asked_for()
    {
        using var world = new World();
        using var peers = world.Listens(80);
        world.Watch(new EventSource("http://10.0.0.1/", new() { IdleTimeout = TimeSpan.FromSeconds(20), Retry = TimeSpan.FromSeconds(1) }, world.Hub));
        var first = peers.Last.Sends(Stream + "\r\n:\n\n");
        world.Passes(19);
        first.Sends(":\n\n");
        world.Passes(19);
        Assert.That(peers.Last, Is.SameAs(first));
        world.Passes(3);
        Assert.That(peers.Last, Is.Not.SameAs(first));
    }

    [Test]
    public void Goes_where_it_is_sent_without_what_was_meant_for_another()
    {
        using var world = new World();
        using var peers = world.Listens(80);
        using var others = world.Listens(81);
        var events = world.Watch(new EventSource("http://10.0.0.1/a", new() { Headers = HttpHeaders.Of(("Authorization", "secret")) }, world.Hub));
        Assert.That(peers.Last.Story, Does.Contain("Authorization: secret"));
        peers.Last.Sends("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1:81/b\r\nContent-Length: 0\r\n\r\n");
        Assert.That(others.Last.Story, Does.StartWith("GET /b HTTP/1.1 Host: 10.0.0.1:81 ").And.Not.Contain("secret"));
        others.Last.Sends(Stream + "\r\ndata: there\n\n");
        Assert.That(events.ToString(), Is.EqualTo("message: there"));
    }

    [Test]
    public void Every_event_comes_once_from_our_own_service_though_each_connection_gives_three() => World.Run(async hub =>
    {
        await using var service = new HttpService(80, request =>
        {
            var next = int.Parse(request.LastEventId() ?? "0", System.Globalization.CultureInfo.InvariantCulture) + 1;
            return next > 8 ? HttpResponse.Of(204) : Observable.Range(next, 3).Select(n => new ServerSentEvent($"{n}", Id: $"{n}", Retry: TimeSpan.FromMilliseconds(10))).AsEventStream();
        });
        service.Start(hub);
        var all = await new EventSource("http://10.0.0.1/", hub: hub).Select(static one => one.Data).ToList().ToAwaitable();
        Assert.That(string.Join(' ', all), Is.EqualTo("1 2 3 4 5 6 7 8 9"));
    });

    [Test]
    public void Who_watches_and_throws_ends_its_own_and_nothing_else()
    {
        using var world = new World();
        using var peers = world.Listens(80);
        var source = new EventSource("http://10.0.0.1/", new() { Retry = TimeSpan.FromSeconds(1) }, world.Hub);
        source.Lost.Subscribe(static _ => throw new NotSupportedException());
        var lost = Story.Of(source.Lost.Select(static error => error.GetType().Name));
        world.Do(() => { source.Subscribe(static _ => throw new IOException("the disk is full")); });
        peers.Last.Sends(Stream + "\r\n").Resets();
        world.Passes(1.1);
        Assert.That((lost.ToString(), world.Trouble), Is.EqualTo(("ConnectionException", "NotSupportedException")));
        var second = peers.Last.Sends(Stream + "\r\ndata: a\n\ndata: b\n\n");
        world.Passes(10);
        Assert.That((peers.Last == second, second.HasEnded || second.IsReset, lost.Values.Count, world.Trouble), Is.EqualTo((true, true, 1, "NotSupportedException IOException")));
    }

    [TestCase("ws://a/")]
    [TestCase("/a")]
    public void Is_of_HTTP_only(string uri) => Assert.That(() => new EventSource(new Uri(uri, UriKind.RelativeOrAbsolute)), Throws.ArgumentException);

    [Test]
    public void Who_is_not_read_any_more_closes_its_connection()
    {
        using var world = new World();
        using var peers = world.Listens(80);
        var events = world.Watch(new EventSource("http://10.0.0.1/", hub: world.Hub));
        peers.Last.Sends(Stream + "\r\ndata: a\n\n");
        world.Do(events.Subscription!.Dispose);
        Assert.That(peers.Last.Story, Does.EndWith("|").Or.EndWith("#"));
    }
}
