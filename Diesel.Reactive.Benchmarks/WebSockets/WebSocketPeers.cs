using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Benchmarks.WebSockets;

/// <summary>An echo of messages on this library, and on ASP.NET Core.</summary>
internal static class WebSocketPeers
{
    public static IPEndPoint StartDiesel(int port)
    {
        var service = new HttpService(
            new IPEndPoint(IPAddress.Loopback, port),
            static request => request.AcceptWebSocket(static socket => socket),
            new HttpServiceOptions { Socket = new() { Backlog = ServerProgram.Backlog } },
            new Hub());
        service.Start();
        return (IPEndPoint)service.EndPoint;
    }

    public static IPEndPoint StartKestrel(int port) => StartKestrel(port, inline: false);

    /// <summary>The application runs on the socket's thread; its authors call the option unsafe.</summary>
    public static IPEndPoint StartKestrelInline(int port) => StartKestrel(port, inline: true);

    static IPEndPoint StartKestrel(int port, bool inline)
    {
        ListenOptions? listening = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.Backlog = ServerProgram.Backlog;
            sockets.UnsafePreferInlineScheduling = inline;
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listening = listen));
        var application = builder.Build();
        application.UseWebSockets();
        application.Run(Echo);
        ((IHost)application).Start();
        return listening!.IPEndPoint!;
    }

    static async Task Echo(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not WebSocketMessageType.Close } got)
        {
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, default);
        }
    }
}
