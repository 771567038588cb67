namespace Diesel.Reactive;

/// <summary>What happens to an item when there is no room for it.</summary>
public enum Overflow
{
    /// <summary>It is an error: <see cref="QueueFullException"/>.</summary>
    Fail,

    /// <summary>The oldest item is dropped, and counted.</summary>
    DropOldest,

    /// <summary>The new item is dropped, and counted.</summary>
    DropNewest,
}
