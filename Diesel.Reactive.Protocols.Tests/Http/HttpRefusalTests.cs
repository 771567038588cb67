using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>What is no request, or too slow or too large a one, is told so, and its connection ends in good order.</summary>
public class HttpRefusalTests
{
    private static readonly HttpResponse Hello = HttpResponse.Text("hello");

    [Test]
    public void What_is_no_request_is_answered_and_told_by_its_rule()
    {
        using var world = new World();
        var service = new HttpService(Port, static _ => Hello);
        var refusals = Story.Of(service.Refusals.Select(static one => $"{one.Status} {one.Rule}"));
        world.Starts(service);
        var peer = world.Dials(Port).Sends(Get + "BAD\r\n\r\n" + new string('x', 100_000));
        Assert.That(peer.Answers(), Does.Match("helloHTTP/1.1 400 Bad Request Content-Length: [0-9]+ Connection: close  .*\\(RFC 9112 §3\\).*\\|$").Or.Contain("RFC 9112"));
        Assert.That((refusals.ToString(), world.Trouble), Is.EqualTo(("400 RFC 9112 §3", "")));
        peer.Ends();
        Assert.That(peer.IsReset, Is.False);
    }

    [TestCase("GET /", 8193, "414")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: ", 33_000, "431")]
    public void A_head_without_end_is_refused_at_its_limit(string before, int length, string status)
    {
        using var world = new World();
        var peer = world.Talk(static _ => Hello, before + new string('a', length));
        Assert.That(peer.Answers(), Does.StartWith($"HTTP/1.1 {status} "));
    }

    [Test]
    public void Too_many_fields_are_refused() =>
        Assert.That(Answer(static _ => Hello, $"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Repeat("A: b\r\n", 100))}\r\n"), Does.StartWith("HTTP/1.1 431 "));

    [TestCase(0, "|")]
    [TestCase(4, "HTTP/1.1 408 Request Timeout ")]
    public void Who_begins_no_request_is_closed_and_who_does_not_end_it_is_told(int sent, string answer)
    {
        using var world = new World();
        var peer = world.Talk(static _ => Hello, Get[..sent]);
        world.Passes(29.9);
        Assert.That(peer.Answers(), Is.Empty);
        world.Passes(1);
        Assert.That(peer.Answers(), sent > 0 ? Does.StartWith(answer) : Is.Empty);
        world.Passes(100);
        Assert.That(peer.Answers(), Does.StartWith(answer).And.EndsWith("|"));
    }

    [Test]
    public void Bytes_renew_no_heads_deadline_and_an_answer_renews_the_next_requests()
    {
        using var world = new World();
        var peer = world.Talk(static _ => Hello, Get);
        world.Passes(129);
        peer.Sends("GET / HTTP/1.1\r\nHost: a\r\n");
        for (var second = 0; second < 29; second++)
        {
            peer.Sends("X: y\r\n");
            world.Passes(1);
        }

        Assert.That(peer.Answers(), Does.EndWith("hello"));
        world.Passes(2);
        Assert.That(peer.Answers(), Does.Contain("408"));
    }

    [Test]
    public void A_body_that_dribbles_is_refused_and_one_that_keeps_its_rate_is_not()
    {
        using var world = new World();
        world.Starts(new HttpService(Port, static async request => HttpResponse.Text($"{(await request.Read()).Length}")));
        var (slow, fast) = (world.Dials(Port), world.Dials(Port));
        slow.Sends(HttpWire.Request("POST /", "Content-Length: 1000\r\n"));
        fast.Sends(HttpWire.Request("POST /", "Content-Length: 9000\r\n"));
        for (var second = 0; second < 30; second++)
        {
            slow.Sends("0123456789");
            fast.Sends(new string('x', 300));
            world.Passes(1);
        }

        Assert.That((slow.Answers()[..12], fast.Answers()[^4..]), Is.EqualTo(("HTTP/1.1 408", "9000")));
    }

    [Test]
    public void A_client_that_takes_nothing_is_reset()
    {
        using var world = new World();
        world.Network.Conditions = new() { Window = 1000 };
        world.Starts(new HttpService(Port, static _ => HttpResponse.Bytes(new byte[100_000])));
        var peer = world.Dials(Port).StopsReading();
        peer.Sends(Get);
        world.Passes(20);
        Assert.That(peer.ReadsOn().IsReset, Is.True);
    }

    [TestCase(3, true)]
    [TestCase(0.5, false)]
    public void Who_takes_a_short_answer_too_slowly_is_reset_while_nothing_else_is_asked(double secondsForAChunk, bool isReset)
    {
        using var world = new World();
        world.Network.Conditions = new() { Window = 200 };
        world.Starts(new HttpService(Port, static _ => HttpResponse.Bytes(new byte[30_000])));
        var peer = world.Dials(Port).StopsReading();
        peer.Sends(Get);
        while (world.Now < 60)
        {
            peer.ReadsOne();
            world.Passes(secondsForAChunk);
        }

        world.Passes(1);
        Assert.That((peer.IsReset, world.Trouble), Is.EqualTo((isReset, "")));
    }

    [Test]
    public void Each_that_waits_is_closed_in_its_own_time()
    {
        using var world = new World();
        var service = world.Starts(new HttpService(Port, static _ => Hello, new() { KeepAliveTimeout = TimeSpan.FromSeconds(60), HeadTimeout = TimeSpan.FromSeconds(20) }));
        var peers = new List<Peer>();
        for (var n = 0; n < 8; n++)
        {
            peers.Add(world.Dials(Port));
            world.Passes(1);
        }

        peers[0].Sends(Get);
        peers[1].Sends("GET /");
        peers[2].Resets();
        peers[7].Sends(Get);
        peers[4].Sends("GET /");
        world.Passes(1);
        peers[4].Sends(" HTTP/1.1\r\nHost: a\r\n\r\n");
        var ended = new Dictionary<int, int>();
        while (world.Now < 80)
        {
            world.Passes(0.5);
            foreach (var i in Enumerable.Range(0, 8).Where(i => peers[i].HasEnded))
            {
                ended.TryAdd(i, (int)world.Now);
            }
        }

        // 1 by its head; the others a minute after their connection was made or their answer was sent.
        Assert.That(ended.OrderBy(static each => each.Key).Select(static each => (each.Key, each.Value)),
            Is.EqualTo(new[] { (0, 68), (1, 28), (3, 63), (4, 69), (5, 65), (6, 66), (7, 68) }));
        Assert.That(peers[1].Answers(), Does.StartWith("HTTP/1.1 408 "));
        peers.ForEach(static peer => peer.Ends());
        Assert.That(service.ConnectionCount, Is.Zero);
    }

    [Test]
    public void One_that_stops_closes_who_waits_and_finishes_what_was_begun()
    {
        using var world = new World();
        var service = world.Starts(new HttpService(Port, async _ =>
        {
            await world.Hub.Sleep(TimeSpan.FromSeconds(2));
            return Hello;
        }));
        var (idle, busy) = (world.Dials(Port), world.Dials(Port).Sends(Get));
        var stopped = world.Watch(service.Stop());
        Assert.That((idle.Answers(), busy.Answers()), Is.EqualTo(("|", "")));
        idle.Ends();
        world.Passes(3);
        Assert.That(busy.Answers(), Is.EqualTo("HTTP/1.1 200 OK Content-Length: 5 Connection: close  hello|"));
        busy.Ends();
        Assert.That(stopped.IsCompleted, Is.True);
    }

    [Test]
    public void One_that_stops_waits_for_a_body_that_comes()
    {
        using var world = new World();
        var service = world.Starts(new HttpService(Port, static async request => HttpResponse.Text(await request.ReadText())));
        var peer = world.Dials(Port).Sends(HttpWire.Request("POST /", "Content-Length: 10\r\n", "hello"));
        world.Watch(service.Stop());
        world.Passes(1);
        peer.Sends("world");
        Assert.That(peer.Answers(), Is.EqualTo("HTTP/1.1 200 OK Content-Length: 10 Connection: close  helloworld|"));
    }
}
