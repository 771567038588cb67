using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Diesel.Reactive.Tests;

/// <summary>Kestrel over a hub's sockets, driven by .NET's own clients.</summary>
[TestFixtureSource(typeof(EventLoops), nameof(EventLoops.All))]
public class KestrelTests(Func<Hub> loop)
{
    private Live _live = null!;

    [SetUp]
    public void Start() => _live = new Live(loop());

    [TearDown]
    public void Stop() => _live.Dispose();

    [TestCase("1.1", HttpProtocols.Http1, false)]
    [TestCase("1.1", HttpProtocols.Http1AndHttp2, true)]
    [TestCase("2.0", HttpProtocols.Http2, false)]
    [TestCase("2.0", HttpProtocols.Http1AndHttp2, true)]
    public async Task A_request_is_answered(string version, HttpProtocols protocols, bool secure)
    {
        await using var server = await KestrelOnHub.Start(_live.Hub, static app => app.MapGet("/", static (HttpContext context) => context.Request.Protocol), protocols, secure);
        using var client = server.Client(new(version));
        Assert.That(await client.GetStringAsync(new Uri("/", UriKind.Relative)), Is.EqualTo($"HTTP/{(version == "2.0" ? "2" : version)}"));
    }

    [Test]
    public async Task The_connection_under_a_request_is_one_of_its_features()
    {
        await using var server = await KestrelOnHub.Start(_live.Hub, static app => app.MapGet("/", static (HttpContext context) =>
            (context.Features.Get<Connection>()!.RemoteEndPoint as IPEndPoint)!.Port == context.Connection.RemotePort));
        using var client = server.Client(HttpVersion.Version11);
        Assert.That(await client.GetStringAsync(new Uri("/", UriKind.Relative)), Is.EqualTo("true"));
    }

    [TestCase("1.1", HttpProtocols.Http1)]
    [TestCase("2.0", HttpProtocols.Http2)]
    public async Task Many_at_once_get_their_own_bodies_back(string version, HttpProtocols protocols)
    {
        await using var server = await KestrelOnHub.Start(_live.Hub, static app => app.MapPost("/", static async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.Body.WriteAsync(body.ToArray());
        }), protocols);
        using var client = server.Client(new(version));
        var same = await Task.WhenAll(Enumerable.Range(1, 20).Select(async n =>
        {
            var body = RandomNumberGenerator.GetBytes(n * 20_000);
            using var content = new ByteArrayContent(body);
            using var response = await client.PostAsync(new Uri("/", UriKind.Relative), content);
            return (await response.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(body);
        }));
        Assert.That(same, Has.All.True);
    }

    [Test]
    public async Task A_client_that_leaves_aborts_its_request()
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await KestrelOnHub.Start(_live.Hub, app => app.MapGet("/", (HttpContext context) =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            begun.SetResult();
            return aborted.Task;
        }));
        using var client = server.Client(HttpVersion.Version11);
        using var leaving = new CancellationTokenSource();
        var asking = client.GetStringAsync(new Uri("/", UriKind.Relative), leaving.Token);
        await begun.Task.WaitAsync(Live.Patience);
        await leaving.CancelAsync();
        await aborted.Task.WaitAsync(Live.Patience);
        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_client_that_does_not_read_holds_its_answer_and_nobody_else()
    {
        var written = 0L;
        await using var server = await KestrelOnHub.Start(_live.Hub, app => app.MapGet("/{count}", async (HttpContext context, int count) =>
        {
            for (var i = 0; i < count; i++)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
                Interlocked.Add(ref written, 64 * 1024);
            }
        }));
        using var client = server.Client(HttpVersion.Version11);
        var answer = await client.GetAsync(new Uri("/1600", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.That((await client.GetByteArrayAsync(new Uri("/1", UriKind.Relative))).Length, Is.EqualTo(64 * 1024));
        Assert.That(Interlocked.Read(ref written), Is.LessThan(80_000_000));
        Assert.That((await answer.Content.ReadAsByteArrayAsync()).Length, Is.EqualTo(1600 * 64 * 1024));
    }

    [Test]
    public async Task A_web_socket_carries_messages_both_ways()
    {
        await using var server = await KestrelOnHub.Start(_live.Hub, static app =>
        {
            app.UseWebSockets();
            app.Map("/", static async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[1024];
                while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not WebSocketMessageType.Close } message)
                {
                    await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, default);
                }

                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
            });
        });
        using var client = new ClientWebSocket();
        using var patience = new CancellationTokenSource(Live.Patience);
        await client.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws" }.Uri, patience.Token);
        await client.SendAsync("hello"u8.ToArray().AsMemory(), WebSocketMessageType.Text, true, patience.Token);
        var answer = new byte[16];
        var received = await client.ReceiveAsync(answer.AsMemory(), patience.Token);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        Assert.That(((ReadOnlyMemory<byte>)answer)[..received.Count].ToText(), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_server_that_stops_lets_a_request_end()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await KestrelOnHub.Start(_live.Hub, app => app.MapGet("/", async () =>
        {
            begun.SetResult();
            await goOn.Task;
            return "done";
        }));
        using var client = server.Client(HttpVersion.Version11);
        var asking = client.GetStringAsync(new Uri("/", UriKind.Relative));
        await begun.Task.WaitAsync(Live.Patience);
        var stopping = server.Stop();
        goOn.SetResult();
        Assert.That(await asking.WaitAsync(Live.Patience), Is.EqualTo("done"));
        await stopping.WaitAsync(Live.Patience);
    }

    [Test]
    public async Task Nothing_is_left_behind()
    {
        await using (var server = await KestrelOnHub.Start(_live.Hub, static app => app.MapGet("/", static () => "x")))
        {
            using var client = server.Client(HttpVersion.Version11);
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.GetStringAsync(new Uri("/", UriKind.Relative))));
        }

        Assert.That(() => _live.Hub.Sight.ResourcesOf<ConnectionLife>().Count, Is.Zero.After((int)Live.Patience.TotalMilliseconds, 10));
    }
}
