using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Diesel.Reactive.Tests;

/// <summary>Requests that fail: by their application, or as their client leaves; on the pool and on the hub.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class DieselAbortTests(bool onHub) : WebOnHubFixture(onHub)
{
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
    public async Task What_it_has_said_and_written_before_is_not_sent()
    {
        await using var web = await Serve(static app => app.Run(static context =>
        {
            context.Response.Headers["X-Said"] = "before";
            _ = context.Response.WriteAsync("written");
            throw new InvalidOperationException("on purpose");
        }));
        Assert.That(await web.Say("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), Does.StartWith("HTTP/1.1 500").And.Not.Contain("X-Said").And.Not.Contain("written"));
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
    public async Task Who_was_to_be_told_of_one_request_is_not_told_of_the_next()
    {
        var told = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app =>
        {
            app.MapGet("/first", (HttpContext context) =>
            {
                context.RequestAborted.Register(() => Interlocked.Increment(ref told));
                return "first";
            });
            app.MapGet("/second", async (HttpContext context) =>
            {
                using var watch = context.RequestAborted.Register(() => aborted.TrySetResult());
                begun.SetResult();
                await aborted.Task;
            });
        });
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, web.Address.Port);
        await client.GetStream().WriteAsync("GET /first HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        using var reader = new AnswerReader(client.GetStream());
        Assert.That(await reader.Read(), Is.EqualTo((200, "first")));
        await client.GetStream().WriteAsync("GET /second HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await begun.Task.WaitAsync(Live.Patience);
        client.Client.LingerState = new(true, 0);
        client.Client.Close();
        await aborted.Task.WaitAsync(Live.Patience);
        Assert.That(Volatile.Read(ref told), Is.Zero);
    }

    [Test]
    public async Task Who_asks_only_when_its_client_has_left_is_told()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.Run(async context =>
        {
            begun.SetResult();
            await gone.Task;
            aborted.SetResult(context.RequestAborted.IsCancellationRequested);
        }));
        using var client = await RawClient.Connect(web);
        await client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await begun.Task.WaitAsync(Live.Patience);
        client.Leave();
        Assert.That(async () => (await Hub.Snapshot()).ConnectionCount, Is.Zero.After(5000, 10));
        gone.SetResult();
        Assert.That(await aborted.Task.WaitAsync(Live.Patience), Is.True);
    }
}
