namespace Diesel.Reactive;

/// <summary>What few loops have: those that are kept alive, or measured. Their hub's thread only.</summary>
internal sealed class LoopRecord
{
    /// <summary>Why it begins again; null: it does not.</summary>
    public Restarts? Restarts { get; set; }

    public int Deaths { get; set; }

    public Exception? LastError { get; set; }

    public TimeSpan HubTime { get; set; }

    /// <summary>The timer of its pause; null: it is in none.</summary>
    public IDisposable? Pause { get; set; }
}
