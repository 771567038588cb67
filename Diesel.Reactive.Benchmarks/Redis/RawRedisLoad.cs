using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>A blocking socket that writes prepared bytes, and reads as many as are due without looking at them.</summary>
internal sealed class RawRedisLoad : RedisLoad
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public RawRedisLoad(int port, RedisWorkload workload)
    {
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        new Thread(() => Loop(workload)) { IsBackground = true }.Start();
    }

    public override void Dispose() => _socket.Dispose();

    void Loop(RedisWorkload workload)
    {
        var value = Encoding.ASCII.GetString(Value);
        var one = workload.IsSet
            ? $"*3\r\n$3\r\nSET\r\n${RedisWorkload.Key.Length}\r\n{RedisWorkload.Key}\r\n${value.Length}\r\n{value}\r\n"
            : $"*2\r\n$3\r\nGET\r\n${RedisWorkload.Key.Length}\r\n{RedisWorkload.Key}\r\n";
        var requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(one, workload.Depth)));
        var owed = workload.Depth * (workload.IsSet ? "+OK\r\n".Length : $"${workload.Length}\r\n".Length + workload.Length + "\r\n".Length);
        var received = new byte[64 * 1024];
        while (true)
        {
            _socket.Send(requests);
            for (var left = owed; left > 0;)
            {
                left -= _socket.Receive(received, Math.Min(left, received.Length), SocketFlags.None);
            }

            Count(workload.Depth);
        }
    }
}
