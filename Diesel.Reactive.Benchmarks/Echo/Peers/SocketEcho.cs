using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Echo.Peers;

/// <summary>Plain sockets and one asynchronous loop per connection: what one writes without any library.</summary>
internal static class SocketEcho
{
    const int MaxLength = 64 * 1024;

    public static IPEndPoint Start(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(ServerProgram.Backlog);
        _ = AcceptAll(listener);
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    static async Task AcceptAll(Socket listener)
    {
        while (true)
        {
            var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = Echo(socket);
        }
    }

    static async Task Echo(Socket socket)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var filled = 0;
            while (await socket.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var received)
            {
                filled += received;
                var lines = LengthOfLines(buffer.AsSpan(0, filled));
                for (var sent = 0; sent < lines;)
                {
                    sent += await socket.SendAsync(buffer.AsMemory(sent, lines - sent));
                }

                buffer.AsSpan(lines, filled - lines).CopyTo(buffer);
                filled -= lines;
                buffer = WithRoom(buffer, filled);
            }
        }
        catch (SocketException)
        {
            // The client is gone; so is this loop.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            socket.Dispose();
        }
    }

    static int LengthOfLines(ReadOnlySpan<byte> bytes)
    {
        var length = 0;
        while (bytes[length..].IndexOf((byte)'\n') is >= 0 and var end)
        {
            length += end + 1;
        }

        return length;
    }

    static byte[] WithRoom(byte[] buffer, int filled)
    {
        if (filled < buffer.Length)
        {
            return buffer;
        }

        if (filled >= MaxLength)
        {
            throw new SocketException((int)SocketError.MessageSize);
        }

        var larger = ArrayPool<byte>.Shared.Rent(2 * filled);
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
