using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Makes pools of clients.</summary>
public static class ClientPool
{
    /// <summary>Makes a pool of clients: each is connected before it is lent for the first time.</summary>
    /// <typeparam name="TClient">The client's type.</typeparam>
    /// <param name="create">Makes one; called on the hub.</param>
    /// <param name="options">Bounds and checks; null for the defaults. <see cref="PoolOptions{T}.ReuseAbandoned"/> always
    /// holds: a client closes the connection of a conversation that was given up, and connects anew.</param>
    /// <param name="hub">Where it lives, and its clients should; null for the current hub, or the default one.</param>
    /// <returns>An empty pool.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    /// <remarks>Errors of <c>Borrow</c> and <c>Use</c>: also those of connecting; its place is free again. Idea: diesel's
    /// <c>ConnectionPool</c>.</remarks>
    public static Pool<TClient> Of<TClient>(Func<TClient> create, PoolOptions<TClient>? options = null, Hub? hub = null)
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
}
