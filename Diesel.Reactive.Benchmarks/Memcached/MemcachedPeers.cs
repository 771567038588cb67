using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Benchmarks.Memcached;

/// <summary>Servers that answer <c>mg</c> and <c>ms</c>.</summary>
internal static class MemcachedPeers
{
    public static IPEndPoint StartDiesel(int port)
    {
        var service = new MemcachedService(new IPEndPoint(IPAddress.Loopback, port));
        service.Start(new Hub());
        return (IPEndPoint)service.EndPoint;
    }

    public static IPEndPoint StartKestrel(int port) => StartKestrel(port, inline: false);

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
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listening = listen;
            listen.UseConnectionHandler<CacheHandler>();
        }));

        IHost host = builder.Build();
        host.Start();
        return listening!.IPEndPoint!;
    }

    /// <summary>As little as does what is measured: no expiry, no order of use, no flags but <c>v</c> and <c>q</c>.</summary>
    sealed class CacheHandler : ConnectionHandler
    {
        static readonly ConcurrentDictionary<byte[], byte[]> Values = new(new ByContent());

        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            var (input, output) = (connection.Transport.Input, connection.Transport.Output);
            while (true)
            {
                var read = await input.ReadAsync();
                var consumed = Answer(read.Buffer, output);
                input.AdvanceTo(consumed, read.Buffer.End);
                if ((output.UnflushedBytes > 0 && (await output.FlushAsync()).IsCompleted) || read.IsCompleted)
                {
                    return;
                }
            }
        }

        static SequencePosition Answer(ReadOnlySequence<byte> buffer, PipeWriter output)
        {
            var reader = new SequenceReader<byte>(buffer);
            var consumed = reader.Position;
            while (reader.TryReadTo(out ReadOnlySpan<byte> line, "\r\n"u8))
            {
                if (line.StartsWith("mg "u8))
                {
                    Get(line[3..], output);
                }
                else if (!line.StartsWith("ms "u8))
                {
                    output.Write("MN\r\n"u8);
                }
                else if (!TryStore(line[3..], ref reader))
                {
                    return consumed;
                }

                consumed = reader.Position;
            }

            return consumed;
        }

        static void Get(ReadOnlySpan<byte> words, PipeWriter output)
        {
            if (!Values.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(words[..words.IndexOf((byte)' ')], out var value))
            {
                output.Write("EN\r\n"u8);
                return;
            }

            var span = output.GetSpan(value.Length + 20);
            "VA "u8.CopyTo(span);
            Utf8Formatter.TryFormat(value.Length, span[3..], out var digits);
            "\r\n"u8.CopyTo(span[(3 + digits)..]);
            value.CopyTo(span[(5 + digits)..]);
            "\r\n"u8.CopyTo(span[(5 + digits + value.Length)..]);
            output.Advance(7 + digits + value.Length);
        }

        static bool TryStore(ReadOnlySpan<byte> words, ref SequenceReader<byte> reader)
        {
            var end = words.IndexOf((byte)' ');
            if (!Utf8Parser.TryParse(words[(end + 1)..], out int size, out _) || reader.Remaining < size + 2)
            {
                return false;
            }

            var value = new byte[size];
            reader.TryCopyTo(value);
            reader.Advance(size + 2);
            Values[words[..end].ToArray()] = value;
            return true;
        }
    }

    sealed class ByContent : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode((ReadOnlySpan<byte>)obj);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
