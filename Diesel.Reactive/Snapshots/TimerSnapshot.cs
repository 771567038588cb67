namespace Diesel.Reactive;

/// <summary>A timer that waited at one time.</summary>
/// <param name="DueIn">How long until it is due; negative: it is late.</param>
/// <param name="What">What it will run, as errors show it.</param>
public sealed record TimerSnapshot(TimeSpan DueIn, string What)
{
    /// <summary>One line.</summary>
    public override string ToString() => SnapshotText.Line($"in {SnapshotText.Seconds(DueIn)}: {What}");
}
