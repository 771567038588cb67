namespace Diesel.Reactive;

/// <summary>Sequences that are asked for page by page: the cursors of databases.</summary>
public static class Pages
{
    /// <summary>Makes a sequence of pages, of which none is asked for before all items of the last were taken.</summary>
    /// <typeparam name="TCursor">What says where a page begins.</typeparam>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="first">Where the first page begins.</param>
    /// <param name="page">Asks for a page; its first value is the page.</param>
    /// <param name="hub">Where items are delivered; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription begins anew. <c>ReadAllAsync</c>, <c>SelectAsync</c> and <c>ObserveOnBounded</c> hold it: an item that has not been taken
    /// holds the next page. Who unsubscribes asks for no further one, and gives up the one that is asked for.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="page"/> is null.</exception>
    /// <remarks>Errors: those of a page, at once; <see cref="EndOfStreamException"/> when asking gives none. Pages that are there at once do not grow the stack.
    /// Scheduler: the hub.</remarks>
    public static IObservable<T> Of<TCursor, T>(TCursor first, Func<TCursor, IObservable<Page<TCursor, T>>> page, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(page);
        return new PagedObservable<TCursor, T>(first, page, Hub.Of(hub));
    }
}
