namespace Diesel.Reactive;

/// <summary>Of-the-moment events by name: the part of <see cref="Signals"/> that can also be kept elsewhere.</summary>
public interface ISignals
{
    /// <summary>Gives a value to everyone who waits for the topic now; nobody waiting, it is lost. Any thread.</summary>
    /// <typeparam name="T">What is fired.</typeparam>
    /// <param name="topic">What it is fired under.</param>
    /// <param name="value">The same for all; an exception is a value like any other.</param>
    void Fire<T>(Topic<T> topic, T value);

    /// <summary>Waits for the next value that is fired.</summary>
    /// <typeparam name="T">What is fired.</typeparam>
    /// <param name="topic">What it is fired under.</param>
    /// <param name="timeout">Null: for ever. Zero: never, since only what is fired later counts.</param>
    /// <returns>Cold: each subscription and each <c>await</c> waits anew and gets one value.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative.</exception>
    /// <remarks>Errors: <see cref="TimeoutException"/>.</remarks>
    Awaitable<T> Wait<T>(Topic<T> topic, TimeSpan? timeout = null);

    /// <summary>All values that are fired while it is subscribed.</summary>
    /// <typeparam name="T">What is fired.</typeparam>
    /// <param name="topic">What they are fired under.</param>
    /// <returns>Hot; never completes, never fails.</returns>
    IObservable<T> On<T>(Topic<T> topic);
}
