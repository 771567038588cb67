using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>The samples that ask by HTTP.</summary>
[Parallelizable(ParallelScope.All)]
public class HttpClientSampleTests
{
    [Test]
    public async Task Http_client_asks_its_own_server_in_all_its_ways()
    {
        await using var process = await SampleProcess.Start("http-client");
        Assert.That(await process.ReadToEnd(), Is.EqualTo(
            "200 hello, diesel\n/: hello, diesel; 1 connection\nPIECE 1 PIECE 2 PIECE 3 \ntick 0\ntick 1\ntick 2\nhello, HttpClient\n"));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Crawler_finds_each_page_once_over_few_connections()
    {
        await using var process = await SampleProcess.Start("crawler");
        Assert.That(await process.ReadToEnd(), Does.Match("^200: 100 pages\n404: 101 pages\n201 pages over [1-8] connections in .* s\n$"));
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task The_driver_asks_line_by_line([Values("handler", "hub")] string mode)
    {
        var (server, at) = await SampleProcess.Serve("http-contract");
        await using var _ = server;
        await using var process = await SampleProcess.Start("http-client-driver", mode);
        await process.Type($$"""{"id": "1", "url": "http://{{at}}/", "body": null}""");
        Assert.That(await process.Line(), Does.Contain("\"id\":\"1\",\"status\":200").And.Contain("\"body\":\"hello\"").And.Contain("\"error\":null"));
        await process.Type($$"""{"id": "2", "method": "POST", "url": "http://{{at}}/echo", "body": "abc", "bodyRepeat": 3, "chunked": true}""");
        Assert.That(await process.Line(), Does.Contain("\"body\":\"abcabcabc\",\"length\":9"));
        await process.Type($$"""{"id": "3", "url": "http://{{new IPEndPoint(IPAddress.Loopback, 1)}}/"}""");
        Assert.That(await process.Line(), Does.Contain("\"id\":\"3\",\"status\":0").And.Contain("Exception: "));
        process.EndInput();
        Assert.That(await process.End(), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task The_driver_says_that_it_is_to_be_told_which_client()
    {
        await using var process = await SampleProcess.Start("http-client-driver");
        var (code, errors) = await process.End();
        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.StartWith("http-client-driver: say which client"));
    }
}
