namespace Diesel.Reactive;

/// <summary>Keeps loops alive, and shows them.</summary>
public static class LoopSupervision
{
    /// <summary>Keeps a loop alive: whenever it comes to its end, by returning, throwing or completing, it begins again after a pause, until
    /// it is disposed, its parent ends, or it dies too often.</summary>
    /// <param name="loop">Forked.</param>
    /// <param name="backoff">How long the pauses are; null: from 50 ms up to 10 s, drawn anew each time.</param>
    /// <param name="limit">How often is too often; null: never.</param>
    /// <returns>The same loop: <c>hub.Fork(…).KeepAlive()</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="loop"/> is null.</exception>
    /// <exception cref="InvalidOperationException">It was not forked: it is a handler's or a conversation's, and ends with it.</exception>
    /// <remarks>
    /// <para>The laws: the end of a loop, for a while or for good, ends its children. A child that is kept alive begins again as long as its
    /// parent lives. When the parent has ended, the child has, in a pause as well. What a death threw shows in
    /// <see cref="Hub.Errors"/>; those who joined hear of the end alone, with <see cref="RestartLimitException"/> if there were too
    /// many deaths.</para>
    /// <para>Any thread; one that has come to its end before the call begins again, too.
    /// Idea: diesel's <c>keep_alive</c>, which paused for half a second, and whose children in a pause outlived their parents.</para>
    /// </remarks>
    public static Loop KeepAlive(this Loop loop, Backoff? backoff = null, RestartLimit? limit = null)
    {
        ArgumentNullException.ThrowIfNull(loop);
        var restarts = new Restarts(backoff ?? Backoff.Default, limit, loop.Hub);
        loop.KeepAlive(restarts);
        return loop;
    }

    /// <summary>The loop and its children as they are now.</summary>
    /// <param name="loop">Forked or not.</param>
    /// <returns>For the hub's thread, where nothing changes meanwhile; <see cref="Loops"/> looks there for any other.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="loop"/> is null.</exception>
    public static LoopStatus GetStatus(this Loop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return loop.Status;
    }

    /// <summary>All loops that were forked on a hub and have not ended: a tree that can be printed.</summary>
    /// <param name="hub">Whose.</param>
    /// <returns>Cold: each subscription and each <c>await</c> looks anew, in a turn of the hub.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <remarks>Idea: diesel's <c>print_greenlet_stacks</c>.</remarks>
    public static Awaitable<LoopTree> Loops(this Hub hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return new HubCall<LoopTree>(hub, static hub => new LoopTree(LoopStatus.Of(hub.Roots.All)), "the loops of a hub");
    }

    /// <summary>What happens to the loops of a hub that were forked: begun, dead and to begin again, ended.</summary>
    /// <param name="hub">Whose.</param>
    /// <returns>Hot; never ends, never fails. Costs nothing while nobody observes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <remarks>Scheduler: the hub, in the turn in which it happens. An observer that throws is dropped.</remarks>
    public static IObservable<LoopEvent> LoopEvents(this Hub hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return hub.Roots.News;
    }

    /// <summary>Measures how much of the hub's time the code of each loop uses: see <see cref="Loop.HubTime"/>.</summary>
    /// <param name="hub">Whose loops.</param>
    /// <returns>Measures until it is disposed; of several, until the last one is.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <remarks>It costs some 50 ns for each piece of code, and nothing when it is over. Idea: diesel's <c>CPUStats</c> and tracked loops.</remarks>
    public static IDisposable MeasureLoops(this Hub hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return hub.Roots.Meter.Hold();
    }
}
