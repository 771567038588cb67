using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>Ports for servers that have to be told one.</summary>
internal static class FreePort
{
    // Linux's net.ipv4.ip_local_port_range begins behind these: the system gives none of them to who connects, whose it would be when the server wants it.
    const int First = 10_000;
    const int End = 32_000;

    /// <summary>One of the loopback address that nobody has just now, for TCP or for UDP.</summary>
    public static int Draw()
    {
        int port;
        do
        {
            port = Random.Shared.Next(First, End);
        }
        while (!IsFree(port, SocketType.Stream, ProtocolType.Tcp) || !IsFree(port, SocketType.Dgram, ProtocolType.Udp));
        return port;
    }

    static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
