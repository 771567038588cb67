namespace Diesel.Reactive;

/// <summary>A pool as it was at one time.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Counts">Its numbers.</param>
public sealed record PoolSnapshot(string Name, PoolCounts Counts)
{
    /// <summary>What its borrowers wait for; null: nobody waits.</summary>
    public string? WaitsFor =>
        Counts.Waiting == 0 ? null
        : Counts.Pending > 0 ? "an item that is being made"
        : "an item to come back";

    /// <summary>One line.</summary>
    public override string ToString() => SnapshotText.Line(Name, Counts.ToString(), WaitsFor is null ? null : $"waits for {WaitsFor}");
}
