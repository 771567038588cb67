namespace Diesel.Reactive;

/// <summary>Starts loops on a hub.</summary>
public static class HubLoops
{
    /// <summary>Starts a loop.</summary>
    /// <param name="hub">Runs it.</param>
    /// <param name="loop">The loop's code; its <c>await</c>s resume on the hub.</param>
    /// <param name="name">What it is called in errors; default: the method's name.</param>
    /// <returns>The loop: observe it to join, dispose it to end it. It begins after the caller has given way.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>Errors: what the loop throws ends it and reaches those who joined; when nobody did, it shows in
    /// <see cref="Hub.Errors"/>.
    /// Idea: diesel's <c>fork</c>, bluelet's <c>spawn</c>.</remarks>
    public static Loop Fork(this Hub hub, Func<Task> loop, string? name = null) => Start(hub, LoopBody.Of(loop), name);

    /// <inheritdoc cref="Fork(Hub, Func{Task}, string?)"/>
    public static Loop Fork(this Hub hub, Func<CancellationToken, Task> loop, string? name = null) => Start(hub, LoopBody.Of(loop), name);

    /// <inheritdoc cref="Fork(Hub, Func{Task}, string?)"/>
    public static Loop Fork(this Hub hub, Action loop, string? name = null) => Start(hub, LoopBody.Of(loop), name);

    /// <inheritdoc cref="Fork(Hub, Func{Task}, string?)"/>
    /// <typeparam name="T">What the observable gives; the loop ends with it.</typeparam>
    public static Loop Fork<T>(this Hub hub, IObservable<T> loop, string? name = null) => Start(hub, LoopBody.Of(loop), name);

    private static Loop Start(Hub hub, LoopBody body, string? name)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return LoopStart.Start(hub, body, name);
    }
}
