using System.Net;
using System.Net.Sockets;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Datagram sockets: bind to a port and talk to anybody, or connect to one peer.</summary>
public static class Udp
{
    /// <summary>Binds a socket that talks to anybody.</summary>
    /// <param name="endPoint">Address and port; port 0 lets the system choose.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where datagrams arrive; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription binds, gives one socket, which is the subscriber's to dispose, and completes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is null.</exception>
    /// <remarks>Errors: <see cref="ConnectionException"/> when the endpoint cannot be bound to.
    /// Source: diesel's <c>UDPService</c>.</remarks>
    public static Awaitable<IDatagramSocket> Bind(IPEndPoint endPoint, UdpOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return Observable.Create<IDatagramSocket>(observer => Open(endPoint, null, options ?? UdpOptions.Default, Hub.Of(hub), observer)).ToAwaitable($"a datagram socket at {endPoint}");
    }

    /// <summary>Makes a socket that talks to one peer; datagrams of others are not received.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where datagrams arrive; null for the current hub, or the default one.</param>
    /// <returns>Cold: as <see cref="Bind"/>. That a socket came says nothing about the peer: nothing was sent yet.</returns>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    /// <remarks>Errors: <see cref="ConnectionException"/> for a name that is not known. Source: diesel's <c>UDPClient</c>.</remarks>
    public static Awaitable<IDatagramSocket> Connect(string host, int port, UdpOptions? options = null, Hub? hub = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        Ports.ThrowIfNoPeer(port);
        return Observable.Defer(() =>
        {
            var on = Hub.Of(hub);
            return on.Network.Resolve(host).SelectMany(addresses => Observable.Create<IDatagramSocket>(observer =>
            {
                var remote = new IPEndPoint(addresses[0], port);
                var any = remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
                return Open(new IPEndPoint(any, 0), remote, options ?? UdpOptions.Default, on, observer);
            }));
        }).ToAwaitable($"a datagram socket to {host}:{port}");
    }

    private static IDisposable Open(IPEndPoint local, EndPoint? remote, UdpOptions options, Hub hub, IObserver<IDatagramSocket> observer)
    {
        try
        {
            observer.OnNext(new DatagramSocket(hub, hub.Network.Bind(local, remote, options.Socket), remote, options));
            observer.OnCompleted();
        }
        catch (ConnectionException error)
        {
            observer.OnError(error);
        }

        return Disposable.Empty;
    }
}
