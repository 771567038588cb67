namespace Diesel.Reactive;

/// <summary>An item found no room.</summary>
public sealed class QueueFullException : InvalidOperationException
{
    internal QueueFullException(string queue, int capacity)
        : base($"{queue} holds {capacity} items, its capacity: its consumers are slower than its producers. " +
            $"Raise the capacity, choose an {nameof(Overflow)} that drops, or wait for room with {nameof(AsyncQueue<int>.PutWhenRoom)}.") =>
        Capacity = capacity;

    /// <summary>Items it holds at most.</summary>
    public int Capacity { get; }
}
