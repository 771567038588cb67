namespace Diesel.Reactive;

/// <summary>How much a record of a hub's log matters, from the least.</summary>
public enum HubLogLevel
{
    /// <summary>What every peer can cause as often as it likes: connections that come and go, limits that were met.</summary>
    Debug,

    /// <summary>What the program does: services that start and stop.</summary>
    Information,

    /// <summary>What may pass by itself: the network's failures, turns that are too long.</summary>
    Warning,

    /// <summary>What somebody has to mend: the program's code threw.</summary>
    Error,
}
