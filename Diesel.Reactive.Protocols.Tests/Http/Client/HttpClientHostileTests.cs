using System.IO.Compression;
using System.Text;
using Diesel.Reactive.Protocols.Http;
using static Diesel.Reactive.Tests.HttpAsking;
using static Diesel.Reactive.Tests.HttpTalk;

namespace Diesel.Reactive.Tests;

/// <summary>Servers whose answers never end: refused at the limit, at the cost of no more memory than that, and others are asked meanwhile.</summary>
public class HttpClientHostileTests
{
    private const long GiB = 1024 * 1024 * 1024;
    private const int Slack = 256 * 1024;
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    // What comes first, what comes again and again, how much of it is too much, and how HttpClient names it.
    private static readonly object[][] Endless =
    [
        ["HTTP/1.1 200 ", "a", 8 * 1024, "InvalidResponse"],
        ["HTTP/1.1 200 OK\r\nX: ", "a", 64 * 1024, "ConfigurationLimitExceeded"],
        ["HTTP/1.1 200 OK\r\nX", "a", 64 * 1024, "ConfigurationLimitExceeded"],
        ["HTTP/1.1 200 OK\r\n", "A: b\r\n", 6 * 1000, "ConfigurationLimitExceeded"],
        ["", "\r\n", 2, "InvalidResponse"],
        ["", "HTTP/1.1 102 Processing\r\n\r\n", 33 * 27, "InvalidResponse"],
        ["", "HTTP/1.1 100 Continue\r\n\r\n", 33 * 25, "InvalidResponse"],
        [Chunked, "0", 64, "InvalidResponse"],
        [$"{Chunked}5;a", "a", 16 * 1024, "InvalidResponse"],
        [Chunked, "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n", 24 * 1024, "InvalidResponse"],
        [$"{Chunked}0\r\n", "T: v\r\n", 16 * 1024, "ConfigurationLimitExceeded"],
        [$"{Chunked}0\r\nT: ", "v", 16 * 1024, "ConfigurationLimitExceeded"],
    ];

    private World _world = null!;

    [SetUp]
    public void Start() => _world = new World();

    [TearDown]
    public void Stop() => _world.Dispose();

    [TestCaseSource(nameof(Endless))]
    public void What_never_ends_is_refused_at_its_limit(string before, string again, int most, string error)
    {
        _world.Network.Conditions = new() { Window = 64 * 1024 };
        var server = _world.Listens(Port);
        _world.Serves(_ => Ok, port: 81);
        using var client = _world.Clients();
        using var own = _world.Asks();
        var (asked, alsoAsked) = (_world.Asked(() => client.GetAsync("/")), _world.Asked(own.Request("GET", "/")));
        var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(again, Math.Max(1, 60_000 / again.Length))));
        long[] sent = [Floods(server[0]), Floods(server[1])];
        Assert.That((asked(), alsoAsked()), Is.EqualTo((error, "HttpRefusedException")));
        Assert.That(sent, Is.All.InRange(1, most + Slack));
        Assert.That((server[0].IsReset || server[0].HasEnded, server[1].IsReset || server[1].HasEnded), Is.EqualTo((true, true)));

        long Floods(Peer peer)
        {
            var sent = 0L;
            peer.Sends(before);
            while (sent < GiB && peer.Unsent == 0 && !peer.IsReset && !peer.HasEnded)
            {
                peer.Sends(piece);
                sent += piece.Length;
                Assert.That(_world.Watch(own.Request("GET", "http://10.0.0.1:81/")).ToString(), Is.EqualTo("HTTP/1.1 200 OK |"), "others are asked meanwhile");
            }

            return sent;
        }
    }

    [Test]
    public void A_body_past_the_limit_is_refused_before_it_is_there([Values] bool isCounted)
    {
        var server = _world.Serves(isCounted ? "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" : $"{Chunked}3e9\r\n");
        using var client = _world.Asks(new() { Limits = new() { MaxBody = 1000 } });
        Assert.That(_world.Watch(client.Request("GET", "/")).ToString() + _world.Trouble, Does.EndWith("#HttpRefusedException").Or.StartsWith("HTTP/1.1 200 OK"));
        _world.Passes(1);
        Assert.That(server.Last.IsReset || server.Last.HasEnded, Is.True);
    }

    [Test]
    public void A_bomb_costs_whoever_reads_it_its_limit_and_no_more([Values("gzip", "deflate", "br")] string encoding)
    {
        const int Most = 10_000_000;
        var bomb = Bomb(encoding);
        _world.Starts(new HttpService(Port, request => HttpResponse.Bytes(bomb).With("Content-Encoding", encoding)));
        using var client = _world.Clients(DieselHttpHandler.Defaults with { WebProxy = null, Decompression = System.Net.DecompressionMethods.All, MaxInflated = Most });
        _world.Play(async () =>
        {
            Assert.That(await client.GetAsync("/").Told(), Is.EqualTo("InvalidResponse"));
            using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
            await using var stream = await response.Content.ReadAsStreamAsync();
            var (room, read, allocated) = (new byte[64 * 1024], 0L, GC.GetAllocatedBytesForCurrentThread());
            Assert.That(await Failure(async () =>
            {
                for (var count = 1; count > 0; read += count)
                {
                    count = await stream.ReadAsync(room);
                }
            }), Is.InstanceOf<HttpIOException>());
            Assert.That(read, Is.InRange(Most - room.Length, Most));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan(2_000_000), "it is inflated piece by piece");
        });
    }

    [Test]
    public void HttpClients_own_bound_on_a_body_holds()
    {
        _world.Starts(new HttpService(Port, static _ => HttpResponse.Bytes(new byte[100_000])));
        using var client = _world.Clients();
        client.MaxResponseContentBufferSize = 10_000;
        _world.Play(async () => Assert.That(await client.GetAsync("/").Told(), Is.EqualTo("ConfigurationLimitExceeded")));
    }

    private static byte[] Bomb(string encoding)
    {
        var packed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            _ => new ZLibStream(packed, CompressionLevel.Fastest),
        })
        {
            var piece = new byte[1_000_000];
            for (var i = 0; i < 50; i++)
            {
                stream.Write(piece);
            }
        }

        return packed.ToArray();
    }
}
