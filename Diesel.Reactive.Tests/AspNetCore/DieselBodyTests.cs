using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.Tests;

/// <summary>Bodies of requests and responses, on the pool and on the hub.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class DieselBodyTests(bool onHub) : WebOnHubFixture(onHub)
{
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

    [TestCase(700)]
    [TestCase(10_000)]
    [TestCase(100_000)]
    public async Task A_body_is_read_in_pieces_of_any_length(int length)
    {
        var body = new byte[3_000_000];
        Random.Shared.NextBytes(body);
        await using var web = await Serve(app => app.MapPost("/", async (HttpContext context) =>
        {
            var (read, piece) = (new MemoryStream(), new byte[length]);
            while (await context.Request.Body.ReadAsync(piece) is > 0 and var count)
            {
                read.Write(piece.AsSpan(0, count));
            }

            return Results.Bytes(read.ToArray());
        }));
        using var client = web.Client();
        using var response = await client.PostAsync(Root, new ByteArrayContent(body));
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

    [Test]
    public async Task Who_writes_more_than_was_said_is_told_and_may_still_write_what_was()
    {
        await using var web = await Serve(static app => app.Run(static async context =>
        {
            context.Response.ContentLength = 3;
            try
            {
                await context.Response.WriteAsync("more than three");
            }
            catch (InvalidOperationException)
            {
                await context.Response.WriteAsync("yes");
            }
        }));
        using var client = web.Client();
        Assert.That(await client.GetStringAsync(Root), Is.EqualTo("yes"));
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
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", async (HttpContext context) =>
        {
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block);
                Interlocked.Add(ref written, block.Length);
            }

            ended.SetResult();
        }));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, web.Address.Port);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        var seen = 0L;
        Assert.That(() => Interlocked.Exchange(ref seen, Interlocked.Read(ref written)) is > 0 and var before && before == Interlocked.Read(ref seen), Is.True.After(10_000, 100), "It does not wait.");
        Assert.That(seen, Is.LessThan(64 * 1024 * 1024));

        // And it is told when nobody is there any more, though its writes need not wait from then on.
        client.Dispose();
        await ended.Task.WaitAsync(Live.Patience);
    }

    [Test]
    public async Task A_client_waits_for_an_application_that_does_not_read()
    {
        const int Length = 256 * 1024 * 1024;
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(
            app => app.MapPost("/", async (HttpContext context) =>
            {
                var count = await context.Request.Body.ReadAsync(new byte[1]);
                await goOn.Task;
                while (await context.Request.Body.ReadAsync(new byte[64 * 1024]) is > 0 and var more)
                {
                    count += more;
                }

                return count;
            }),
            new() { Http = new() { Limits = new() { MaxBody = Length } } });
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, web.Address.Port);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {Length}\r\n\r\n"));
        var sent = 0L;
        var sending = Task.Run(async () =>
        {
            for (var block = new byte[64 * 1024]; sent < Length; Interlocked.Add(ref sent, block.Length))
            {
                await client.GetStream().WriteAsync(block);
            }
        });
        var seen = 0L;
        Assert.That(() => Interlocked.Exchange(ref seen, Interlocked.Read(ref sent)) is > 0 and var before && before == Interlocked.Read(ref seen), Is.True.After(10_000, 100), "It does not wait.");
        Assert.That(seen, Is.LessThan(Length));
        goOn.SetResult();
        await sending.WaitAsync(Live.Patience);
        using var reader = new AnswerReader(client.GetStream());
        Assert.That(await reader.Read().WaitAsync(Live.Patience), Is.EqualTo((200, $"{Length}")));
    }

    [Test]
    public async Task Who_reads_on_behind_its_request_is_told([Values] bool fails)
    {
        var read = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapPost("/", (HttpContext context) =>
        {
            read.SetResult(context.Request.Body.ReadAsync(new byte[10]).AsTask());
            return fails ? throw new InvalidOperationException("on purpose") : "early";
        }));
        using var client = await RawClient.Connect(web);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
        await client.Read(fails ? "500" : "early");
        Assert.That(async () => await (await read.Task).WaitAsync(Live.Patience), Throws.InvalidOperationException);
    }

    [Test]
    public async Task A_read_that_is_cancelled_is_no_end()
    {
        await using var web = await Serve(static app => app.MapPost("/", static async (HttpContext context) =>
        {
            var read = context.Request.Body.ReadAsync(new byte[10]).AsTask();
            context.Request.BodyReader.CancelPendingRead();
            return await read.ContinueWith(static read => $"cancelled: {read.IsCanceled}", TaskScheduler.Default);
        }));
        using var client = await RawClient.Connect(web);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
        Assert.That(await client.Read(": True"), Does.Contain("cancelled"));
    }

    [Test]
    public async Task Calls_that_block_are_refused()
    {
        await using var web = await Serve(static app => app.MapPost("/", static (HttpContext context) => string.Join(
            ' ', Refused(() => context.Request.Body.ReadByte()), Refused(() => context.Response.Body.Write(new byte[1])), Refused(context.Response.Body.Flush))));
        using var client = web.Client();
        using var response = await client.PostAsync(Root, new StringContent("body"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("True True True"));
    }

    private static bool Refused(Action call)
    {
        try
        {
            call();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
