using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>The system's network through portable .NET sockets.</summary>
internal sealed class SocketNetwork : INetwork
{
    public static readonly SocketNetwork Instance = new();

    public IObservable<IReadOnlyList<IPAddress>> Resolve(string host, Hub hub) => Observable.Create<IReadOnlyList<IPAddress>>(observer =>
        OffHub.Run(hub, observer, cancellation => FindAsync(host, cancellation)));

    public IObservable<ITransport> Connect(EndPoint remote, TcpConnectOptions options, Hub hub) => Observable.Create<ITransport>(observer =>
        OffHub.Run(hub, observer, async cancellation => (ITransport)new SocketTransport(await DialAsync(remote, options, cancellation).ConfigureAwait(false), hub)));

    public IListener Listen(EndPoint local, TcpListenOptions options, Hub hub, Action<ITransport> accept) =>
        new SocketListener(Listening(local, options), options, hub, accept);

    public IDatagramTransport Bind(EndPoint local, EndPoint? remote, UdpOptions options, Hub hub) =>
        new SocketDatagrams(Bound(local, remote, options), remote, hub);

    /// <summary>A socket that listens.</summary>
    public static Socket Listening(EndPoint local, TcpListenOptions options)
    {
        var socket = NewStream(local.AddressFamily);
        try
        {
            // On Unix, .NET sets SO_REUSEADDR for listeners by itself: a restarted server need not wait for TIME_WAIT.
            if (options.ReusePort)
            {
                SharePort(socket);
            }

            socket.Bind(local);
            socket.Listen(options.Backlog);
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw SocketErrors.NotListening("listen at", local, error);
        }
    }

    /// <summary>A datagram socket, bound, and connected if there is a peer.</summary>
    public static Socket Bound(EndPoint local, EndPoint? remote, UdpOptions options)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = true;
            }

            socket.EnableBroadcast = options.EnableBroadcast;
            socket.Bind(local);
            if (remote is not null)
            {
                socket.Connect(remote);
            }

            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw SocketErrors.NotListening("bind to", local, error);
        }
    }

    private static async Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw SocketErrors.NotFound(host, error);
        }
    }

    private static async Task<Socket> DialAsync(EndPoint remote, TcpConnectOptions options, CancellationToken cancellation)
    {
        var socket = NewStream(remote.AddressFamily);

        // Given up, it is closed at once, also when it has just connected and the pool is too busy to go on from there.
        using var givenUp = cancellation.UnsafeRegister(static s => ((Socket)s!).Dispose(), socket);
        try
        {
            socket.NoDelay = options.NoDelay;
            if (options.LocalEndPoint is { } local)
            {
                socket.Bind(local);
            }

            await socket.ConnectAsync(remote, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw SocketErrors.NotConnected(remote, error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void SharePort(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Several listeners share a port (ReusePort) on Linux only; elsewhere use one hub.");
        }

        const int socketLevel = 1, reusePort = 15;
        socket.SetRawSocketOption(socketLevel, reusePort, [1, 0, 0, 0]);
    }

    private static Socket NewStream(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        return socket;
    }
}
