namespace Diesel.Reactive;

/// <summary>A pool had no item in time.</summary>
public sealed class PoolTimeoutException : TimeoutException
{
    internal PoolTimeoutException(string pool, TimeSpan timeout, PoolCounts counts)
        : base($"The {pool} had nothing to lend {Waits.Text(timeout)}: {counts}. " +
            "Return what was borrowed sooner, raise Max, or find out why making new ones takes so long.") =>
        (Timeout, Counts) = (timeout, counts);

    /// <summary>How long it was waited.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The pool's numbers at that moment, without the one who gave up.</summary>
    public PoolCounts Counts { get; }
}
