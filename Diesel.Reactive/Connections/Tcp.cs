using System.Net;

namespace Diesel.Reactive;

/// <summary>TCP connections, and those of Unix sockets: listen for them, or connect.</summary>
public static class Tcp
{
    /// <summary>Listens at an endpoint.</summary>
    /// <param name="endPoint">Address and port; port 0 lets the system choose, see <see cref="TcpListening.EndPoint"/>. Or a Unix socket, or one that
    /// systemd has opened.</param>
    /// <param name="options">Backlog, bounds of the connections; null for the defaults.</param>
    /// <param name="hub">Where the connections live; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription listens; unsubscribing stops listening and leaves the accepted connections open.
    /// One connection per accepted peer; never completes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="endPoint"/> is a name.</exception>
    /// <remarks>Errors: <see cref="ConnectionException"/> when the endpoint cannot be listened at; errors while accepting
    /// go to <see cref="Hub.Errors"/> and listening goes on. A connection that nobody takes is not read.
    /// Idea: diesel's <c>Service</c>, Twisted's <c>TCP4ServerEndpoint</c>.</remarks>
    public static TcpListening Listen(EndPoint endPoint, ConnectionOptions? options = null, Hub? hub = null) =>
        new(EndPoints.Local(endPoint), options.Or(ConnectionOptions.Default), hub);

    /// <summary>Connects to the first of a host's addresses that answers.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="options">Timeouts, local address, bounds of the connection; null for the defaults.</param>
    /// <param name="hub">Where the connection lives; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription and each <c>await</c> dials, gives one connection and completes; unsubscribing before gives the dial up,
    /// afterwards it leaves the connection open.</returns>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty, or nothing that the proxy of the options can be asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    /// <remarks>Errors: <see cref="ConnectionException"/> (refused, no route, unknown host; of several addresses it tells each one's error; a proxy's
    /// refusal is a <see cref="ProxyException"/>),
    /// <see cref="TimeoutException"/>, <see cref="ObjectDisposedException"/> when the hub ends before. IPv6 and IPv4 addresses take turns; the
    /// next is dialled when one fails, or has not answered for 250 ms, and the first to connect wins: Happy Eyeballs (RFC 8305).
    /// Idea: diesel's <c>Client</c>, bluelet's <c>connect</c>.</remarks>
    public static Awaitable<Connection> Connect(string host, int port, TcpConnectOptions? options = null, Hub? hub = null) =>
        Connect(EndPoints.Remote(host, port), options, hub);

    /// <summary>Connects to an endpoint.</summary>
    /// <param name="remote">An address and port, a Unix socket, or whatever else the hub's network dials; of a <see cref="DnsEndPoint"/> the host's
    /// addresses in turn.</param>
    /// <param name="options">Timeouts, local address, bounds of the connection; null for the defaults.</param>
    /// <param name="hub">Where the connection lives; null for the current hub, or the default one.</param>
    /// <returns>As <see cref="Connect(string, int, TcpConnectOptions, Hub)"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="remote"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its port is 0.</exception>
    /// <remarks>Errors: as <see cref="Connect(string, int, TcpConnectOptions, Hub)"/>.</remarks>
    public static Awaitable<Connection> Connect(EndPoint remote, TcpConnectOptions? options = null, Hub? hub = null) =>
        new Dial(EndPoints.Remote(remote), options.Or(TcpConnectOptions.Default).For(remote), hub);

    /// <summary>Makes a connection of a transport that is connected already: one of your own, or a test's.</summary>
    /// <param name="transport">Not started; belongs to the connection from now on.</param>
    /// <param name="options">Bounds of the connection; null for the defaults.</param>
    /// <param name="hub">Where the connection lives; null for the current hub, or the default one.</param>
    /// <returns>The connection, open.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="transport"/> is null.</exception>
    /// <exception cref="InvalidOperationException">It is called outside the hub's turns, on a hub with a thread of its own.</exception>
    public static Connection Over(ITransport transport, ConnectionOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var on = Hub.Of(hub);
        return on.IsCurrent || on.IsVirtual ? new Connection(on, transport, options.Or(ConnectionOptions.Default))
            : throw new InvalidOperationException("A connection is made on its hub's thread: call it in hub.Schedule(...).");
    }

    /// <summary>Makes a connection of a stream: one of another library's, of a pipe, of TLS.</summary>
    /// <param name="stream">Reads and writes; belongs to the connection from now on.</param>
    /// <param name="options">Bounds of the connection; null for the defaults.</param>
    /// <param name="hub">Where the connection lives; null for the current hub, or the default one.</param>
    /// <returns>The connection, open. Its endpoints are those of a <see cref="System.Net.Sockets.NetworkStream"/>; other streams have no addresses, only names.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">It cannot be read, or not be written.</exception>
    /// <exception cref="InvalidOperationException">It is called outside the hub's turns, on a hub with a thread of its own.</exception>
    /// <remarks>The end of the output is passed on where the stream has one for it: a <see cref="System.Net.Sockets.NetworkStream"/>, an
    /// <see cref="System.Net.Security.SslStream"/>, one that a connection's <c>AsStream</c> made. The peer of another stream sees it when the
    /// connection is closed. What the stream throws is a <see cref="ConnectionException"/>, with its error inside.</remarks>
    public static Connection Over(Stream stream, ConnectionOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream is { CanRead: true, CanWrite: true } ? Over(new StreamTransport(stream, Hub.Of(hub)), options, hub)
            : throw new ArgumentException($"{stream} cannot be both read and written.", nameof(stream));
    }

    /// <summary>Tells of a connection; one that its observer did not take is ended.</summary>
    internal static void Give(Connection connection, IObserver<Connection> observer)
    {
        try
        {
            observer.OnNext(connection);
        }
        catch (Exception error)
        {
            connection.Life.Break(error);
        }
    }
}
