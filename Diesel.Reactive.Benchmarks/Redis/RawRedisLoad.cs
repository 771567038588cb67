using System.Net;
using System.Net.Sockets;
using System.Text;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>A socket that writes prepared bytes, and reads as many as are due without looking at them.</summary>
internal sealed class RawRedisLoad : RedisLoad
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <param name="port">Where the server is.</param>
    /// <param name="workload">What is asked of it.</param>
    /// <param name="polls">Whether it asks for bytes again and again, instead of sleeping until there are some: no client can be faster.</param>
    public RawRedisLoad(int port, RedisWorkload workload, bool polls)
    {
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        _socket.Blocking = !polls;
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
            for (var sent = 0; sent < requests.Length;)
            {
                sent += Moved(_socket.Send(requests.AsSpan(sent), SocketFlags.None, out var error), error);
            }

            for (var left = owed; left > 0;)
            {
                left -= Moved(_socket.Receive(received.AsSpan(0, Math.Min(left, received.Length)), SocketFlags.None, out var error), error);
            }

            Count(workload.Depth);
        }
    }

    static int Moved(int count, SocketError error) => error switch
    {
        SocketError.WouldBlock => 0,
        SocketError.Success when count > 0 => count,
        _ => throw new NoResultException($"the server has left: {error}"),
    };
}
