using System.IO.Compression;
using System.Text;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpAsking;

namespace Diesel.Reactive.Tests;

/// <summary>The bodies of answers and of requests: at the pace of who takes them, whole or an error, and bounded.</summary>
public class HttpReplyBodyTests
{
    private static readonly string[] Broken =
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: v\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "",
    ];

    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void A_body_that_is_cut_off_is_an_error_and_never_a_short_success([ValueSource(nameof(Broken))] string answer)
    {
        using var client = _world.Asks();
        Peers? server = null;
        server = _world.Serves(_ =>
        {
            _world.Hub.Sleep(TimeSpan.FromMilliseconds(10)).Subscribe(_ => server!.Last.Ends());
            return answer;
        });
        _world.Play(async () => Assert.That(await client.Request("GET", "/").Told(), Does.EndWith("Exception")));
    }

    [Test]
    public void A_body_until_the_end_is_whole_at_a_FIN_and_cut_at_a_reset([Values] bool isReset)
    {
        using var client = _world.Asks();
        var server = _world.Serves("HTTP/1.1 200 OK\r\n\r\nhello");
        _world.Do(() => _world.Hub.Sleep(TimeSpan.FromMilliseconds(100)).Subscribe(_ => (isReset ? (Func<Peer>)server.Last.Resets : server.Last.Ends)()));
        _world.Play(async () => Assert.That(await client.Request("GET", "/").Told(), Is.EqualTo(isReset ? "ConnectionException" : "200 hello")));
    }

    [Test]
    public void Every_cut_of_an_answer_is_read_alike_and_so_is_the_next(
        [Values("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nhe\r\n3\r\nllo\r\n0\r\nT: v\r\n\r\n")] string answer)
    {
        var server = _world.Serves(static _ => null);
        using var client = _world.Asks();
        for (var cut = 1; cut < answer.Length; cut++)
        {
            var asked = _world.Asked(client.Request("GET", "/"));
            server.Last.Sends(answer[..cut]);
            _world.Passes(1);
            server.Last.Sends(answer[cut..]);
            Assert.That(asked(), Is.EqualTo("200 hello"), $"cut at {cut}");
        }

        Assert.That(server.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_server_waits_for_whoever_does_not_read()
    {
        _world.Network.Conditions = new() { Window = 1000 };
        using var client = _world.Asks();
        var server = _world.Serves("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        var reply = _world.Watch(client.Request("GET", "/")).Last;
        server.Last.Sends(new string('x', 1_000_000));
        _world.Passes(10);
        Assert.That(server.Last.Unsent, Is.GreaterThan(900_000));
        var read = 0L;
        IDisposable? hold = null;
        _world.Do(() => reply.Body.Subscribe(bytes =>
        {
            read += bytes.Length;
            hold ??= ((IPausable)reply.Body).Pause();
        }));
        _world.Passes(100);
        Assert.That(read, Is.InRange(1, 100_000), "as much as one piece");
        _world.Do(() => hold!.Dispose());
        _world.Passes(20);
        Assert.That((read, client.Counts.Idle), Is.EqualTo((1_000_000, 1)));
    }

    [Test]
    public void A_reader_that_holds_the_end_of_one_answer_does_not_hold_the_next()
    {
        var asked = 0;
        using var client = _world.Asks(new() { HighWaterMark = 10, MaxConnections = 1 });
        var server = _world.Serves(_ => asked++ == 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\nhello" : Ok);
        var reply = _world.Watch(client.Request("GET", "/")).Last;
        var (read, hold) = (0, (IDisposable?)null);
        _world.Do(() => reply.Body.Subscribe(bytes =>
        {
            read += bytes.Length;
            hold ??= read > 5 ? ((IPausable)reply.Body).Pause() : null;
        }));
        server.Last.Sends("12345").Sends(new string('x', 15));
        var next = _world.Asked(client.Request("GET", "/"));
        _world.Passes(1);
        Assert.That((read, next(), server.Count), Is.EqualTo((10, "200 hello", 1)));
        _world.Do(() => hold!.Dispose());
        Assert.That(read, Is.EqualTo(25));
    }

    [Test]
    public void A_long_time_between_pieces_is_too_long_but_a_reader_may_take_its_time()
    {
        using var client = _world.Asks();
        var server = _world.Serves("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        var reply = _world.Watch(client.Request("GET", "/")).Last;
        _world.Passes(300);
        var body = _world.Watch(reply.Body);
        _world.Passes(59);
        Assert.That(body.ToString(), Is.EqualTo("hello"));
        _world.Passes(2);
        Assert.That((body.ToString(), server.Last.IsReset), Is.EqualTo(("hello #TimeoutException", true)));
    }

    [TestCase(1000, 1)]
    [TestCase(5_000_000, 0)]
    public void What_nobody_wants_of_a_body_is_read_if_it_is_short(int length, int idle)
    {
        using var client = _world.Asks();
        var server = _world.Serves($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nhello");
        var reply = _world.Watch(client.Request("GET", "/")).Last;
        _world.Do(reply.Dispose);
        if (idle > 0)
        {
            server.Last.Sends(new string('x', length - 5));
        }

        _world.Passes(1);
        Assert.That((client.Counts.Idle, client.Counts.Lent, server.Last.IsReset), Is.EqualTo((idle, 0, idle == 0)));
    }

    [Test]
    public void A_body_is_read_once()
    {
        using var client = _world.Asks();
        _world.Serves(Ok);
        var reply = _world.Watch(client.Request("GET", "/")).Last;
        Assert.That((_world.Watch(reply.Body).ToString(), _world.Watch(reply.Body).ToString()), Is.EqualTo(("hello |", "#InvalidOperationException")));
    }

    [Test]
    public void Trailers_are_there_behind_the_body()
    {
        using var client = _world.Asks();
        _world.Serves("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: v\r\n\r\n");
        _world.Play(async () =>
        {
            var reply = await client.Request("GET", "/");
            Assert.That((await reply.ReadText(), reply.Trailers["T"]), Is.EqualTo(("hello", "v")));
        });
    }

    [Test]
    public void A_streamed_body_goes_as_the_server_takes_it()
    {
        _world.Network.Conditions = new() { Window = 1000 };
        var taken = 0L;
        _world.Starts(new HttpService(HttpTalk.Port, async request =>
        {
            await _world.Hub.Sleep(TimeSpan.FromSeconds(1));
            taken = (await request.Read()).Length;
            return HttpResponse.Text("hello");
        }));
        using var client = _world.Asks();
        _world.Play(async () =>
        {
            Assert.That(await client.Request("POST", "/", body: HttpRequestBody.Bytes(new byte[1_000_000])).Told(), Is.EqualTo("200 hello"));
            Assert.That(taken, Is.EqualTo(1_000_000));
            var pieces = Observable.Range(0, 100).Select(static _ => (ReadOnlyMemory<byte>)new byte[1000]);
            Assert.That(await client.Request("POST", "/", body: HttpRequestBody.Streamed(pieces)).Told(), Is.EqualTo("200 hello"));
            Assert.That(taken, Is.EqualTo(100_000));
            Assert.That(await client.Request("POST", "/", body: HttpRequestBody.Streamed(pieces, length: 100_000)).Told(), Is.EqualTo("200 hello"));
            Assert.That(await client.Request("POST", "/", body: HttpRequestBody.Streamed(pieces, length: 99_999)).Told(), Is.EqualTo("InvalidOperationException"));
            Assert.That(await client.Request("POST", "/", body: HttpRequestBody.Streamed(pieces, length: 100_001)).Told(), Is.EqualTo("InvalidOperationException"));
        });
    }

    [Test]
    public void A_body_waits_for_the_server_where_it_is_to_and_not_for_ever()
    {
        var asked = new List<string>();
        var server = _world.Listens(HttpTalk.Port);
        using var client = _world.Asks();
        var expects = HttpHeaders.Of(("Expect", "100-continue"));
        var first = _world.Watch(client.Request("POST", "/", expects, HttpRequestBody.Text("hi")));
        Assert.That(server.Last.Received, Does.EndWith("Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
        server.Last.Sends("HTTP/1.1 100 Continue\r\n\r\n");
        Assert.That(server.Last.Received, Does.EndWith("\r\n\r\nhi"));
        server.Last.Sends(Ok);
        var second = _world.Watch(client.Request("POST", "/", expects, HttpRequestBody.Text("hi")));
        _world.Passes(0.9);
        Assert.That(server.Last.Received, Does.EndWith("\r\n\r\n"));
        _world.Passes(0.2);
        Assert.That(server.Last.Received, Does.EndWith("\r\n\r\nhi"));
        server.Last.Sends(Ok);
        var third = _world.Watch(client.Request("POST", "/", expects, HttpRequestBody.Text("hi")));
        server.Last.Sends("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
        _world.Passes(5);
        Assert.That((first.ToString(), second.ToString(), third.ToString()), Is.EqualTo(("HTTP/1.1 200 OK |", "HTTP/1.1 200 OK |", "HTTP/1.1 417 Expectation Failed |")));
        Assert.That((server.Last.Received.EndsWith("hi", StringComparison.Ordinal), client.Counts.Idle), Is.EqualTo((false, 0)), "what was not sent cannot be followed by another request");
    }

    [Test]
    public void An_early_answer_is_the_answer_though_the_body_is_on_its_way()
    {
        _world.Network.Conditions = new() { Window = 1000 };
        using var client = _world.Asks();
        var server = _world.Listens(HttpTalk.Port);
        var asked = _world.Asked(client.Request("POST", "/", body: HttpRequestBody.Bytes(new byte[1_000_000])));
        server.Last.StopsReading().Sends("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
        _world.Passes(1);
        Assert.That((asked(), client.Counts.Lent), Is.EqualTo(("413 hello", 0)));
    }

    [Test]
    public void What_a_server_packs_is_unpacked_if_one_likes([Values("gzip", "deflate", "br")] string encoding, [Values(1, 7, 100_000)] int cut)
    {
        var packed = Packed(encoding, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5000))));
        _world.Network.Conditions = new() { Cut = Testing.Cut.Of(there => Math.Min(there, cut)) };
        string? accepted = null;
        _world.Starts(new HttpService(HttpTalk.Port, request =>
        {
            accepted = request.Headers["Accept-Encoding"];
            return HttpResponse.Bytes(packed).With("Content-Encoding", encoding);
        }));
        using var client = _world.Asks(new() { Decompression = System.Net.DecompressionMethods.All });
        _world.Play(async () =>
        {
            var reply = await client.Request("GET", "/");
            Assert.That(await reply.ReadText(), Is.EqualTo(string.Concat(Enumerable.Range(0, 5000))));
            Assert.That((accepted, reply.Headers["Content-Encoding"], reply.Length), Is.EqualTo(("gzip, deflate, br", (string?)null, (long?)null)));
        });
        Assert.That(client.Counts.Created, Is.EqualTo(1));
    }

    [Test]
    public void A_bomb_is_refused_at_its_limit_and_never_held_as_a_whole()
    {
        var bomb = Packed("gzip", new byte[200_000_000]);
        _world.Starts(new HttpService(HttpTalk.Port, _ => HttpResponse.Bytes(bomb).With("Content-Encoding", "gzip")));
        using var client = _world.Asks(new() { Decompression = System.Net.DecompressionMethods.GZip, MaxInflated = 10_000_000 });
        var (read, failed) = (0L, (Exception?)null);
        _world.Play(async () =>
        {
            var reply = await client.Request("GET", "/");
            await reply.Body.Do(bytes => read += bytes.Length).Select(static _ => 0).Catch((Exception error) =>
            {
                failed = error;
                return Observable.Return(0);
            }).LastOrDefaultAsync();
        });
        Assert.That((failed?.GetType(), read), Is.EqualTo((typeof(HttpRefusedException), read)));
        Assert.That(read, Is.InRange(9_900_000, 10_000_000));
    }

    private static byte[] Packed(string encoding, byte[] bytes)
    {
        var packed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            _ => new ZLibStream(packed, CompressionLevel.Fastest),
        })
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }
}
