using System.Net;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Echo.Peers;

/// <summary>The line this library is about: an echo service as its README writes it.</summary>
internal static class DieselEcho
{
    public static IPEndPoint Start(int port) => Start(port, new Hub());

    /// <summary>The same on Rx's <c>EventLoopScheduler</c> and .NET's sockets, as it runs where there is no epoll.</summary>
    public static IPEndPoint StartPortable(int port) => Start(port, new Hub(new HubOptions { Portable = true }));

    /// <summary>The same over TLS.</summary>
    public static IPEndPoint Start(int port, Hub hub, TlsOptions? tls = null)
    {
        var service = new TcpService(
            new IPEndPoint(IPAddress.Loopback, port),
            connection => connection.UntilEol(),
            new TcpServiceOptions { Socket = new() { Backlog = ServerProgram.Backlog }, Tls = tls },
            hub);
        service.Start();
        return (IPEndPoint)service.EndPoint;
    }
}
