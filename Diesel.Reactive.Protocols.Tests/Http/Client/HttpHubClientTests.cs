using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpAsking;

namespace Diesel.Reactive.Tests;

/// <summary>What a client sends, what it makes of answers, and what it does with connections.</summary>
public class HttpHubClientTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void A_request_says_whom_it_is_for_first_and_how_long_its_body_is()
    {
        var server = _world.Serves(Ok);
        using var client = _world.Asks();
        _world.Play(async () =>
        {
            await client.Request("GET", "/a?b=c", HttpHeaders.Of(("X", "y"))).Told();
            await client.Request("POST", "/", body: HttpRequestBody.Text("hi")).Told();
            await client.Request("PUT", "/").Told();
        });
        Assert.That(server.Last.Received, Is.EqualTo(
            "GET /a?b=c HTTP/1.1\r\nHost: 10.0.0.1\r\nX: y\r\n\r\n" +
            "POST / HTTP/1.1\r\nHost: 10.0.0.1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nhi" +
            "PUT / HTTP/1.1\r\nHost: 10.0.0.1\r\nContent-Length: 0\r\n\r\n"));
    }

    [Test]
    public void A_Host_of_ones_own_takes_the_place_of_the_authoritys()
    {
        var server = _world.Serves(Ok);
        using var client = _world.Asks();
        _world.Play(() => client.Request("GET", "/", HttpHeaders.Of(("X", "y"), ("Host", "b"))).Told());
        Assert.That(server.Last.Received, Is.EqualTo("GET / HTTP/1.1\r\nHost: b\r\nX: y\r\n\r\n"));
    }

    [Test]
    public void Nothing_is_sent_before_somebody_waits_and_each_who_does_asks()
    {
        var server = _world.Serves(Ok);
        using var client = _world.Asks();
        var request = client.Request("GET", "/");
        _world.Passes(1);
        Assert.That(server.Count, Is.Zero);
        _world.Play(async () => Assert.That((await request.Told(), await request.Told()), Is.EqualTo(("200 hello", "200 hello"))));
        Assert.That(server.Last.Received.Split("GET").Length - 1, Is.EqualTo(2));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 1)]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 1)]
    [TestCase("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", 1)]
    [TestCase("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 2)]
    [TestCase("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", 2)]
    [TestCase("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 1)]
    public void A_connection_is_used_again_if_both_say_so(string answer, int connections)
    {
        var server = _world.Serves(answer);
        using var client = _world.Asks();
        _world.Play(async () => Assert.That((await client.Request("GET", "/").Told(), await client.Request("GET", "/").Told()), Is.EqualTo(("200 hello", "200 hello"))));
        Assert.That(server.Count, Is.EqualTo(connections));
    }

    [TestCase("evil")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    [TestCase("H")]
    public void What_comes_behind_an_answer_is_never_the_next_one(string behind)
    {
        var count = 0;
        var server = _world.Serves(_ => count++ == 0 ? Ok + behind : Ok);
        using var client = _world.Asks();
        _world.Play(async () => Assert.That((await client.Request("GET", "/").Told(), await client.Request("GET", "/").Told()), Is.EqualTo(("200 hello", "200 hello"))));
        Assert.That(server.Count, Is.EqualTo(2));
    }

    [Test]
    public void A_waiting_request_is_not_given_what_comes_behind_anothers_answer()
    {
        var count = 0;
        _world.Serves(_ => count++ == 0 ? Ok + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil" : Ok);
        using var client = _world.Asks(new() { MaxConnections = 1 });
        _world.Play(async () =>
        {
            var (first, second) = (client.Request("GET", "/").Told(), client.Request("GET", "/").Told());
            Assert.That((await first, await second), Is.EqualTo(("200 hello", "200 hello")));
        });
    }

    [TestCase("H")]
    [TestCase("")]
    public void What_comes_at_rest_ends_the_connection_at_once(string late)
    {
        var server = _world.Serves(Ok);
        using var client = _world.Asks();
        var first = _world.Watch(client.Request("GET", "/"));
        _ = late.Length > 0 ? server.Last.Sends(late) : server.Last.Ends();
        _world.Passes(0.1);
        Assert.That((first.ToString(), server.Last.HasEnded || server.Last.IsReset), Is.EqualTo(("HTTP/1.1 200 OK |", true)));
    }

    [Test]
    public void A_lost_request_is_sent_once_more_if_that_does_no_harm([Values("GET", "PUT", "DELETE", "POST", "PATCH")] string method)
    {
        var (asked, server) = (0, (Peers?)null);
        server = _world.Serves(_ =>
        {
            if (++asked == 2)
            {
                _world.Do(() => server!.Last.Resets());
            }

            return asked == 2 ? null : Ok;
        });
        using var client = _world.Asks();
        var isHarmless = method is "GET" or "PUT" or "DELETE";
        _world.Play(async () => Assert.That((await client.Request(method, "/").Told(), await client.Request(method, "/").Told()),
            Is.EqualTo(("200 hello", isHarmless ? "200 hello" : "ConnectionException"))));
        Assert.That(asked, Is.EqualTo(isHarmless ? 3 : 2));
    }

    [Test]
    public void Neither_twice_nor_when_a_byte_has_come()
    {
        var (asked, server) = (0, (Peers?)null);
        server = _world.Serves(_ =>
        {
            if (++asked > 1)
            {
                _world.Do(() => server!.Last.Resets());
            }

            return asked == 1 ? Ok : asked == 4 ? "H" : null;
        });
        using var client = _world.Asks();
        _world.Play(async () =>
        {
            Assert.That((await client.Request("GET", "/").Told(), await client.Request("GET", "/").Told()), Is.EqualTo(("200 hello", "ConnectionException")));
            Assert.That(asked, Is.EqualTo(3));
            Assert.That(await client.Request("GET", "/").Told(), Does.EndWith("Exception"));
            Assert.That(asked, Is.EqualTo(4));
        });
    }

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

    [Test]
    public void More_than_may_wait_are_told_the_numbers()
    {
        _world.Serves(static _ => null);
        using var client = _world.Asks(new() { MaxConnections = 1, MaxWaiting = 1, QueueTimeout = TimeSpan.FromSeconds(2) });
        var (first, second, third) = (_world.Watch(client.Request("GET", "/")), _world.Watch(client.Request("GET", "/")), _world.Watch(client.Request("GET", "/")));
        Assert.That((third.Error?.GetType(), ((PoolExhaustedException)third.Error!).Counts.Waiting), Is.EqualTo((typeof(PoolExhaustedException), 1)));
        Assert.That(second.IsOver, Is.False);
        _world.Passes(2);
        Assert.That(second.Error, Is.InstanceOf<PoolTimeoutException>().With.Message.Contain("1 of 1 lent"));
        _world.Passes(60);
        Assert.That(first.Error, Is.InstanceOf<TimeoutException>().With.Message.Contain("GET http://10.0.0.1/ was not answered within 00:01:00"));
    }

    [Test]
    public void Interim_answers_without_end_are_refused()
    {
        _world.Serves(string.Concat(Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 40)) + Ok);
        using var client = _world.Asks();
        _world.Play(async () => Assert.That(await client.Request("GET", "/").Told(), Is.EqualTo("HttpRefusedException")));
    }

    [Test]
    public void Another_protocol_gets_the_connection_with_what_was_read_ahead()
    {
        var server = _world.Serves("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nearly");
        using var client = _world.Asks();
        _world.Play(async () =>
        {
            var reply = await client.Request("GET", "/", HttpHeaders.Of(("Connection", "Upgrade"), ("Upgrade", "echo")));
            using var connection = reply.TakeConnection();
            Assert.That((await connection.Read(Framing.Bytes(5))).ToText(), Is.EqualTo("early"));
            await connection.Send("mine".ToBytes());
        });
        Assert.That(server.Last.Received, Does.EndWith("\r\n\r\nmine"));
        _world.Play(async () => Assert.That(await client.Request("GET", "/").Told(), Is.EqualTo("HttpRefusedException"), "nothing was proposed"));
    }

    [Test]
    public void What_cannot_be_sent_is_not()
    {
        using var client = _world.Asks();
        Assert.That(() => client.Request("GET", "nowhere"), Throws.ArgumentException);
        Assert.That(() => client.Request("GET", "/", HttpHeaders.Of(("Content-Length", "5"))), Throws.ArgumentException);
        _world.Serves(Ok);
        _world.Play(async () =>
        {
            Assert.That(await client.Request("GET", "/a b").Told(), Is.EqualTo("ArgumentException"));
            Assert.That(await client.Request("G T", "/").Told(), Is.EqualTo("ArgumentException"));
            Assert.That(await client.Request("GET", "/").Told(), Is.EqualTo("200 hello"), "the connection is none the worse for it");
        });
        Assert.That(client.Counts.Created, Is.EqualTo(1));
    }

    [Test]
    public void A_disposed_client_lets_requests_finish_and_begins_none()
    {
        var server = _world.Serves(static _ => null);
        var client = _world.Asks();
        var asked = _world.Watch(client.Request("GET", "/"));
        _world.Do(client.Dispose);
        server.Last.Sends(Ok);
        Assert.That((asked.ToString(), _world.Watch(client.Request("GET", "/")).ToString()), Is.EqualTo(("HTTP/1.1 200 OK |", "#ObjectDisposedException")));
        _world.Passes(1);
        Assert.That(server.Last.HasEnded, Is.True);
    }

    [Test]
    public void Whoever_throws_at_an_answer_harms_nobody_else()
    {
        _world.Serves(Ok);
        using var client = _world.Asks(new() { MaxConnections = 1 });
        _world.Do(() => client.Request("GET", "/").Subscribe(static _ => throw new FormatException()));
        var next = _world.Watch(client.Request("GET", "/"));
        Assert.That((next.ToString(), _world.Trouble, client.Counts.Created), Is.EqualTo(("HTTP/1.1 200 OK |", "FormatException", 1)));
    }
}
