namespace Diesel.Reactive;

/// <summary>How far a loop is.</summary>
public enum LoopState
{
    /// <summary>It was forked and has not begun.</summary>
    Queued,

    /// <summary>It has begun; it runs, or waits for something.</summary>
    Running,

    /// <summary>It is kept alive, has died, and begins again when its pause is over.</summary>
    Restarting,

    /// <summary>It has ended, and does not begin again.</summary>
    Ended,
}
