using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.Tests;

/// <summary>What stands on the wire around an application's messages, and what is no request and never reaches it.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class DieselFramingTests(bool onHub) : WebOnHubFixture(onHub)
{
    private const string Next = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";

    private readonly ConcurrentQueue<string> _asked = new();

    [SetUp]
    public void Forget() => _asked.Clear();

    [Test]
    public async Task Head_has_the_length_of_the_body_and_no_body()
    {
        var answer = await Say($"HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n{Next}");
        Assert.That((Parts(answer)[0], Parts(answer).Length, answer.Contains("hello", StringComparison.Ordinal)), Is.EqualTo(("HTTP/1.1 200 OK, Content-Length: 5", 2, false)));
    }

    [TestCase(204, "HTTP/1.1 204 No Content")]
    [TestCase(205, "HTTP/1.1 205 Reset Content, Content-Length: 0")]
    [TestCase(304, "HTTP/1.1 304 Not Modified")]
    public async Task A_status_without_content_has_none(int status, string head)
    {
        var answer = await Say($"GET /status/{status} HTTP/1.1\r\nHost: x\r\n\r\n{Next}");
        Assert.That((Parts(answer)[0], Parts(answer).Length), Is.EqualTo((head, 2)));
    }

    [TestCase(204)]
    [TestCase(205)]
    [TestCase(304)]
    public async Task Who_writes_content_to_it_is_told(int status) =>
        Assert.That(Parts(await Say($"GET /written/{status} HTTP/1.1\r\nHost: x\r\n\r\n"))[0], Is.EqualTo("HTTP/1.1 500 Internal Server Error, Content-Length: 0"));

    [TestCase(99)]
    [TestCase(101)]
    [TestCase(600)]
    public async Task A_status_that_ends_no_request_is_the_applications_mistake(int status)
    {
        var answer = await Say($"GET /status/{status} HTTP/1.1\r\nHost: x\r\n\r\n{Next}");
        Assert.That((Parts(answer)[0], Parts(answer).Length), Is.EqualTo(("HTTP/1.1 500 Internal Server Error, Content-Length: 0", 2)));
    }

    [TestCase("HTTP/1.1", "", "", "HTTP/1.1 200 OK, Content-Length: 5", 2)]
    [TestCase("HTTP/1.1", "Connection: close\r\n", "", "HTTP/1.1 200 OK, Content-Length: 5, Connection: close", 1)]
    [TestCase("HTTP/1.0", "", "", "HTTP/1.1 200 OK, Content-Length: 5, Connection: close", 1)]
    [TestCase("HTTP/1.0", "Connection: keep-alive\r\n", "", "HTTP/1.1 200 OK, Content-Length: 5, Connection: keep-alive", 2)]
    [TestCase("HTTP/1.1", "", "?close", "HTTP/1.1 200 OK, Content-Length: 5, Connection: close", 1)]
    public async Task A_connection_goes_on_when_both_sides_want_it(string version, string field, string query, string head, int answered)
    {
        var answer = await Say($"GET /hello{query} {version}\r\nHost: x\r\n{field}\r\n{Next}");
        Assert.That((Parts(answer)[0], Parts(answer).Length, _asked.Count), Is.EqualTo((head, answered, answered)));
    }

    [TestCase("HTTP/1.1", "Transfer-Encoding: chunked, Connection: close", "3\r\none\r\n", "3\r\ntwo\r\n0\r\n\r\n")]
    [TestCase("HTTP/1.0", "Connection: close", "one", "two")]
    public async Task What_has_no_length_comes_in_chunks_or_until_the_end(string version, string framed, string first, string second)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.Run(async context =>
        {
            await context.Response.WriteAsync("one");
            await seen.Task;
            await context.Response.WriteAsync("two");
        }));
        using var client = await RawClient.Connect(web);
        await client.Send($"GET / {version}\r\nHost: x\r\nConnection: close\r\n\r\n");
        var begun = await client.Read(first);
        seen.SetResult();
        Assert.That((Parts(begun)[0], begun.EndsWith($"\r\n\r\n{first}", StringComparison.Ordinal), await client.ReadAll()), Is.EqualTo(($"HTTP/1.1 200 OK, {framed}", true, second)));
    }

    [TestCase("/echo", "HTTP/1.1 100 Continue|HTTP/1.1 200 OK, Content-Length: 5|HTTP/1.1 200 OK, Content-Length: 4")]
    [TestCase("/hello", "HTTP/1.1 200 OK, Content-Length: 5, Connection: close")]
    public async Task A_client_is_told_to_go_on_when_its_body_is_read(string path, string heads) =>
        Assert.That(string.Join('|', Parts(await Say($"POST {path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello{Next}"))), Is.EqualTo(heads));

    [TestCase(5, 2)]
    [TestCase(3_000_000, 1)]
    public async Task A_body_that_nobody_reads_is_passed_if_it_is_short(int length, int answered) =>
        Assert.That(Parts(await Say($"POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{(length > 5 ? "" : "hello" + Next)}")), Has.Length.EqualTo(answered));

    [TestCase("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [TestCase("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400)]
    [TestCase("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello", 400)]
    [TestCase("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400)]
    [TestCase("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400)]
    [TestCase("POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\nHost: x\n\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400)]
    [TestCase("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505)]
    public async Task What_may_be_understood_in_two_ways_is_refused_and_nobody_is_asked(string request, int status)
    {
        var answer = await Say(request + Next);
        Assert.That((Parts(answer).Length, answer[..12], _asked.Count), Is.EqualTo((1, $"HTTP/1.1 {status}", 0)));
    }

    [TestCase("5\nhello\r\n0\r\n\r\n")]
    [TestCase("5 \r\nhello\r\n0\r\n\r\n")]
    [TestCase("5\r\nhelloX\r\n0\r\n\r\n")]
    [TestCase("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")]
    [TestCase("-5\r\nhello\r\n0\r\n\r\n")]
    public async Task Chunks_that_are_none_end_the_connection(string chunks)
    {
        var answer = await Say($"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{Next}");
        Assert.That((Parts(answer).Length, answer[..12]), Is.EqualTo((1, "HTTP/1.1 400")));
    }

    [Test]
    public async Task Limits_of_heads_are_kept()
    {
        var limits = new HttpLimits { MaxLine = 100, MaxHeaders = 1000, MaxFields = 5 };
        var statuses = new List<string>();
        foreach (var request in (string[])
            [
                $"GET /{new string('a', 200)} HTTP/1.1\r\nHost: x\r\n\r\n", $"GET /hello HTTP/1.1\r\nHost: x\r\nA: {new string('a', 2000)}\r\n\r\n",
                $"GET /hello HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Repeat("A: a\r\n", 6))}\r\n", "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n",
            ])
        {
            statuses.Add((await Say(request, limits))[9..12]);
        }

        Assert.That((string.Join(' ', statuses), _asked.Count), Is.EqualTo(("414 431 431 200", 1)));
    }

    [Test]
    public async Task Another_protocol_than_was_proposed_is_the_applications_mistake() =>
        Assert.That(
            Parts(await Say("GET /upgrade HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"))[0],
            Is.EqualTo("HTTP/1.1 500 Internal Server Error, Content-Length: 0"));

    private async Task<string> Say(string text, HttpLimits? limits = null)
    {
        await using var web = await Serve(Map, new() { Http = new() { Limits = limits ?? new(), MaxUnreadBody = 1000 } });
        return await web.Say(text);
    }

    // The heads, but what stands in all of them.
    private static string[] Parts(string answer) =>
    [
        .. Regex.Matches(answer, "HTTP/1\\.1 .*?\r\n\r\n", RegexOptions.Singleline).Select(static head => string.Join(
            ", ", head.Value.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.StartsWith("Date: ", StringComparison.Ordinal)))),
    ];

    private void Map(WebApplication app) => app.Run(async context =>
    {
        _asked.Enqueue(context.Request.Path);
        var (parts, response) = (context.Request.Path.Value!.Split('/'), context.Response);
        switch (parts[1])
        {
            case "status":
                response.StatusCode = int.Parse(parts[2], CultureInfo.InvariantCulture);
                break;
            case "written":
                response.StatusCode = int.Parse(parts[2], CultureInfo.InvariantCulture);
                await response.WriteAsync("content");
                break;
            case "echo":
                var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
                response.ContentLength = body.Length;
                await response.WriteAsync(body);
                break;
            case "upgrade":
                response.Headers.Upgrade = "other";
                await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
                break;
            default:
                response.Headers.Connection = context.Request.QueryString.HasValue ? "close" : default(string);
                await response.WriteAsync(parts[1]);
                break;
        }
    });
}
