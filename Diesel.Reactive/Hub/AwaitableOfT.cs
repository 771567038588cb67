namespace Diesel.Reactive;

/// <summary>An observable of at most one value that can be awaited cheaply, and raced with <see cref="First"/>.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <remarks>Awaited on a hub, it resumes on that hub, in the loop that awaits. A source that completes without a value
/// throws <see cref="EndOfStreamException"/> from the <c>await</c>. An <c>await</c> of a value that is there allocates nothing, one
/// that has to wait 56 bytes, for a value of eight, and the subscription. <see cref="AwaitableSource{T}"/> makes one; a class of one's own,
/// derived from this, gives one value and completes, or an error, and describes itself by <see cref="object.ToString"/>.</remarks>
public abstract class Awaitable<T> : IObservable<T>
{
    /// <summary>For those who derive one.</summary>
    protected Awaitable()
    {
    }

    /// <inheritdoc/>
    public abstract IDisposable Subscribe(IObserver<T> observer);

    /// <summary>For the compiler: makes <c>await</c> work.</summary>
    /// <returns>An awaiter for one use.</returns>
    public Awaiter<T> GetAwaiter()
    {
        var context = SynchronizationContext.Current as HubContext;
        return context?.Hub.GivesWay is { } givesWay && givesWay() ? context.Hub.Pace.Yield(this)
            : context is not { IsEnding: true } && TryTake(out var ready) ? new Awaiter<T>(ready) : new Awaiter<T>(Suspension<T>.For(this));
    }

    /// <summary>The same with a time limit, on its own hub's clock.</summary>
    /// <param name="limit">How long to wait; zero: only if it is ready; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <param name="hub">Whose clock counts if it is bound to no hub; null for the current hub, or the default one.</param>
    /// <returns>Cold: each subscription and each <c>await</c> counts anew. What is late has consumed nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is negative.</exception>
    /// <remarks>Errors: <see cref="TimeoutException"/> when the time is up. Rx's operator of that name counts on the thread pool.</remarks>
    public Awaitable<T> Timeout(TimeSpan limit, Hub? hub = null) => IsLimit(limit) ? Within(limit, hub) : this;

    /// <summary>The same with a time limit, and an error of one's own when that is over.</summary>
    /// <param name="limit">As the other.</param>
    /// <param name="late">Makes the error, of what was waited for; called on the hub.</param>
    /// <param name="hub">As the other.</param>
    /// <returns>As the other.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="late"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is negative.</exception>
    public Awaitable<T> Timeout(TimeSpan limit, Func<string, Exception> late, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(late);
        return IsLimit(limit) ? new TimedAwaitable<T>(this, limit, late, hub) : this;
    }

    /// <summary>The same until a token is cancelled, for code that is given one from outside.</summary>
    /// <param name="cancellation">Ends the wait; one that is cancelled already ends it before it begins.</param>
    /// <returns>Cold: each subscription and each <c>await</c> begins anew. What was cancelled has consumed nothing.</returns>
    /// <remarks>Errors: <see cref="OperationCanceledException"/> with the token. What was waited for is unsubscribed on its hub, in a
    /// coming turn if that is not the canceller's; a value that comes before is given. Allocates 32 bytes, and 64 and the
    /// token's registration for each wait.</remarks>
    public Awaitable<T> Until(CancellationToken cancellation) =>
        cancellation.CanBeCanceled ? new CancellableAwaitable<T>(this, cancellation) : this;

    /// <summary>Begins to wait now, for the world outside: what takes a task, or blocks for one on a thread of its own.</summary>
    /// <returns>Hot: the value; the error; cancelled, where the error is an <see cref="OperationCanceledException"/>.</returns>
    /// <remarks>Any thread. Whoever awaits the task goes on where it was, never on the hub unless it was there. The end of a
    /// <see cref="Loop"/> does not end the wait: <c>Until(loop.Token).AsTask()</c> does. A value that is there costs a completed
    /// task, and a wait at most 130 bytes and the subscription.</remarks>
    public Task<T> AsTask() => TryTake(out var ready) ? Task.FromResult(ready) : new AwaitedTask<T>(this).Begin();

    /// <summary>As <see cref="AsTask"/>, and nothing is allocated when the value is there already.</summary>
    /// <returns>Hot: to be awaited once.</returns>
    public ValueTask<T> AsValueTask() => TryTake(out var ready) ? new ValueTask<T>(ready) : new ValueTask<T>(new AwaitedTask<T>(this).Begin());

    /// <summary>The same with a time limit that is one, as cheap as it can be had.</summary>
    internal virtual Awaitable<T> Within(TimeSpan limit, Hub? hub) =>
        new TimedAwaitable<T>(this, limit, static what => new TimeoutException($"No answer in time: {what}."), hub);

    /// <summary>The hub it lives on, if it is bound to one: a race runs there.</summary>
    internal virtual Hub? Home => null;

    /// <summary>A value that is there already, taken without subscribing.</summary>
    /// <param name="value">The value.</param>
    /// <returns>False, as by default: it is to be subscribed to.</returns>
    /// <remarks>Any thread.</remarks>
    protected internal virtual bool TryTake(out T value)
    {
        value = default!;
        return false;
    }

    /// <summary>Whether an <c>await</c> that got its value is told nothing more, and is known to nobody: then it is used again for another one.</summary>
    /// <remarks>False, as by default: each that has to wait is an object of its own. A class that says so keeps it: it lets go of its observer before it
    /// tells one of which <see cref="IsAwait"/> is true its value, and tells it no <c>OnCompleted</c>.</remarks>
    protected internal virtual bool TellsOnce => false;

    /// <summary>Whether an observer is an <c>await</c>: it takes one notification, and is over with it.</summary>
    /// <param name="observer">Who has subscribed.</param>
    protected static bool IsAwait(IObserver<T> observer) => observer is Suspension<T>;

    private static bool IsLimit(TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, limit == System.Threading.Timeout.InfiniteTimeSpan ? limit : TimeSpan.Zero);
        return limit != System.Threading.Timeout.InfiniteTimeSpan;
    }
}
