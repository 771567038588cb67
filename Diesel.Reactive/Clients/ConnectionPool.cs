using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Makes pools of plain connections.</summary>
/// <remarks>A connection that is over is not lent again, and neither is one with an unread byte: a server that says farewell, or
/// anything else nobody asked for, would be taken to answer the next borrower. So idle connections are read from: a byte, a FIN or a
/// reset takes them out of the pool at once. <see cref="PoolOptions{T}.Watch"/>, if given, takes the place of that.</remarks>
public static class ConnectionPool
{
    /// <summary>Makes a pool of connections to one peer; those that are over are not lent again.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="options">Bounds and checks; null for the defaults.</param>
    /// <param name="connect">Timeouts and bounds of the connections; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>An empty pool.</returns>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public static Pool<Connection> Of(
        string host, int port, PoolOptions<Connection>? options = null, TcpConnectOptions? connect = null, Hub? hub = null) =>
        Of(EndPoints.Remote(host, port), options, connect, hub);

    /// <summary>Makes a pool of connections to several endpoints that do the same.</summary>
    /// <param name="remotes">As <c>Tcp.Connect</c> takes them; at least one.</param>
    /// <param name="options">Bounds and checks, for each endpoint; null for the defaults.</param>
    /// <param name="connect">Timeouts and bounds of the connections; null for the defaults.</param>
    /// <param name="balancing">Which endpoint is used when; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>An empty pool.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="remotes"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port of one is 0.</exception>
    public static BalancedPool<Connection> Of(
        IReadOnlyList<EndPoint> remotes, PoolOptions<Connection>? options = null, TcpConnectOptions? connect = null, BalancingOptions? balancing = null, Hub? hub = null)
    {
        var on = Hub.Of(hub);
        return new BalancedPool<Connection>(
            remotes,
            remote => Of(remote, (options ?? new PoolOptions<Connection>()) with { Name = $"pool of connections to {EndPoints.Text(remote)}" }, connect, on),
            balancing,
            options?.AcquireTimeout,
            on);
    }

    /// <summary>Makes a pool of connections to one endpoint; those that are over are not lent again.</summary>
    /// <param name="remote">As <c>Tcp.Connect</c> takes it.</param>
    /// <param name="options">Bounds and checks; null for the defaults.</param>
    /// <param name="connect">Timeouts and bounds of the connections; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>An empty pool.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="remote"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Its port is 0.</exception>
    public static Pool<Connection> Of(
        EndPoint remote, PoolOptions<Connection>? options = null, TcpConnectOptions? connect = null, Hub? hub = null)
    {
        options ??= new PoolOptions<Connection>();
        var usable = options.IsUsable;
        var watch = new ConnectionWatch(null);
        return new Pool<Connection>(
            Tcp.Connect(remote, connect, Hub.Of(hub)),
            static connection => connection.Dispose(),
            options with
            {
                IsUsable = connection => !connection.PeerEnded.IsCancellationRequested && (usable is null || usable(connection)),
                Watch = options.Watch ?? (connection => watch.Of(connection).Select(static _ => Unit.Default)),
            },
            hub);
    }
}
