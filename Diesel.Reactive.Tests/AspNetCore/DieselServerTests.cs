using System.Net;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.Tests;

/// <summary>What an application may do with a request and its response, on the pool and on the hub.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class DieselServerTests(bool onHub)
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(new Hub());

    [TearDown]
    public void Stop() => _live.Dispose();

    [Test]
    public async Task What_is_answered_at_once_has_a_length()
    {
        await using var web = await Serve(static app => app.MapGet("/", static () => "hello"));
        using var client = web.Client();
        using var response = await client.GetAsync(Root);
        Assert.That((response.Content.Headers.ContentLength, response.Headers.TransferEncodingChunked, await response.Content.ReadAsStringAsync()), Is.EqualTo((5, (bool?)null, "hello")));
    }

    [Test]
    public async Task The_application_runs_where_it_was_said()
    {
        await using var web = await Serve(app => app.MapGet("/", () => $"{_live.Hub.IsCurrent} {Thread.CurrentThread.IsThreadPoolThread}"));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo(onHub ? "True False" : "False True"));
    }

    [Test]
    public async Task It_goes_on_there_behind_an_await()
    {
        await using var web = await Serve(app => app.MapGet("/", async () =>
        {
            await Task.Run(static () => { });
            return $"{_live.Hub.IsCurrent}";
        }));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo($"{onHub}"));
    }

    [Test]
    public async Task An_endpoint_says_for_itself_where_it_runs()
    {
        await using var web = await Serve(app =>
        {
            app.MapGet("/hub", () => _live.Hub.IsCurrent).RunOnHub();
            app.MapGet("/pool", static () => Thread.CurrentThread.IsThreadPoolThread).RunOnThreadPool();
        });
        using var client = web.Client();
        Assert.That((await client.GetStringAsync(new Uri("hub", UriKind.Relative)), await client.GetStringAsync(new Uri("pool", UriKind.Relative))), Is.EqualTo(("true", "true")));
    }

    [TestCase(0, false)]
    [TestCase(10, true)]
    [TestCase(100_000, false)]
    [TestCase(3_000_000, true)]
    public async Task A_body_comes_and_goes_back(int length, bool chunked)
    {
        var body = new byte[length];
        Random.Shared.NextBytes(body);
        await using var web = await Serve(static app => app.MapPost("/", static (HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body)));
        using var client = web.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await client.SendAsync(request);
        Assert.That((await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(body), Is.True);
    }

    [Test]
    public async Task A_pipe_gives_what_was_not_consumed_again()
    {
        await using var web = await Serve(static app => app.MapPost("/", static async (HttpContext context) =>
        {
            var read = await context.Request.BodyReader.ReadAtLeastAsync(3);
            context.Request.BodyReader.AdvanceTo(read.Buffer.GetPosition(1), read.Buffer.End);
            using var reader = new StreamReader(context.Request.Body);
            return await reader.ReadToEndAsync();
        }));
        using var client = web.Client();
        using var response = await client.PostAsync(Root, new StringContent("abcdef"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("bcdef"));
    }

    [Test]
    public async Task Events_arrive_one_by_one()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("first\n");
            await goOn.Task;
            await context.Response.WriteAsync("second\n");
        }));
        using var client = web.Client();
        using var reader = new StreamReader(await client.GetStreamAsync(Root));
        Assert.That(await reader.ReadLineAsync().WaitAsync(Live.Patience), Is.EqualTo("first"));
        goOn.SetResult();
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("second\n"));
    }

    [Test]
    public async Task Callbacks_before_the_start_run_backwards_and_those_behind_it_see_it_sent()
    {
        var told = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", (HttpContext context) =>
        {
            context.Response.OnStarting(() => Append(context, "a"));
            context.Response.OnStarting(() => Append(context, "b"));
            context.Response.OnCompleted(() => Task.FromResult(told.TrySetResult(context.Response.HasStarted)));
            return "";
        }));
        using var client = web.Client();
        using var response = await client.GetAsync(Root);
        Assert.That((response.Headers.GetValues("X-Order").Single(), await told.Task.WaitAsync(Live.Patience)), Is.EqualTo(("b,a", true)));

        static async Task Append(HttpContext context, string word)
        {
            await Task.Yield();
            context.Response.Headers["X-Order"] = context.Response.Headers["X-Order"].Count == 0 ? word : $"{context.Response.Headers["X-Order"]},{word}";
        }
    }

    [Test]
    public async Task What_has_started_does_not_change()
    {
        await using var web = await Serve(static app => app.MapGet("/", static async (HttpContext context) =>
        {
            await context.Response.StartAsync();
            await context.Response.WriteAsync(
                $"{context.Response.HasStarted} {Refuses(() => context.Response.Headers["X-Late"] = "1")} {Refuses(() => context.Response.StatusCode = 400)} {Refuses(() => context.Response.OnStarting(static () => Task.CompletedTask))}");
        }));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo("True True True True"));
    }

    [Test]
    public async Task An_application_that_throws_answers_500_and_serves_on()
    {
        await using var web = await Serve(static app =>
        {
            app.MapGet("/throw", string () => throw new InvalidOperationException("on purpose"));
            app.MapGet("/", static () => "fine");
        });
        using var client = web.Client();
        using var response = await client.GetAsync(new Uri("throw", UriKind.Relative));
        Assert.That((response.StatusCode, await response.Content.ReadAsStringAsync(), await client.GetStringAsync(Root)), Is.EqualTo((HttpStatusCode.InternalServerError, "", "fine")));
    }

    [Test]
    public async Task One_that_throws_in_mid_response_cuts_it_off()
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("part\n");
            await seen.Task;
            throw new InvalidOperationException("on purpose");
        }));
        using var client = web.Client();
        using var reader = new StreamReader(await client.GetStreamAsync(Root));
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("part"));
        seen.SetResult();
        Assert.That(async () => await reader.ReadToEndAsync().WaitAsync(Live.Patience), Throws.InstanceOf<IOException>());
    }

    [TestCase(3, "more than three", "500")]
    [TestCase(100, "too few", "500")]
    [TestCase(7, "exactly", "200")]
    public async Task A_length_that_was_said_is_kept(int length, string body, string status)
    {
        await using var web = await Serve(app => app.MapGet("/", async (HttpContext context) =>
        {
            context.Response.ContentLength = length;
            await context.Response.WriteAsync(body);
        }));
        Assert.That(await web.Say("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), Does.StartWith($"HTTP/1.1 {status}"));
    }

    [TestCase(false, "413")]
    [TestCase(true, "200")]
    public async Task A_body_may_be_as_long_as_its_endpoint_allows(bool raised, string status)
    {
        await using var web = await Serve(app => app.MapPost("/", async (HttpContext context) =>
        {
            if (raised)
            {
                context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
        }), new() { Http = new() { Limits = new() { MaxBody = 10 } } });
        Assert.That(await web.Say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n01234567890123456789"), Does.StartWith($"HTTP/1.1 {status}"));
        Assert.That(await web.Say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n0\r\n\r\n"), Does.StartWith($"HTTP/1.1 {status}"));
    }

    [Test]
    public async Task A_client_that_leaves_aborts_its_request()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", async (HttpContext context) =>
        {
            using var watch = context.RequestAborted.Register(() => aborted.TrySetResult());
            await context.Response.WriteAsync("begun");
            begun.SetResult();
            await aborted.Task;
        }));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, web.Address.Port);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await begun.Task.WaitAsync(Live.Patience);
        client.Client.LingerState = new(true, 0);
        client.Dispose();
        await aborted.Task.WaitAsync(Live.Patience);
    }

    [Test]
    public async Task An_abort_resets_the_connection()
    {
        await using var web = await Serve(static app => app.MapGet("/", static (HttpContext context) => context.Abort()));
        using var client = web.Client();
        Assert.That(async () => await client.GetAsync(Root), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Fields_behind_the_body_are_sent()
    {
        await using var web = await Serve(static app => app.MapGet("/", static async (HttpContext context) =>
        {
            context.Response.DeclareTrailer("X-Sum");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("X-Sum", "42");
        }));
        using var client = web.Client();
        using var response = await client.GetAsync(Root);
        Assert.That((await response.Content.ReadAsStringAsync(), response.TrailingHeaders.GetValues("X-Sum").Single()), Is.EqualTo(("body", "42")));
    }

    [Test]
    public async Task A_writer_waits_for_a_client_that_does_not_read()
    {
        var written = 0L;
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", async (HttpContext context) =>
        {
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                var write = context.Response.Body.WriteAsync(block).AsTask();
                if (await Task.WhenAny(write, Task.Delay(500)) != write)
                {
                    waits.TrySetResult();
                }

                await write;
                Interlocked.Add(ref written, block.Length);
            }

            ended.SetResult();
        }));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, web.Address.Port);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await waits.Task.WaitAsync(Live.Patience);
        Assert.That(Interlocked.Read(ref written), Is.LessThan(64 * 1024 * 1024));

        // And it is told when nobody is there any more, though its writes need not wait from then on.
        client.Dispose();
        await ended.Task.WaitAsync(Live.Patience);
    }

    [Test]
    public async Task What_flows_with_a_request_does_not_reach_the_next_on_its_connection()
    {
        var local = new AsyncLocal<string>();
        await using var web = await Serve(app => app.Run(context =>
        {
            var before = local.Value ?? "nothing";
            local.Value = "leaked";
            return context.Response.WriteAsync(before);
        }));
        using var client = web.Client();
        Assert.That((await client.GetStringAsync(Root), await client.GetStringAsync(Root)), Is.EqualTo(("nothing", "nothing")));
    }

    [Test]
    public async Task Requests_in_a_row_are_answered_in_order()
    {
        await using var web = await Serve(static app => app.MapGet("/{n:int}", static async (int n) =>
        {
            await Task.Delay(n % 3);
            return $"<{n}>";
        }));
        var answer = await web.Say(string.Concat(Enumerable.Range(0, 50).Select(static n => $"GET /{n} HTTP/1.1\r\nHost: x\r\n\r\n")));
        Assert.That(string.Concat(answer.Split("\r\n").Where(static line => line.StartsWith('<')).Select(static line => line[..(line.IndexOf('>', StringComparison.Ordinal) + 1)])),
            Is.EqualTo(string.Concat(Enumerable.Range(0, 50).Select(static n => $"<{n}>"))));
    }

    private static Uri Root { get; } = new("/", UriKind.Relative);

    private static bool Refuses(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private Task<WebOnHub> Serve(Action<WebApplication> map, DieselServerOptions? options = null) =>
        WebOnHub.Start((options ?? new()) with { Hub = _live.Hub, RunsOnHub = onHub }, map);
}
