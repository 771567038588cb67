using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Benchmarks.Bulk;

/// <summary>Servers that send mebibytes or count them: each as one writes it with what it is made of.</summary>
internal static class BulkPeers
{
    public static IPEndPoint StartDiesel(int port) => StartDiesel(port, new Hub());

    public static IPEndPoint StartPortable(int port) => StartDiesel(port, new Hub(new HubOptions { Portable = true }));

    public static IPEndPoint StartKestrel(int port)
    {
        ListenOptions? listening = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listening = listen;
            listen.UseConnectionHandler<KestrelHandler>();
        }));

        IHost host = builder.Build();
        host.Start();
        return listening!.IPEndPoint!;
    }

    public static IPEndPoint StartSocket(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(ServerProgram.Backlog);
        _ = AcceptAll(listener);
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    static IPEndPoint StartDiesel(int port, Hub hub)
    {
        var service = new TcpService(new IPEndPoint(IPAddress.Loopback, port), Handle, hub: hub);
        service.Start();
        return (IPEndPoint)service.EndPoint;
    }

    static async Task Handle(Connection connection)
    {
        var line = await connection.Read(Framing.UntilEol());
        while (BulkStream.IsDownload(line.Span))
        {
            await connection.Send(BulkStream.Content);
        }

        var ended = new TaskCompletionSource();
        var count = 0L;
        connection.Subscribe(chunk => count += chunk.Length, ended.SetException, ended.SetResult);
        await ended.Task;
        connection.OnNext(Answer(count));
    }

    static async Task AcceptAll(Socket listener)
    {
        while (true)
        {
            _ = Handle(await listener.AcceptAsync());
        }
    }

    static async Task Handle(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[64 * 1024];
            var received = await socket.ReceiveAsync(buffer);
            var line = buffer.AsSpan(0, received).IndexOf((byte)'\n') + 1;
            while (BulkStream.IsDownload(buffer))
            {
                await SendAll(socket, BulkStream.Content);
            }

            var count = (long)received - line;
            while (await socket.ReceiveAsync(buffer) is > 0 and var more)
            {
                count += more;
            }

            await SendAll(socket, Answer(count));
        }
    }

    static async Task SendAll(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    static byte[] Answer(long count) => Encoding.ASCII.GetBytes(count.ToString(CultureInfo.InvariantCulture));

    sealed class KestrelHandler : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            var (input, output) = (connection.Transport.Input, connection.Transport.Output);
            var first = await input.ReadAsync();
            var isDownload = BulkStream.IsDownload(first.Buffer.FirstSpan);
            var line = first.Buffer.GetPosition(isDownload ? BulkStream.Download.Length + 2 : BulkStream.Upload.Length + 2);
            input.AdvanceTo(line);
            while (isDownload && !(await output.WriteAsync(BulkStream.Content)).IsCompleted)
            {
            }

            var count = 0L;
            while (!isDownload && await input.ReadAsync() is var read)
            {
                count += read.Buffer.Length;
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    await output.WriteAsync(Answer(count));
                    return;
                }
            }
        }
    }
}
