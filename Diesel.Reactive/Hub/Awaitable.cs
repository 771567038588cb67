namespace Diesel.Reactive;

/// <summary>An observable of at most one value that can be awaited cheaply, and raced with <see cref="First"/>.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <remarks>Awaited on a hub, it resumes on that hub, in the loop that awaits. A source that completes without a value
/// throws <see cref="EndOfStreamException"/> from the <c>await</c>.</remarks>
public abstract class Awaitable<T> : IObservable<T>
{
    private protected Awaitable()
    {
    }

    /// <inheritdoc/>
    public abstract IDisposable Subscribe(IObserver<T> observer);

    /// <summary>For the compiler: makes <c>await</c> work.</summary>
    /// <returns>An awaiter for one use.</returns>
    public Awaiter<T> GetAwaiter() =>
        Loop.Current is not { IsEnding: true } && TryTake(out var ready) ? new Awaiter<T>(ready) : new Awaiter<T>(new Suspension<T>(this));

    /// <summary>The hub it lives on, if it is bound to one: a race runs there.</summary>
    internal virtual Hub? Home => null;

    /// <summary>A value that is there already, taken without subscribing.</summary>
    internal virtual bool TryTake(out T value)
    {
        value = default!;
        return false;
    }
}
