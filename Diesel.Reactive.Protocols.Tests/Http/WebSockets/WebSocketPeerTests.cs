using System.Net;
using System.Net.WebSockets;
using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebSocketOptions = Diesel.Reactive.Protocols.Http.WebSocketOptions;

namespace Diesel.Reactive.Tests;

/// <summary>Clients and servers that others wrote, compressed and plain: python3-websockets, wsproto, ws of Node, .NET's client, Kestrel.</summary>
public class WebSocketPeerTests
{
    private const string Python = "/usr/bin/python3";
    private const string Node = "/usr/bin/node";
    private const string OfPython = "/usr/lib/python3/dist-packages";

    // Each sends texts and bytes of many lengths, wants them back, and closes with 1000; it ends with 0 if all was well.
    private const string WebsocketsClient =
        """
        import asyncio, sys, websockets
        async def main():
            for compression in (None, "deflate"):
                async with websockets.connect(sys.argv[1], compression=compression, max_size=None) as ws:
                    for n in (0, 1, 125, 126, 65535, 65536, 300000):
                        for message in ("\u20ac" * (n // 3) + "a" * (n % 3), bytes(i & 255 for i in range(n))):
                            await ws.send(message)
                            assert await ws.recv() == message, n
                    await ws.send(["frag", "ment", "ed"])
                    assert await ws.recv() == "fragmented"
                    await asyncio.wait_for(await ws.ping(), 10)
                assert ws.close_code == 1000, ws.close_code
        asyncio.run(main())
        """;

    private const string WsprotoClient =
        """
        import socket, sys
        from urllib.parse import urlparse
        from wsproto import ConnectionType, WSConnection
        from wsproto.events import *
        from wsproto.extensions import PerMessageDeflate
        url = urlparse(sys.argv[1])
        for extensions in ([], [PerMessageDeflate()]):
            s = socket.create_connection((url.hostname, url.port), timeout=20)
            ws = WSConnection(ConnectionType.CLIENT)
            s.sendall(ws.send(Request(host=url.netloc, target="/", extensions=extensions)))
            def events():
                while True:
                    data = s.recv(65536)
                    ws.receive_data(data or None)
                    yield from ws.events()
            stream = events()
            accepted = next(stream)
            assert isinstance(accepted, AcceptConnection), accepted
            assert len(accepted.extensions) == len(extensions)
            for n in (0, 1, 1000, 70000):
                for message in ("a" * n, b"\xfe" * n):
                    s.sendall(ws.send(Message(data=message)))
                    got = None
                    for event in stream:
                        got = event.data if got is None else got + event.data
                        if event.message_finished:
                            break
                    assert got == message, n
            s.sendall(ws.send(CloseConnection(code=1000)))
            assert next(stream).code == 1000
        """;

    private const string WsClient =
        """
        const WebSocket = require('/usr/share/nodejs/ws');
        const talk = deflate => new Promise((done, failed) => {
          const ws = new WebSocket(process.argv[1], { perMessageDeflate: deflate });
          const sent = [], wait = [];
          for (const n of [0, 1, 125, 126, 65535, 65536, 300000]) sent.push('a'.repeat(n), Buffer.alloc(n, 0xfe));
          ws.on('open', () => { for (const each of sent) ws.send(each); ws.ping('p'); });
          let ponged = false;
          ws.on('pong', () => { ponged = true; });
          ws.on('message', (data, isBinary) => {
            const want = sent[wait.length];
            if (isBinary !== (typeof want !== 'string') || !Buffer.from(want).equals(data)) failed(new Error('not what was sent'));
            wait.push(0);
            if (wait.length === sent.length) ws.close(1000);
          });
          ws.on('close', code => code === 1000 && ponged ? done() : failed(new Error('closed with ' + code)));
          ws.on('error', failed);
        });
        talk(false).then(() => talk({ threshold: 0 })).then(() => process.exit(0), error => { console.error(error); process.exit(1); });
        """;

    private const string WebsocketsServer =
        """
        import asyncio, sys, websockets
        async def echo(ws, path=None):
            async for message in ws:
                await ws.send(message)
        async def main():
            async with websockets.serve(echo, "127.0.0.1", int(sys.argv[1]), max_size=None):
                await asyncio.Future()
        asyncio.run(main())
        """;

    private const string WsServer =
        """
        const { WebSocketServer } = require('/usr/share/nodejs/ws');
        new WebSocketServer({ host: '127.0.0.1', port: +process.argv[1], perMessageDeflate: { threshold: 0 } })
          .on('connection', ws => ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary })));
        """;

    private static readonly WebSocketOptions Deflating = new() { Deflate = new() { MinimumLength = 1 } };

    [Test]
    public Task Python_websockets_talks_to_our_service() => Client(Python, $"{OfPython}/websockets/__init__.py", "python3-websockets", "-c", WebsocketsClient);

    [Test]
    public Task Wsproto_talks_to_our_service() => Client(Python, $"{OfPython}/wsproto/__init__.py", "python3-wsproto", "-c", WsprotoClient);

    [Test]
    public Task Ws_talks_to_our_service() => Client(Node, "/usr/share/nodejs/ws/package.json", "node-ws", "-e", WsClient);

    [Test]
    public void Our_client_talks_to_python_websockets([Values] bool deflates)
    {
        SampleTool.Require($"{OfPython}/websockets/__init__.py", "python3-websockets");
        Server(Python, "python3-websockets", deflates, "-c", WebsocketsServer);
    }

    [Test]
    public void Our_client_talks_to_ws([Values] bool deflates)
    {
        SampleTool.Require("/usr/share/nodejs/ws/package.json", "node-ws");
        Server(Node, "node-ws", deflates, "-e", WsServer);
    }

    [Test]
    public async Task Dotnets_client_talks_to_our_service([Values] bool deflates)
    {
        using var live = new Live();
        var service = live.Starts(new HttpService(0, static request => request.AcceptWebSocket(static socket => socket, Deflating)));
        using var client = new ClientWebSocket();
        client.Options.DangerousDeflateOptions = deflates ? new() : null;
        client.Options.AddSubProtocol("x");
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{service.Port}/"), default).WaitAsync(Live.Patience);
        foreach (var length in new[] { 0, 1, 126, 65536, 300_000 })
        {
            var (sent, got) = (new byte[length], new byte[length + 1]);
            new Random(length).NextBytes(sent);
            await client.SendAsync(sent.AsMemory(), WebSocketMessageType.Binary, true, default);
            var received = 0;
            for (var isLast = false; !isLast;)
            {
                var some = await client.ReceiveAsync(got.AsMemory(received), default).AsTask().WaitAsync(Live.Patience);
                (received, isLast) = (received + some.Count, some.EndOfMessage);
            }

            Assert.That(got.AsSpan(0, received).SequenceEqual(sent), Is.True);
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", default).WaitAsync(Live.Patience);
        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    }

    [Test]
    public async Task Our_client_talks_to_Kestrel([Values] bool deflates)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var application = builder.Build();
        application.UseWebSockets();
        application.Run(Echo);
        await application.StartAsync();
        Talk(new Uri(application.Urls.Single()).Port, deflates);
    }

    /// <summary>ASP.NET Core's side.</summary>
    internal static async Task Echo(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = true });
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not WebSocketMessageType.Close } got)
        {
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, default);
        }

        await socket.CloseAsync(socket.CloseStatus!.Value, null, default);
    }

    private static async Task Client(string program, string file, string package, string option, string script)
    {
        SampleTool.Require(file, package);
        using var live = new Live();
        var service = live.Starts(new HttpService(0, static request => request.AcceptWebSocket(static socket => socket, Deflating)));
        Assert.That(await SampleTool.Run(program, option, script, $"ws://127.0.0.1:{service.Port}/"), Is.EqualTo((0, "")));
        Assert.That(live.Do(() => service.Counts.Open), Is.Zero.Or.EqualTo(1));
    }

    private static void Server(string program, string package, bool deflates, string option, string script)
    {
        var at = Daemon.FreePort();
        using var daemon = new Daemon(program, package, null, at, option, script, $"{at.Port}");
        Talk(at.Port, deflates);
    }

    private static void Talk(int port, bool deflates)
    {
        using var live = new Live();
        live.Run(async () =>
        {
            var client = await WebSockets.Connect($"ws://127.0.0.1:{port}/", new() { Deflate = deflates ? Deflating.Deflate : null }, live.Hub);
            await client.TalksWithAnEcho();
        });
    }
}
