using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Benchmarks.Udp;

/// <summary>Datagram echo: this library's service, and the plainest loop there is.</summary>
internal static class UdpPeers
{
    const int LargestDatagram = 65535;

    public static IPEndPoint StartDiesel(int port) => Start(port, new Hub());

    public static IPEndPoint StartPortable(int port) => Start(port, new Hub(new HubOptions { Portable = true }));

    /// <summary>A thread of its own, blocking calls, and the overloads that allocate nothing.</summary>
    public static IPEndPoint StartSocket(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        new Thread(() => Echo(socket)) { IsBackground = true }.Start();
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    static IPEndPoint Start(int port, Hub hub)
    {
        var service = new UdpService(new IPEndPoint(IPAddress.Loopback, port), socket => socket.Datagrams(), hub: hub);
        service.Start();
        return (IPEndPoint)service.EndPoint;
    }

    static void Echo(Socket socket)
    {
        var buffer = new byte[LargestDatagram];
        var sender = new SocketAddress(AddressFamily.InterNetwork);
        while (true)
        {
            var length = socket.ReceiveFrom(buffer, SocketFlags.None, sender);
            socket.SendTo(buffer.AsSpan(0, length), SocketFlags.None, sender);
        }
    }
}
