using System.Net.WebSockets;
using System.Text;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Tests;

/// <summary>.NET's view of a WebSocket, from threads of the pool, against .NET's own client and our server.</summary>
public class WebSocketViewTests
{
    [Test]
    public async Task Sends_and_receives_from_any_thread()
    {
        using var live = new Live();
        var service = live.Starts(new HttpService(0, static request => request.AcceptWebSocket(Echo)));
        using var client = await Client(service);
        for (var i = 0; i < 20; i++)
        {
            var sent = new byte[i * 1000];
            Array.Fill(sent, (byte)i);
            await client.SendAsync(sent.AsMemory(0, i * 500), WebSocketMessageType.Binary, false, default);
            await client.SendAsync(sent.AsMemory(i * 500), WebSocketMessageType.Binary, true, default);
            Assert.That(await Receive(client), Is.EqualTo(sent));
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default).WaitAsync(Live.Patience);
        Assert.That((client.State, client.CloseStatus), Is.EqualTo((WebSocketState.Closed, (WebSocketCloseStatus?)WebSocketCloseStatus.NormalClosure)));
    }

    [Test]
    public async Task A_small_buffer_gets_a_message_in_pieces()
    {
        using var live = new Live();
        var service = live.Starts(new HttpService(0, static request => request.AcceptWebSocket(static _ => Observable.Return((WebSocketMessage)"hello world"))));
        using var socket = await Ours(service, live);
        var (buffer, told) = (new byte[4], "");
        while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not WebSocketMessageType.Close } got)
        {
            told += $"{Encoding.ASCII.GetString(buffer, 0, got.Count)}{(got.EndOfMessage ? "." : "/")}";
        }

        Assert.That((told, socket.State, socket.CloseStatus), Is.EqualTo(("hell/o wo/rld.", WebSocketState.CloseReceived, (WebSocketCloseStatus?)WebSocketCloseStatus.NormalClosure)));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default).WaitAsync(Live.Patience);
        Assert.That(socket.State, Is.EqualTo(WebSocketState.Closed));
    }

    [Test]
    public async Task A_cancelled_receive_has_taken_nothing()
    {
        using var live = new Live();
        var service = live.Starts(new HttpService(0, static request => request.AcceptWebSocket(static socket => socket)));
        using var socket = await Ours(service, live);
        using var cancellation = new CancellationTokenSource();
        var receive = socket.ReceiveAsync(new byte[10].AsMemory(), cancellation.Token).AsTask();
        Assert.That(async () => await socket.ReceiveAsync(new byte[10].AsMemory(), default), Throws.InvalidOperationException);
        await cancellation.CancelAsync();
        Assert.That(async () => await receive.WaitAsync(Live.Patience), Throws.InstanceOf<OperationCanceledException>());
        await socket.SendAsync("still here"u8.ToArray().AsMemory(), WebSocketMessageType.Text, true, default);
        Assert.That(Encoding.ASCII.GetString(await Receive(socket)), Is.EqualTo("still here"));
    }

    [Test]
    public async Task A_half_close_still_receives()
    {
        using var live = new Live();
        var service = live.Starts(new HttpService(0, static request => request.AcceptWebSocket(static async socket =>
        {
            try
            {
                await socket.Read();
            }
            catch (EndOfStreamException)
            {
            }
        })));
        using var socket = await Ours(service, live);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.That((await socket.ReceiveAsync(new byte[10].AsMemory(), default).AsTask().WaitAsync(Live.Patience)).MessageType, Is.EqualTo(WebSocketMessageType.Close));
        Assert.That(async () => await socket.SendAsync(new byte[1].AsMemory(), WebSocketMessageType.Text, true, default), Throws.InstanceOf<WebSocketException>());
    }

    [Test]
    public async Task What_breaks_a_connection_is_a_WebSocketException()
    {
        using var live = new Live();
        var service = live.Starts(new HttpService(0, static request => request.AcceptWebSocket(static socket => socket.Do(_ => socket.Abort()))));
        using var socket = await Ours(service, live);
        Assert.That(
            async () =>
            {
                await socket.SendAsync(new byte[1].AsMemory(), WebSocketMessageType.Binary, true, default);
                await socket.ReceiveAsync(new byte[10].AsMemory(), default).AsTask().WaitAsync(Live.Patience);
            },
            Throws.InstanceOf<WebSocketException>());
        Assert.That(socket.State, Is.EqualTo(WebSocketState.Aborted));
    }

    private static async Task Echo(WebSocketConnection connection)
    {
        // A thread of the pool, as libraries that want a WebSocket have it.
        await Task.Run(async () =>
        {
            using var socket = connection.AsWebSocket();
            var buffer = new byte[1500];
            while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not WebSocketMessageType.Close } got)
            {
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, default);
            }

            await socket.CloseAsync(socket.CloseStatus!.Value, socket.CloseStatusDescription, default);
        });
    }

    private static async Task<byte[]> Receive(WebSocket socket)
    {
        var (buffer, all) = (new byte[4096], new MemoryStream());
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Live.Patience);
            all.Write(buffer, 0, got.Count);
            if (got.EndOfMessage)
            {
                return all.ToArray();
            }
        }
    }

    private static async Task<ClientWebSocket> Client(HttpService service)
    {
        var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{service.Port}/"), default).WaitAsync(Live.Patience);
        return client;
    }

    private static async Task<WebSocket> Ours(HttpService service, Live live) =>
        (await WebSockets.Connect($"ws://127.0.0.1:{service.Port}/", hub: live.Hub).AsTask().WaitAsync(Live.Patience)).AsWebSocket();
}
