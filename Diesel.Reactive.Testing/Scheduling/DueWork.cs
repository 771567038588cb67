using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Testing;

/// <summary>Work that waits for its instant. Disposing of it takes it back, or ends what it began.</summary>
internal abstract class DueWork(MarbleScheduler scheduler, long due) : IScheduledItem<long>, IDisposable
{
    private static readonly IDisposable Disposed = Disposable.Create(static () => { });

    private IDisposable? _begun;

    public long DueTime => due;

    /// <summary>Whether it runs outside the pump, so that awaits that want no context go on at once.</summary>
    public virtual bool IsOutside => false;

    /// <summary>Where it stands in the queue; -1 when it does not.</summary>
    public int Position { get; set; } = -1;

    /// <summary>Whether it waited for its instant: of two that did, none comes before the other by right.</summary>
    public bool HasWaited { get; set; }

    public bool IsCancelled => ReferenceEquals(Volatile.Read(ref _begun), Disposed);

    public void Invoke() => scheduler.Run(this);

    public void Execute()
    {
        if (!IsCancelled && Begin() is var begun && Interlocked.CompareExchange(ref _begun, begun, null) is not null)
        {
            begun.Dispose();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _begun, Disposed) is { } begun)
        {
            begun.Dispose();
        }
        else
        {
            scheduler.TakeBack(this);
        }
    }

    protected MarbleScheduler Scheduler => scheduler;

    protected abstract IDisposable Begin();
}
