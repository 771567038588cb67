using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>Publishes as fast as a client receives. Each message goes out once for each pattern, so that the client, and not who publishes, is what
/// is measured.</summary>
internal sealed class RedisPublisher : IDisposable
{
    const string Channel = "benchmark:messages";
    const int Batch = 50;
    const int MostUnderWay = 20_000;

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public RedisPublisher(int port, Func<long> received)
    {
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        new Thread(() => Loop(received)) { IsBackground = true }.Start();
    }

    /// <summary>What the client is to listen to.</summary>
    public static string[] Patterns { get; } = [.. Enumerable.Range(1, 16).Select(length => $"{Channel[..length]}*")];

    public void Dispose() => _socket.Dispose();

    void Loop(Func<long> received)
    {
        var message = new string('x', 64);
        var requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"*3\r\n$7\r\nPUBLISH\r\n${Channel.Length}\r\n{Channel}\r\n${message.Length}\r\n{message}\r\n", Batch)));
        var replies = new byte[Batch * ":16\r\n".Length];
        try
        {
            // Before the client has subscribed the server tells of fewer who got it.
            while (Publish("*3\r\n$7\r\nPUBLISH\r\n$18\r\nbenchmark:messages\r\n$0\r\n\r\n"u8, replies) != $":{Patterns.Length}\r\n")
            {
                Thread.Sleep(1);
            }

            // One batch ahead, so that the server has something to do while its replies are on their way.
            _socket.Send(requests);
            for (long published = Batch * Patterns.Length; ; published += Batch * Patterns.Length)
            {
                while (published - received() > MostUnderWay)
                {
                    Thread.Sleep(1);
                }

                _socket.Send(requests);
                for (var left = replies.Length; left > 0;)
                {
                    left -= _socket.Receive(replies, left, SocketFlags.None);
                }
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    string Publish(ReadOnlySpan<byte> request, byte[] reply)
    {
        _socket.Send(request);
        return Encoding.ASCII.GetString(reply, 0, _socket.Receive(reply));
    }
}
