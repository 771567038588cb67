namespace Diesel.Reactive;

/// <summary>Makes queues.</summary>
/// <remarks>Saves naming <see cref="Queue{T}"/> beside a <c>using System.Collections.Generic</c>, which has one too.</remarks>
public static class Queue
{
    /// <summary>Items a queue holds at most when its maker does not say.</summary>
    public const int DefaultCapacity = 1_000_000;

    /// <summary>Makes a queue.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="capacity">Items it holds at most.</param>
    /// <param name="overflow">What a <c>Put</c> does past that.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <returns>An empty queue.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive, or
    /// <paramref name="overflow"/> is not defined.</exception>
    public static Queue<T> Create<T>(int capacity = DefaultCapacity, Overflow overflow = Overflow.Fail, Hub? hub = null) =>
        new(capacity, overflow, hub);
}
