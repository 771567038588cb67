namespace Diesel.Reactive.Testing;

/// <summary>What is asked of a queue: to put an item, or to take the first.</summary>
/// <typeparam name="T">The items.</typeparam>
public sealed record QueueCall<T>
{
    private QueueCall(bool isPut, T? item) => (IsPut, Item) = (isPut, item);

    /// <summary>Whether it puts an item.</summary>
    public bool IsPut { get; }

    /// <summary>What is put.</summary>
    public T? Item { get; }

    /// <summary>Takes the first item; an empty queue gives the default of <typeparamref name="T"/>.</summary>
    public static QueueCall<T> Take { get; } = new(false, default);

    /// <summary>Puts an item.</summary>
    /// <param name="item">Which.</param>
    public static QueueCall<T> Put(T item) => new(true, item);

    /// <summary>In a few words, for a picture.</summary>
    public override string ToString() => IsPut ? $"+{Item}" : "take";
}
