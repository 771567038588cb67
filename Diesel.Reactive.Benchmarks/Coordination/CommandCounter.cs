using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Benchmarks.Coordination;

/// <summary>Counts what a server is sent, by its <c>MONITOR</c>: what scripts do within it is not counted.</summary>
internal sealed class CommandCounter : IDisposable
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    long _commands;

    public CommandCounter(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Send("MONITOR\r\n"u8);
        new Thread(Read) { IsBackground = true }.Start();
    }

    public long Commands => Volatile.Read(ref _commands);

    public void Dispose() => _socket.Dispose();

    void Read()
    {
        using var reader = new StreamReader(new NetworkStream(_socket));
        try
        {
            while (reader.ReadLine() is { } line)
            {
                if (line.Contains('[', StringComparison.Ordinal) && !line.Contains(" lua]", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _commands);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It was disposed of.
        }
    }
}
