using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Diesel.Reactive.Tests;

/// <summary>A server that stops while it is used.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class DieselShutdownTests(bool onHub) : WebOnHubFixture(onHub)
{
    [Test]
    public async Task Under_load_each_request_is_answered_whole_or_not_at_all()
    {
        const int Clients = 32;
        var (asked, many) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var web = await Serve(app => app.MapGet("/{n:int}", async (int n) =>
        {
            if (Interlocked.Increment(ref asked) == 500)
            {
                many.SetResult();
            }

            await Task.Delay(n % 5);
            return $"<{n}>";
        }));
        var clients = Enumerable.Range(0, Clients).Select(seed => Task.Run(() => Hammer(web.Address.Port, seed))).ToArray();
        await many.Task.WaitAsync(Live.Patience);
        var began = DateTime.UtcNow;
        await web.App.StopAsync().WaitAsync(Live.Patience);
        Assert.That(DateTime.UtcNow - began, Is.LessThan(TimeSpan.FromSeconds(5)), "Nothing was under way that takes long.");
        var answered = await Task.WhenAll(clients).WaitAsync(Live.Patience);
        Assert.That(answered.Sum(), Is.GreaterThan(500 - Clients).And.LessThanOrEqualTo(asked));
    }

    [Test]
    public async Task Long_polls_are_told_by_the_lifetime_and_answer()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await Serve(app => app.MapGet("/", async (IHostApplicationLifetime lifetime) =>
        {
            var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var told = lifetime.ApplicationStopping.Register(stopping.SetResult);
            begun.SetResult();
            await stopping.Task;
            return "going";
        }));
        using var client = web.Client();
        var answer = client.GetAsync(Root);
        await begun.Task.WaitAsync(Live.Patience);
        await web.App.StopAsync().WaitAsync(Live.Patience);
        using var response = await answer;
        Assert.That((await response.Content.ReadAsStringAsync(), response.Headers.ConnectionClose), Is.EqualTo(("going", (bool?)true)));
    }

    [Test]
    public async Task Who_does_not_listen_is_aborted_in_the_time_of_the_host()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await WebOnHub.Start(
            new() { Hub = Hub, RunsOnHub = OnHub },
            app => app.MapGet("/", async (HttpContext context) =>
            {
                begun.SetResult();
                using var told = context.RequestAborted.Register(aborted.SetResult);
                await aborted.Task;
            }),
            static builder => builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1)));
        using var client = web.Client();
        var answer = client.GetAsync(Root);
        await begun.Task.WaitAsync(Live.Patience);
        var stopped = web.App.StopAsync();
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(5));
        await stopped.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.That(async () => await answer, Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task WebSockets_are_told([Values] bool listens)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var web = await WebOnHub.Start(
            new() { Hub = Hub, RunsOnHub = OnHub },
            app =>
            {
                app.UseWebSockets();
                app.Map("/", async (HttpContext context, IHostApplicationLifetime lifetime) =>
                {
                    using var socket = await context.WebSockets.AcceptWebSocketAsync();
                    begun.SetResult();
                    try
                    {
                        await socket.ReceiveAsync(new byte[10].AsMemory(), listens ? lifetime.ApplicationStopping : CancellationToken.None);
                        ended.SetResult("a message");
                    }
                    catch (Exception error) when (error is OperationCanceledException or WebSocketException or IOException)
                    {
                        ended.SetResult(error.GetType().Name);
                    }
                });
            },
            static builder => builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1)));
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(web.Address) { Scheme = "ws" }.Uri, CancellationToken.None);
        await begun.Task.WaitAsync(Live.Patience);
        var told = client.ReceiveAsync(new byte[10], CancellationToken.None);
        await web.App.StopAsync().WaitAsync(TimeSpan.FromSeconds(5));
        Assert.That(await ended.Task.WaitAsync(TimeSpan.FromSeconds(5)), Is.Not.EqualTo("a message"));
        Assert.That(async () => await told.WaitAsync(Live.Patience), Throws.InstanceOf<WebSocketException>());
    }

    // One request after the other until the server ends; how many were answered. An answer that was begun and is not whole fails.
    private static async Task<int> Hammer(int port, int seed)
    {
        var done = 0;
        while (true)
        {
            try
            {
                using var client = new TcpClient { NoDelay = true };
                await client.ConnectAsync(IPAddress.Loopback, port);
                using var reader = new AnswerReader(client.GetStream());
                for (; ; done++)
                {
                    var n = (seed * 1_000_000) + done;
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /{n} HTTP/1.1\r\nHost: x\r\n\r\n"));
                    Assert.That(await reader.Read(), Is.EqualTo((200, $"<{n}>")));
                }
            }
            catch (Exception error) when (error is EndOfStreamException { Message: AnswerReader.Nothing } or SocketException || (error is IOException && error is not EndOfStreamException))
            {
                return done;
            }
        }
    }
}
