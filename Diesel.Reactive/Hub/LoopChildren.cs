namespace Diesel.Reactive;

/// <summary>Loops that end with another one.</summary>
public static class LoopChildren
{
    /// <summary>Starts a loop that ends when this one ends, however that ends, also if it has not begun by then.</summary>
    /// <param name="parent">Whose child it is.</param>
    /// <param name="child">The child's code.</param>
    /// <param name="name">What it is called in errors.</param>
    /// <returns>The child. It begins after the caller has given way.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="parent"/> or <paramref name="child"/> is null.</exception>
    /// <remarks>Of a loop that is kept alive it is the child of the present life: while the parent is in a pause, none begins.
    /// Idea: diesel's <c>fork_child</c>.</remarks>
    public static Loop ForkChild(this Loop parent, Func<Task> child, string? name = null) => Start(parent, LoopBody.Of(child), name);

    /// <inheritdoc cref="ForkChild(Loop, Func{Task}, string?)"/>
    public static Loop ForkChild(this Loop parent, Func<CancellationToken, Task> child, string? name = null) => Start(parent, LoopBody.Of(child), name);

    /// <inheritdoc cref="ForkChild(Loop, Func{Task}, string?)"/>
    public static Loop ForkChild(this Loop parent, Action child, string? name = null) => Start(parent, LoopBody.Of(child), name);

    /// <inheritdoc cref="ForkChild(Loop, Func{Task}, string?)"/>
    /// <typeparam name="T">What the observable gives; the loop ends with it.</typeparam>
    public static Loop ForkChild<T>(this Loop parent, IObservable<T> child, string? name = null) => Start(parent, LoopBody.Of(child), name);

    private static Loop Start(Loop parent, LoopBody body, string? name)
    {
        ArgumentNullException.ThrowIfNull(parent);
        return LoopStart.Start(parent.Hub, body, name, parent);
    }
}
