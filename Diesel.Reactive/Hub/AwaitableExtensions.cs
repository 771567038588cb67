using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Makes awaitables of observables.</summary>
public static class AwaitableExtensions
{
    /// <summary>An observable of one value as an <see cref="Awaitable{T}"/>: to implement <see cref="IQueue{T}"/>,
    /// <see cref="ILock"/> and their like over something else, or for a cheaper <c>await</c> than Rx's.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="source">Gives one value; of more, an <c>await</c> takes the first.</param>
    /// <param name="description">What one waits for, as errors show it; null for the source's own.</param>
    /// <returns>As the source, hot or cold.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static Awaitable<T> ToAwaitable<T>(this IObservable<T> source, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source as Awaitable<T> ?? new Observed<T>(source.Take(1), description ?? source.ToString()!);
    }
}
