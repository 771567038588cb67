namespace Diesel.Reactive;

/// <summary>A pool had no item, and no room for one more to wait.</summary>
/// <remarks>Idea: diesel's <c>ConnectionPoolFull</c>.</remarks>
public sealed class PoolExhaustedException : InvalidOperationException
{
    internal PoolExhaustedException(string pool, PoolCounts counts)
        : base($"The {pool} has nothing to lend, and lets nobody else wait: {counts}. " +
            "Return what was borrowed sooner, or raise Max or MaxWaiting.") =>
        Counts = counts;

    /// <summary>The pool's numbers at that moment.</summary>
    public PoolCounts Counts { get; }
}
