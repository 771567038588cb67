using System.IO.Compression;
using System.Net;
using System.Text;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpAsking;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Fields that HttpClient's callers, jars and servers have a say in.</summary>
public class HttpClientFieldTests
{
    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void Cookies_of_the_caller_and_of_the_jar_go_in_one_field()
    {
        var heads = new List<string>();
        _world.Serves(head =>
        {
            heads.Add(head);
            return "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n";
        });
        using var client = _world.Clients();
        client.DefaultRequestHeaders.Add("Cookie", "own=1");
        _world.Play(async () =>
        {
            await client.GetAsync("/").Told();
            await client.GetAsync("/").Told();
        });
        Assert.That(heads.Select(static head => string.Join('|', head.Split('\n').Where(static line => line.StartsWith("Cookie", StringComparison.Ordinal)))),
            Is.EqualTo(new[] { "Cookie: own=1", "Cookie: own=1; a=b" }));
    }

    [Test]
    public void A_caller_who_says_that_this_is_the_last_request_gets_a_connection_of_its_own_the_next_time()
    {
        var server = _world.Serves(Ok);
        using var client = _world.Clients();
        using var own = _world.Asks();
        client.DefaultRequestHeaders.ConnectionClose = true;
        _world.Play(async () =>
        {
            Assert.That((await client.GetAsync("/").Told(), await client.GetAsync("/").Told()), Is.EqualTo(("200 hello", "200 hello")));
            Assert.That(await own.Request("GET", "/", HttpHeaders.Of(("Connection", "close"))).Told(), Is.EqualTo("200 hello"));
        });
        Assert.That((server.Count, server.Last.Received.Contains("Connection: close", StringComparison.Ordinal), own.Counts.Idle), Is.EqualTo((3, true, 0)));
    }

    [Test]
    public void Deflate_is_undone_with_and_without_the_frame_of_zlib([Values] bool isBare, [Values(1, 100_000)] int cut)
    {
        var text = string.Concat(Enumerable.Range(0, 5000));
        var packed = new MemoryStream();
        using (Stream stream = isBare ? new DeflateStream(packed, CompressionLevel.Fastest) : new ZLibStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(Encoding.ASCII.GetBytes(text));
        }

        _world.Network.Conditions = new() { Cut = Testing.Cut.Of(there => Math.Min(there, cut)) };
        _world.Starts(new HttpService(Port, _ => HttpResponse.Bytes(packed.ToArray()).With("Content-Encoding", "deflate")));
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, Decompression = DecompressionMethods.Deflate });
        using var own = _world.Asks(new() { Decompression = DecompressionMethods.Deflate });
        _world.Play(async () =>
        {
            Assert.That(await client.GetAsync("/").Told(), Is.EqualTo($"200 {text}"));
            Assert.That(await own.Request("GET", "/").Told(), Is.EqualTo($"200 {text}"));
        });
    }

    [TestCase("caf\u00C3\u00A9", TestName = "Values in UTF-8 are read as that")]
    [TestCase("caf\u00E9", TestName = "And others as Latin-1, of which nothing is lost")]
    public void Values(string sent)
    {
        // The peer writes Latin-1: a byte for each of these.
        _world.Serves($"HTTP/1.1 200 OK\r\nX: {sent}\r\nContent-Length: 0\r\n\r\n");
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            using var response = await client.GetAsync("/");
            Assert.That(response.Headers.GetValues("X").Single(), Is.EqualTo("caf\u00E9"));
        });
    }

    [Test]
    public void Fields_that_change_from_answer_to_answer_are_not_mixed_up()
    {
        var n = 0;
        _world.Serves(_ => n++ % 2 == 0 ? "HTTP/1.1 200 OK\r\nExpires: 1\r\nA: 1\r\nContent-Length: 0\r\n\r\n" : $"HTTP/1.1 201 Made\r\nA: 2\r\nX-B: {n}\r\nContent-Length: 0\r\nLast-Modified: 3\r\n\r\n");
        using var client = _world.Clients();
        _world.Play(async () =>
        {
            for (var i = 0; i < 6; i++)
            {
                using var response = await client.GetAsync("/");
                var (headers, contents) = (Text(response.Headers), Text(response.Content.Headers));
                Assert.That((response.ReasonPhrase, headers, contents), Is.EqualTo(i % 2 == 0 ? ("OK", "A=1", "Expires=1 Content-Length=0") : ("Made", $"A=2 X-B={i + 1}", "Content-Length=0 Last-Modified=3")));
            }
        });

        static string Text(System.Net.Http.Headers.HttpHeaders headers) => string.Join(' ', headers.NonValidated.Select(static field => $"{field.Key}={field.Value}"));
    }
}
