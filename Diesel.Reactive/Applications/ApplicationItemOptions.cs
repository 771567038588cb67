using System.Reactive;

namespace Diesel.Reactive;

/// <summary>How an item fits into its application.</summary>
public sealed record ApplicationItemOptions
{
    /// <summary>What it is called in errors and in the tree of loops; null: a service's own words, a loop's method.</summary>
    public string? Name { get; init; }

    /// <summary>It is started when these are ready, and they are stopped when it has stopped; default: none.</summary>
    public IReadOnlyList<ApplicationItem> After { get; init; } = [];

    /// <summary>Tells that it is ready, with one value; an error stops the application, and <see cref="Application.Run"/> throws it.
    /// Null, the default: a service is ready when it was started, a loop when it has begun.</summary>
    /// <remarks>Subscribed when it was started: an event's <c>Wait()</c>, which the item sets.</remarks>
    public IObservable<Unit>? Ready { get; init; }

    /// <summary>Keeps a loop alive with these pauses (see <see cref="LoopSupervision.KeepAlive"/>); null, the default: it is not kept alive.</summary>
    public Backoff? KeepAlive { get; init; }

    /// <summary>How often a loop that is kept alive may begin again; null, the default: as often as it dies.</summary>
    public RestartLimit? RestartLimit { get; init; }

    internal static ApplicationItemOptions Default { get; } = new();
}
