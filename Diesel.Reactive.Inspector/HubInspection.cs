namespace Diesel.Reactive.Inspector;

/// <summary>A live view of a hub in the browser.</summary>
public static class HubInspection
{
    /// <summary>Serves a page that shows what a hub does, for the person at this machine.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="port">Of 127.0.0.1; 0: where there is room.</param>
    /// <returns>The inspector: its <see cref="HubInspector.Address"/> has a token without which nothing is shown. Disposing of it ends the page, and nothing else.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <exception cref="ConnectionException">The port is taken.</exception>
    /// <remarks>While no page is open, the hub does nothing for it. While one is, a snapshot is taken twice a second, in a turn of the hub.</remarks>
    public static HubInspector Inspect(this Hub hub, int port = 0)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return new HubInspector(hub, port);
    }

    /// <summary>Shows what a stream tells on an inspector's page, as marbles.</summary>
    /// <typeparam name="T">The values; shown by their text.</typeparam>
    /// <param name="source">Any stream.</param>
    /// <param name="name">What it is called there.</param>
    /// <param name="inspector">The inspector.</param>
    /// <returns>The same stream. It has a row from each subscription to its end.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<T> ShowOn<T>(this IObservable<T> source, HubInspector inspector, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(inspector);
        ArgumentNullException.ThrowIfNull(name);
        return new ShownStream<T>(source, inspector, name);
    }
}
