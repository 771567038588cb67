namespace Diesel.Reactive;

/// <summary>The log of a hub.</summary>
public static class HubLogging
{
    /// <summary>Structured records of what happens on the hub: connections that come, go and are refused, services that start and stop, and everything
    /// that shows in <see cref="Hub.Errors"/>.</summary>
    /// <param name="hub">Whose.</param>
    /// <returns>Hot; never ends, never fails. An observer that throws gets no more.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <remarks>Scheduler: the hub, except for what is reported on another thread, as slow turns are. While nobody observes it no record is made.</remarks>
    public static IObservable<HubLogRecord> Log(this Hub hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return hub.Sight.Log;
    }

    /// <summary>Says what the hub works on from now on in this turn: who reports that a turn takes too long names that.</summary>
    /// <param name="hub">Whose.</param>
    /// <param name="work">Its <c>ToString</c> is called for a report, which is on another thread while the work goes on.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>For code that is called for many purposes, as what serves requests is. On another thread than the hub's it does nothing.</remarks>
    public static void WorksOn(this Hub hub, object work)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(work);
        if (hub.IsCurrent)
        {
            hub.Sight.WorksOn(work);
        }
    }

    internal static void Write(
        this Hub hub, HubLogLevel level, string kind, string template, Exception? error, params IReadOnlyList<KeyValuePair<string, object?>> values) =>
        hub.Sight.Log.Write(new HubLogRecord(hub.Now, level, kind, template, values, error));

    internal static void Write(this Hub hub, HubError error) => hub.Write(
        error.Kind switch
        {
            HubErrorKind.Code => HubLogLevel.Error,
            HubErrorKind.Peer => HubLogLevel.Debug,
            _ => HubLogLevel.Warning,
        },
        "HubError",
        "{Source}: {ErrorType}: {ErrorMessage}",
        error.Exception,
        new KeyValuePair<string, object?>("Source", error.Source),
        new("ErrorType", error.Exception.GetType().Name),
        new("ErrorMessage", Label.MessageOf(error.Exception)),
        new("ErrorKind", error.Kind));
}
