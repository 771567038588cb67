using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Echo.Peers;

/// <summary>Kestrel with a connection handler: pipelines, one flush per read. NoDelay is its default.</summary>
internal static class KestrelEcho
{
    public static IPEndPoint Start(int port) => Start(port, inline: false);

    /// <summary>The handler runs on the socket's thread; its authors call the option unsafe.</summary>
    public static IPEndPoint StartInline(int port) => Start(port, inline: true);

    /// <param name="port">Where it listens.</param>
    /// <param name="inline">As of <see cref="StartInline"/>.</param>
    /// <param name="certificate">Null: plain text.</param>
    public static IPEndPoint Start(int port, bool inline, X509Certificate2? certificate = null)
    {
        ListenOptions? listening = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.Backlog = ServerProgram.Backlog;
            sockets.UnsafePreferInlineScheduling = inline;
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listening = listen;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }

            listen.UseConnectionHandler<LineHandler>();
        }));

        IHost host = builder.Build();
        host.Start();
        return listening!.IPEndPoint!;
    }

    sealed class LineHandler : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            var (input, output) = (connection.Transport.Input, connection.Transport.Output);
            while (true)
            {
                var read = await input.ReadAsync();
                var consumed = WriteLines(read.Buffer, output);
                var found = !consumed.Equals(read.Buffer.Start);
                input.AdvanceTo(consumed, read.Buffer.End);
                if ((found && (await output.FlushAsync()).IsCompleted) || read.IsCompleted)
                {
                    return;
                }
            }
        }

        static SequencePosition WriteLines(ReadOnlySequence<byte> buffer, PipeWriter output)
        {
            var reader = new SequenceReader<byte>(buffer);
            var consumed = reader.Position;
            while (reader.TryAdvanceTo((byte)'\n'))
            {
                WriteLine(buffer.Slice(consumed, reader.Position), output);
                consumed = reader.Position;
            }

            return consumed;
        }

        static void WriteLine(ReadOnlySequence<byte> line, PipeWriter output)
        {
            if (line.IsSingleSegment)
            {
                output.Write(line.FirstSpan);
                return;
            }

            foreach (var segment in line)
            {
                output.Write(segment.Span);
            }
        }
    }
}
