using System.Net;

namespace Diesel.Reactive.Benchmarks.Echo.Peers;

/// <summary>The line this library is about: an echo service as its README writes it.</summary>
internal static class DieselEcho
{
    public static IPEndPoint Start(int port)
    {
        var service = new TcpService(
            port,
            connection => connection.UntilEol(),
            new TcpServiceOptions { Address = IPAddress.Loopback, Backlog = EchoServer.Backlog });
        service.Start();
        return service.EndPoint;
    }
}
