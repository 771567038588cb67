namespace Diesel.Reactive;

/// <summary>What becomes of a call in flight that nobody waits for any more.</summary>
public enum Abandoned
{
    /// <summary>Its replies are read and dropped, within <see cref="PipelineOptions.MaxDrainedBytes"/> and
    /// <see cref="PipelineOptions.DrainTimeout"/>.</summary>
    Drain,

    /// <summary>The connection is closed: for protocols where a call may hold it for long.</summary>
    Close,

    /// <summary>Its id is not used again on the connection until its reply has come, which is dropped, within
    /// <see cref="PipelineOptions.MaxDrainedBytes"/>; others go on. For replies that are told apart by ids.</summary>
    Forget,
}
