using System.Reactive;

namespace Diesel.Reactive;

/// <summary>Blocking work that can be told to stop.</summary>
public static class HubWork
{
    /// <summary>Runs blocking work on a thread of the pool and brings its result back to the hub; whoever does not wait for it any more
    /// cancels it.</summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="hub">Where the result arrives.</param>
    /// <param name="blocking">Gets a token that is cancelled when nobody waits any more: unsubscribed, late (<c>Timeout</c>), lost in a
    /// race, the loop that awaits it ended, or the hub. Must not touch connections or other things of the hub.</param>
    /// <returns>Cold: each subscription and each <c>await</c> runs the work once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> or <paramref name="blocking"/> is null.</exception>
    /// <remarks>Errors: what the work threw. Of work that does not look at its token only the result is dropped. Idea: diesel's
    /// <c>thread</c>, which could not be cancelled.</remarks>
    public static Awaitable<T> Run<T>(this Hub hub, Func<CancellationToken, T> blocking)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(blocking);
        return new BlockingWork<T>(hub, blocking, isCancellable: true, blocking);
    }

    /// <summary>As the other, for work without a result.</summary>
    /// <param name="hub">Where its end is told.</param>
    /// <param name="blocking">As the other.</param>
    /// <returns>As the other.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> or <paramref name="blocking"/> is null.</exception>
    public static Awaitable<Unit> Run(this Hub hub, Action<CancellationToken> blocking)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(blocking);
        return new BlockingWork<Unit>(
            hub,
            token =>
            {
                blocking(token);
                return Unit.Default;
            },
            isCancellable: true,
            blocking);
    }
}
