namespace Diesel.Reactive;

/// <summary>A pool's numbers at one moment.</summary>
/// <param name="Max">Items there may be at most.</param>
/// <param name="Lent">Items that are borrowed.</param>
/// <param name="Idle">Items that are ready.</param>
/// <param name="Pending">Items that are being made, or validated.</param>
/// <param name="Waiting">Borrowers that wait.</param>
/// <param name="Created">Items made so far.</param>
/// <param name="Closed">Items closed so far.</param>
/// <param name="Failed">Items that could not be made so far.</param>
/// <param name="TimedOut">Borrowers that gave up so far because their time was up.</param>
public readonly record struct PoolCounts(
    int Max, int Lent, int Idle, int Pending, int Waiting, long Created, long Closed, long Failed, long TimedOut)
{
    /// <summary>The numbers as errors show them.</summary>
    public override string ToString() =>
        $"{Lent} of {Max} lent, {Idle} idle, {Pending} being made, {Waiting} waiting";
}
