namespace Diesel.Reactive;

/// <summary>No item came in time.</summary>
/// <remarks>Idea: diesel's <c>QueueTimeout</c>.</remarks>
public sealed class QueueTimeoutException : TimeoutException
{
    /// <summary>For a queue that is kept elsewhere.</summary>
    /// <param name="queue">Which, as errors show it: "the queue 'jobs'".</param>
    /// <param name="timeout">How long it was waited.</param>
    /// <param name="waiters">How many others waited.</param>
    public QueueTimeoutException(string queue, TimeSpan timeout, int waiters)
        : base($"No item came from {queue} {Waits.Text(timeout)}; {waiters} others wait too.") =>
        (Timeout, Waiters) = (timeout, waiters);

    /// <summary>How long it was waited.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>How many others waited at that time.</summary>
    public int Waiters { get; }
}
