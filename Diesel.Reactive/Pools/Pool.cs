using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Makes pools.</summary>
public static class Pool
{
    /// <summary>Makes a pool of things that are made at once.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="create">Makes one; called on the hub.</param>
    /// <param name="close">Closes one; null disposes what is <see cref="IDisposable"/>.</param>
    /// <param name="options">Bounds and checks; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>An empty pool.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    public static Pool<T> Of<T>(Func<T> create, Action<T>? close = null, PoolOptions<T>? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new Pool<T>(Observable.Defer(() => Observable.Return(create())), close, options, hub);
    }

    /// <summary>Makes a pool of clients: each is connected before it is lent for the first time.</summary>
    /// <typeparam name="TClient">The client's type.</typeparam>
    /// <param name="create">Makes one; called on the hub.</param>
    /// <param name="options">Bounds and checks; null for the defaults. <see cref="PoolOptions{T}.ReuseAbandoned"/> always
    /// holds: a client closes the connection of a conversation that was given up, and connects anew.</param>
    /// <param name="hub">Where it lives, and its clients should; null for the current hub, or the default one.</param>
    /// <returns>An empty pool.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    /// <remarks>Errors of <c>Borrow</c> and <c>Use</c>: also those of connecting; its place is free again. Source: diesel's
    /// <c>ConnectionPool</c>.</remarks>
    public static Pool<TClient> OfClients<TClient>(Func<TClient> create, PoolOptions<TClient>? options = null, Hub? hub = null)
        where TClient : Client
    {
        ArgumentNullException.ThrowIfNull(create);
        var connected = Observable.Defer(() =>
        {
            var client = create();
            return client.Connect().Select(_ => client).Do(static _ => { }, _ => client.Dispose());
        });
        return new Pool<TClient>(connected, static client => client.Dispose(), (options ?? new PoolOptions<TClient>()) with { ReuseAbandoned = true }, hub);
    }

    /// <summary>Makes a pool of plain connections to one peer; those that are over are not lent again.</summary>
    /// <param name="host">A name, or an address in text.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="options">Bounds and checks; null for the defaults.</param>
    /// <param name="connect">Timeouts and bounds of the connections; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>An empty pool.</returns>
    /// <exception cref="ArgumentException"><paramref name="host"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not a port.</exception>
    public static Pool<Connection> OfConnections(
        string host, int port, PoolOptions<Connection>? options = null, TcpConnectOptions? connect = null, Hub? hub = null)
    {
        options ??= new PoolOptions<Connection>();
        var usable = options.IsUsable;
        return new Pool<Connection>(
            Tcp.Connect(host, port, connect, Hub.Of(hub)),
            static connection => connection.Dispose(),
            options with { IsUsable = connection => !connection.Closed.IsCancellationRequested && (usable is null || usable(connection)) },
            hub);
    }
}
