using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Makes pools of anything; <c>ClientPool</c> and <c>ConnectionPool</c> make those of clients and connections.</summary>
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
}
