namespace Diesel.Reactive;

/// <summary>One reader for many observers.</summary>
public static class ShareExtensions
{
    /// <summary>Gives every item to all who are subscribed, from one subscription to the source: frames of a connection, which has one reader.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="source">A connection, or frames straight from one (<c>connection.UntilEol()</c>), is read as fast as the slowest of the
    /// observers that hold it: <c>SelectAsync</c>, <c>ReadAllAsync</c> and <c>ObserveOnBounded</c> do.</param>
    /// <param name="hub">Where the errors of observers are shown; null for the source's, the current, or the default one.</param>
    /// <returns>The first who subscribes subscribes to the source, the last who leaves unsubscribes from it, and so does its end; who comes
    /// later begins anew. Items are kept for nobody: those who subscribe in one turn to frames of a connection all get the first.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <remarks>Errors: those of the source, to everybody. An observer that throws is dropped, and shown in <see cref="Hub.Errors"/>; the others
    /// and the source go on. Scheduler: the source's. Idea: RxJS's <c>share</c>; behind Rx's <c>Publish</c> one observer that throws silences all.</remarks>
    public static IObservable<T> Share<T>(this IObservable<T> source, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source is IPausable pausable ? new SharedInput<T>(source, pausable, hub) : new SharedObservable<T>(source, hub);
    }
}
