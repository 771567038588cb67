using System.Net;
using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Programs that people measure, attack and front servers with get along with the service.</summary>
[Platform("Linux")]
public class HttpRealPeerTests
{
    private const string Megabyte = "x";

    private static readonly byte[] Large = [.. Enumerable.Repeat((byte)Megabyte[0], 1_000_000)];

    // Requests of each measuring program.
    private static readonly int Many = Live.IsSoak ? 200_000 : 3000;

    // Node's fetch is undici: kept connections, bodies of both framings, answers that come late, requests that are given up.
    private const string Fetches =
        """
        const url = process.argv[1], large = 'x'.repeat(300000);
        const text = async (path, options) => (await fetch(url + path, options)).text();
        const stream = () => new ReadableStream({ start(c) { for (let i = 0; i < 10; i++) c.enqueue(new TextEncoder().encode(large)); c.close(); } });
        const is = (got, want, what) => { if (got !== want) throw new Error(`${what}: ${String(got).slice(0, 200)}`); };
        (async () => {
          await Promise.all([...Array(40).keys()].map(async i => {
            is(await text('/a' + i), 'hello /a' + i, 'text');
            is(await text('/length', { method: 'POST', body: large }), '300000', 'a body with a length');
            is(await text('/length', { method: 'POST', body: stream(), duplex: 'half' }), '3000000', 'a body in chunks');
            is((await text('/echo', { method: 'POST', body: stream(), duplex: 'half' })).length, 3000000, 'a body that comes back');
          }));
          is((await text('/late')).split('\n').length, 21, 'an answer in chunks');
          is((await fetch(url + '/a', { method: 'HEAD' })).headers.get('content-length'), '8', 'HEAD');
          const stop = new AbortController(), gone = fetch(url + '/late', { signal: stop.signal }).then(r => r.text());
          setTimeout(() => stop.abort(), 20);
          is(await gone.catch(error => error.name), 'AbortError', 'what is given up');
          is(await text('/again'), 'hello /again', 'what follows');
        })().then(() => process.exit(0), error => { console.error(error); process.exit(1); });
        """;

    private Live _live = null!;

    [SetUp]
    public void Begin() => _live = new Live();

    [TearDown]
    public void End() => _live.Dispose();

    [Test]
    public async Task Wrk_counts_no_error()
    {
        SampleTool.Require("/usr/bin/wrk", "wrk");
        var (code, text) = await SampleTool.Run("wrk", "-t", "1", "-c", "16", "-d", Live.IsSoak ? "30s" : "1s", $"http://{Serves()}/a");
        Assert.That((code, text), Is.EqualTo((0, text)).And.Matches<(int, string)>(static each => Regex.IsMatch(each.Item2, "[1-9][0-9]+ requests in") && !Regex.IsMatch(each.Item2, "Socket errors|Non-2xx")));
    }

    [TestCase("1")]
    [TestCase("16")]
    public async Task H2load_speaks_http_1_and_pipelines(string depth)
    {
        SampleTool.Require("/usr/bin/h2load", "nghttp2-client");
        var (code, text) = await SampleTool.Run("h2load", "--h1", "-n", $"{Many}", "-c", "16", "-m", depth, $"http://{Serves()}/a");
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.Contain($"{Many} succeeded, 0 failed, 0 errored").And.Contain($"{Many} 2xx"));
    }

    [TestCase]
    [TestCase("-k")]
    [TestCase("-k", "-p", "BODY", "-T", "text/plain")]
    public async Task Ab_of_HTTP_1_0_is_kept_alive_where_it_asks(params string[] how)
    {
        SampleTool.Require("/usr/bin/ab", "apache2-utils");
        var body = Path.GetTempFileName();
        await File.WriteAllBytesAsync(body, Large[..10_000]);
        var (code, text) = await SampleTool.Run("ab", ["-n", $"{Many}", "-c", "16", .. how.Select(each => each == "BODY" ? body : each), $"http://{Serves()}/length"]);
        File.Delete(body);
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.Match($"Complete requests: +{Many}\n").And.Match("Failed requests: +0\n").And.Not.Contain("Non-2xx"));
        Assert.That(Regex.IsMatch(text, $"Keep-Alive requests: +{Many}\n"), Is.EqualTo(how.Length > 0));
    }

    [Test]
    public async Task Undici_sends_and_takes_bodies_of_all_kinds()
    {
        SampleTool.Require("/usr/bin/node", "nodejs");
        Assert.That(await SampleTool.Run("node", "-e", Fetches, $"http://{Serves()}"), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Nginx_before_it_passes_bodies_both_ways()
    {
        SampleTool.Require("/usr/bin/curl", "curl");
        var (back, at) = (Serves(), Daemon.FreePort());
        using var nginx = SmugglingPeers.Front("nginx", at, back);
        var url = $"http://{at}";
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, Large);
        Assert.That(await Curl($"{url}/a", $"{url}/a"), Is.EqualTo((0, "hello /ahello /a")));
        Assert.That(await Curl("--data-binary", $"@{file}", $"{url}/length"), Is.EqualTo((0, $"{Large.Length}")));
        Assert.That(await Curl("--data-binary", $"@{file}", "-H", "Transfer-Encoding: chunked", "-H", "Expect: 100-continue", $"{url}/length"), Is.EqualTo((0, $"{Large.Length}")));
        Assert.That((await Curl("--data-binary", $"@{file}", "-H", "Transfer-Encoding: chunked", $"{url}/echo")).Text, Has.Length.EqualTo(Large.Length));
        Assert.That(await Curl("--head", "--output", "/dev/null", "--write-out", "%{http_code} %{size_download}", $"{url}/a"), Is.EqualTo((0, "200 0")));
        Assert.That(await Curl("--output", "/dev/null", "--write-out", "%{http_code}", $"{url}/late"), Is.EqualTo((0, "200")));
        File.Delete(file);
    }

    // Heads that come line by line, bodies that come byte by byte, answers that are taken byte by byte.
    [TestCase("-H")]
    [TestCase("-B")]
    [TestCase("-X", "-w", "10", "-y", "20", "-n", "1", "-z", "8", "-k", "3")]
    public async Task Slowhttptest_finds_it_available_and_its_own_connections_ended(params string[] attack)
    {
        SampleTool.Require("/usr/bin/slowhttptest", "slowhttptest");
        var (connections, most, areEnded) = (Live.IsSoak ? 1000 : 100, 0, false);
        var service = Starts(Live.IsSoak ? new() : new() { HeadTimeout = TimeSpan.FromSeconds(2), KeepAliveTimeout = TimeSpan.FromSeconds(2), MinimumRateGrace = TimeSpan.FromSeconds(1) });
        var attacking = SampleTool.Run("slowhttptest",
            [.. attack, "-c", $"{connections}", "-r", $"{connections}", "-i", "1", "-l", Live.IsSoak ? "110" : "10", "-p", "3", "-u", $"http://{service.EndPoint}/{(attack[0] == "-B" ? "length" : "large")}"]);

        // The tool does not notice that what it reads slowly was reset.
        using var glance = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!attacking.IsCompleted && await glance.WaitForNextTickAsync())
        {
            most = Math.Max(most, service.ConnectionCount);
            areEnded |= most > connections / 2 && service.ConnectionCount < connections / 10;
        }

        var said = Regex.Replace((await attacking).Text, "\u001b\\[[0-9;]*[A-Za-z]", "");
        Assert.That(areEnded, Is.True, $"{most} connections at most; {said}");
        Assert.That(Regex.Matches(said, "service available: +NO"), Is.Empty, said);
    }

    private static Task<(int ExitCode, string Text)> Curl(params string[] arguments) => SampleTool.Run("curl", ["--silent", "--show-error", "--max-time", "20", .. arguments]);

    private IPEndPoint Serves() => (IPEndPoint)Starts(new()).EndPoint;

    private HttpService Starts(HttpServiceOptions options) => _live.Starts(new HttpService(new IPEndPoint(IPAddress.Loopback, 0), Answer, options));

    private static async Task<HttpResponse> Answer(HttpRequest request) => request.Path switch
    {
        "/length" => HttpResponse.Text($"{(await request.Read()).Length}"),
        "/echo" => request.Body.AsResponse(),
        "/large" => HttpResponse.Bytes(Large),
        "/late" => Observable.Interval(TimeSpan.FromMilliseconds(5), Hub.Current!).Take(20).Select(static n => $"{n}\n").AsResponse(),
        _ => HttpResponse.Text($"hello {request.Path}"),
    };
}
