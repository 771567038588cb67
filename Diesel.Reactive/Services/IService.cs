using System.Reactive;

namespace Diesel.Reactive;

/// <summary>Something an application starts, and stops with a deadline.</summary>
/// <remarks>Disposing stops it and waits for its end.</remarks>
public interface IService : IAsyncDisposable
{
    /// <summary>Starts it, unless it runs already. When the call returns, it can be reached.</summary>
    /// <param name="hub">Where it runs if it was not given a hub of its own; null for the current hub, or the default one.</param>
    /// <exception cref="ConnectionException">The port is in use, or not allowed.</exception>
    /// <exception cref="InvalidOperationException">It was stopped: a service runs once.</exception>
    void Start(Hub? hub = null);

    /// <summary>Stops it: nothing new begins, what runs may end until the deadline, the rest is aborted.</summary>
    /// <returns>Hot: it stops observed or not. One <see cref="Unit"/> when everything has ended.</returns>
    Awaitable<Unit> Stop();
}
