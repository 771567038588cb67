namespace Diesel.Reactive;

/// <summary>No item came in time.</summary>
/// <remarks>Idea: diesel's <c>QueueTimeout</c>.</remarks>
public sealed class QueueTimeoutException : TimeoutException
{
    internal QueueTimeoutException(string queue, TimeSpan timeout, int waiters)
        : base($"No item came from {queue} {Waits.Text(timeout)}; {waiters} others wait too.") =>
        (Timeout, Waiters) = (timeout, waiters);

    /// <summary>How long it was waited.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>How many others waited at that time.</summary>
    public int Waiters { get; }
}
