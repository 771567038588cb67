namespace Diesel.Reactive;

/// <summary>How far an item of an application is.</summary>
public enum ApplicationItemState
{
    /// <summary>It has not been started: the application does not run yet, or what it comes after is not ready.</summary>
    Waiting,

    /// <summary>It was started and is not ready.</summary>
    Starting,

    /// <summary>It is ready: those that come after it are started.</summary>
    Ready,

    /// <summary>It was asked to stop.</summary>
    Stopping,

    /// <summary>It has stopped, or was never started.</summary>
    Ended,
}
