using System.Net;
using System.Net.Sockets;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Datagram sockets: bind to a port and talk to anybody, or connect to one peer.</summary>
/// <remarks>On Linux Unix sockets, too: a path or an abstract name takes the place of address and port. Their datagrams are not lost on the way, but
/// the system keeps few that are unread (<c>net.unix.max_dgram_qlen</c>, 10 on many machines): one too many is not sent, and an entry of
/// <see cref="IDatagramSocket.Errors"/>, as is one to a name where nobody receives.</remarks>
public static class Udp
{
    /// <summary>Binds a socket that talks to anybody.</summary>
    /// <param name="endPoint">Address and port; port 0 lets the system choose. Or a Unix socket's path, whose file is made as a listener's is.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where datagrams arrive; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription binds, gives one socket, which is the subscriber's to dispose, and completes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endPoint"/> is a name.</exception>
    /// <remarks>Errors: <see cref="ConnectionException"/> when the endpoint cannot be bound to.
    /// Idea: diesel's <c>UDPService</c>.</remarks>
    public static Awaitable<IDatagramSocket> Bind(EndPoint endPoint, UdpOptions? options = null, Hub? hub = null)
    {
        EndPoints.Local(endPoint);
        return Observable.Create<IDatagramSocket>(observer => Open(endPoint, options ?? UdpOptions.Default, Hub.Of(hub), observer)).ToAwaitable($"a datagram socket at {endPoint}");
    }

    /// <summary>Makes a socket that talks to one peer; datagrams of others are not received.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where datagrams arrive; null for the current hub, or the default one.</param>
    /// <returns>Cold: as <see cref="Bind"/>, for the first of the host's addresses that this machine has a way to. That a socket came says nothing about the peer: nothing was sent yet.</returns>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    /// <remarks>Errors: <see cref="ConnectionException"/> for a name that is not known, or no way to any of its addresses. Idea: diesel's <c>UDPClient</c>.</remarks>
    public static Awaitable<IDatagramSocket> Connect(string host, int port, UdpOptions? options = null, Hub? hub = null) =>
        new DatagramDial(EndPoints.Remote(host, port), options ?? UdpOptions.Default, hub);

    /// <summary>Makes a socket that talks to one peer; datagrams of others are not received.</summary>
    /// <param name="remote">An address and port, a <see cref="DnsEndPoint"/>: a host and port, or a Unix socket: its socket here gets an abstract
    /// name, so that it can be answered.</param>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="hub">Where datagrams arrive; null for the current hub, or the default one.</param>
    /// <returns>As <see cref="Connect(string, int, UdpOptions, Hub)"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="remote"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its port is 0.</exception>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    /// <remarks>Errors: as <see cref="Connect(string, int, UdpOptions, Hub)"/>.</remarks>
    public static Awaitable<IDatagramSocket> Connect(EndPoint remote, UdpOptions? options = null, Hub? hub = null) =>
        new DatagramDial(Peer(remote), options ?? UdpOptions.Default, hub);

    /// <summary>An endpoint that datagrams can go to.</summary>
    internal static EndPoint Peer(EndPoint remote) =>
        EndPoints.Remote(remote) is IPEndPoint or DnsEndPoint or UnixDomainSocketEndPoint
            ? remote
            : throw new ArgumentException($"Datagrams go to addresses and ports, and to Unix sockets; {remote} is neither an IPEndPoint, a DnsEndPoint nor a UnixDomainSocketEndPoint.", nameof(remote));

    private static IDisposable Open(EndPoint local, UdpOptions options, Hub hub, IObserver<IDatagramSocket> observer)
    {
        try
        {
            observer.OnNext(new DatagramSocket(hub, hub.Network.Bind(local, null, options.Socket), null, options));
            observer.OnCompleted();
        }
        catch (ConnectionException error)
        {
            observer.OnError(error);
        }

        return Disposable.Empty;
    }
}
