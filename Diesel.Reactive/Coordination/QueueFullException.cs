namespace Diesel.Reactive;

/// <summary>An item found no room.</summary>
public sealed class QueueFullException : InvalidOperationException
{
    /// <summary>For a queue that is kept elsewhere.</summary>
    /// <param name="queue">Which, as errors show it: "the queue 'jobs'".</param>
    /// <param name="capacity">Items it holds at most.</param>
    /// <param name="advice">A sentence: what to do about it.</param>
    public QueueFullException(string queue, int capacity, string advice)
        : base($"{queue} holds {capacity} items, its capacity: its consumers are slower than its producers. {advice}") =>
        Capacity = capacity;

    internal static string OfQueue => $"Raise the capacity, choose an {nameof(Overflow)} that drops, or wait for room with {nameof(AsyncQueue<int>.PutWhenRoom)}.";

    internal static string OfSubscriber => $"Raise the capacity, or choose an {nameof(Overflow)} that drops.";

    internal static string OfHeldSource =>
        "Read straight from the connection (connection.UntilEol()), which holds it, or say how to hold what feeds this (hold: connection.Pause); else raise the capacity.";

    internal static string OfPulledSource =>
        $"Read straight from the connection (connection.UntilEol()), which holds it, raise the capacity, or choose an {nameof(Overflow)} that drops.";

    /// <summary>Items it holds at most.</summary>
    public int Capacity { get; }
}
