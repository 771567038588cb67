namespace Diesel.Reactive;

/// <summary>Lets a number of loops hold it at a time; one, by default: a lock.</summary>
/// <remarks>
/// <para>First come, first served: a released permit passes to the first in line. <b>Losing never consumes</b>: an
/// <c>Acquire</c> that loses a race, times out or is unsubscribed takes no permit, and leaves the line in O(1). It is not
/// re-entrant. A permit released twice counts once (in diesel that raised the count). There is one entry per waiter and
/// nothing else that grows.</para>
/// <para>Scheduler: the hub. An observer in line gets its permit from within the release; a loop that awaits runs on after
/// the releasing one has given way. A free permit is taken at once. Idea: diesel's <c>Lock</c>.</para>
/// </remarks>
public sealed class AsyncSemaphore : ILock
{
    private readonly Hub _hub;
    private readonly Permits _permits;
    private readonly Acquiring _forEver;

    /// <summary>Makes a semaphore with all its permits free.</summary>
    /// <param name="count">How many may hold it at a time.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public AsyncSemaphore(int count = 1, Hub? hub = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _hub = Hub.Of(hub);
        _permits = new Permits(_hub, count);
        _forEver = new Acquiring(this, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Permits nobody holds.</summary>
    public int Available => _permits.Free;

    /// <summary>Whether one would have to wait.</summary>
    public bool IsLocked => !_permits.IsReady;

    /// <summary>How many wait.</summary>
    public int Waiters => _permits.Line.Count;

    /// <inheritdoc/>
    public Awaitable<IDisposable> Acquire(TimeSpan? timeout = null) =>
        timeout is null ? _forEver : new Acquiring(this, Waits.For(timeout));

    /// <summary>How many permits are free, as errors show it.</summary>
    public override string ToString() => $"a semaphore with {Available} of {_permits.Count} permits free";

    private sealed class Acquiring(AsyncSemaphore semaphore, TimeSpan timeout) : Wait<IDisposable>(semaphore._hub, timeout)
    {
        protected override bool IsReady => semaphore._permits.IsReady;

        protected override WaitLine<IDisposable> Line => semaphore._permits.Line;

        protected override IDisposable Take() => semaphore._permits.Take();

        protected internal override Exception OnTimeout() => new TimeoutException(
            $"No permit of {semaphore} was to be had {Waits.Text(Limit)}; {semaphore.Waiters} others wait too.");

        public override string ToString() => $"waiting for a permit of {semaphore}";
    }
}
