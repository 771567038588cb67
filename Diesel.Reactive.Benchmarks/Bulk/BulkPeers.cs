using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
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
    static readonly ArraySegment<byte>[] HeadAndBody =
        [new(BulkStream.Content, 0, BulkStream.Head), new(BulkStream.Content, BulkStream.Head, BulkStream.Length - BulkStream.Head)];

    public static IPEndPoint StartDiesel(int port) => StartDiesel(port, new Hub());

    public static IPEndPoint StartPortable(int port) => StartDiesel(port, new Hub(new HubOptions { Portable = true }));

    public static IPEndPoint StartKestrel(int port) => StartKestrel(port, certificate: null);

    public static IPEndPoint StartKestrel(int port, X509Certificate2? certificate)
    {
        ListenOptions? listening = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listening = listen;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }

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

    public static IPEndPoint StartDiesel(int port, Hub hub, TlsOptions? tls = null)
    {
        var service = new TcpService(new IPEndPoint(IPAddress.Loopback, port), Handle, new() { Tls = tls }, hub);
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

        while (BulkStream.IsReply(line.Span))
        {
            BulkStream.Content.AsSpan(0, BulkStream.Head).CopyTo(connection.Output.GetSpan(BulkStream.Head));
            connection.Output.Advance(BulkStream.Head);
            await connection.Send(BulkStream.Content.AsMemory(BulkStream.Head));
        }

        while (BulkStream.IsFile(line.Span))
        {
            await connection.SendFile(BulkStream.ContentFile);
        }

        var ended = new TaskCompletionSource();
        if (BulkStream.IsEcho(line.Span))
        {
            // No more waits than the client sends before it has all back: a mebibyte.
            connection.Subscribe(connection.OnNext, ended.SetException, ended.SetResult);
            await ended.Task;
            return;
        }

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
            var first = buffer[..line];
            while (BulkStream.IsDownload(first))
            {
                await SendAll(socket, BulkStream.Content);
            }

            while (BulkStream.IsReply(first))
            {
                await socket.SendAsync(HeadAndBody);
            }

            while (BulkStream.IsFile(first))
            {
                await SendFile(socket, buffer);
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

    // What one writes who has not heard of sendfile, or cannot have it.
    static async Task SendFile(Socket socket, byte[] buffer)
    {
        for (var at = 0; at < BulkStream.Length;)
        {
            var count = RandomAccess.Read(BulkStream.ContentFile, buffer, at);
            await SendAll(socket, buffer.AsMemory(0, count));
            at += count;
        }
    }

    static byte[] Answer(long count) => Encoding.ASCII.GetBytes(count.ToString(CultureInfo.InvariantCulture));

    sealed class KestrelHandler : ConnectionHandler
    {
        const int FileBlock = 64 * 1024;

        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            var (input, output) = (connection.Transport.Input, connection.Transport.Output);
            var read = await input.ReadAsync();
            var end = read.Buffer.PositionOf((byte)'\n')!.Value;
            var line = read.Buffer.Slice(0, end).ToArray();
            input.AdvanceTo(read.Buffer.GetPosition(1, end));
            while (BulkStream.IsDownload(line) && !(await output.WriteAsync(BulkStream.Content)).IsCompleted)
            {
            }

            while (BulkStream.IsReply(line) && !(await Reply(output)).IsCompleted)
            {
            }

            var at = 0;
            while (BulkStream.IsFile(line) && !(await output.FlushAsync()).IsCompleted)
            {
                var some = RandomAccess.Read(BulkStream.ContentFile, output.GetSpan(FileBlock)[..FileBlock], at);
                output.Advance(some);
                at = (at + some) % BulkStream.Length;
            }

            while (BulkStream.IsEcho(line) && !(await Echo(input, output)).IsCompleted)
            {
            }

            await Count(input, output);
        }

        static async ValueTask<FlushResult> Echo(PipeReader input, PipeWriter output)
        {
            var read = await input.ReadAsync();
            foreach (var segment in read.Buffer)
            {
                output.Write(segment.Span);
            }

            input.AdvanceTo(read.Buffer.End);
            return await output.FlushAsync();
        }

        static ValueTask<FlushResult> Reply(PipeWriter output)
        {
            output.Write(BulkStream.Content.AsSpan(0, BulkStream.Head));
            return output.WriteAsync(BulkStream.Content.AsMemory(BulkStream.Head));
        }

        static async Task Count(PipeReader input, PipeWriter output)
        {
            var count = 0L;
            while (await input.ReadAsync() is var read)
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
