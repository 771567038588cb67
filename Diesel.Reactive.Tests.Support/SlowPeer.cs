using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>A plain socket whose reader takes its time; its window is small, so that what it has not read waits at the sender's.</summary>
internal sealed class SlowPeer : IDisposable
{
    private const int Window = 16 * 1024;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;

    private SlowPeer(Socket socket) => _socket = socket;

    /// <summary>Connects.</summary>
    /// <param name="port">To whom, at this machine.</param>
    public static SlowPeer At(int port)
    {
        var socket = New();
        socket.Connect(IPAddress.Loopback, port);
        return new SlowPeer(socket);
    }

    /// <summary>Is connected to.</summary>
    /// <param name="dial">Who connects is told the port.</param>
    public static SlowPeer Of(Action<int> dial)
    {
        using var listener = New();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        dial(((IPEndPoint)listener.LocalEndPoint!).Port);
        Assert.That(listener.Poll(Live.Patience, SelectMode.SelectRead), Is.True, "Nobody connected.");
        return new SlowPeer(listener.Accept());
    }

    public SlowPeer Sends(string text)
    {
        _socket.Send(text.ToBytes().Span);
        return this;
    }

    /// <summary>Reads to the end, so many bytes a second at most.</summary>
    /// <returns>How many came that are those of <see cref="Tale"/>, and how it ended: <c>|</c> for a FIN.</returns>
    public async Task<string> Reads(int rate)
    {
        var (bytes, total) = (new byte[(int)(rate * Beat.TotalSeconds)], 0L);
        using var beat = new PeriodicTimer(Beat);
        while (await beat.WaitForNextTickAsync(CancellationToken.None))
        {
            for (int left = bytes.Length, count; left > 0; left -= count)
            {
                count = await Receive(bytes.AsMemory(0, left));
                if (count <= 0)
                {
                    return $"{total} {(count == 0 ? "|" : "#")}";
                }

                for (var i = 0; i < count && bytes[i] == Tale.ByteAt(total); i++)
                {
                    total++;
                }
            }
        }

        return $"{total}";
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> Receive(Memory<byte> bytes)
    {
        try
        {
            return await _socket.ReceiveAsync(bytes);
        }
        catch (SocketException)
        {
            return -1;
        }
    }

    private static Socket New() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = Window };
}
