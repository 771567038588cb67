namespace Diesel.Reactive.Protocols.Redis;

/// <summary>One who waits for a lock. The hub's thread only, but for <see cref="Dispose"/>.</summary>
internal sealed class LockWait(Hub hub, IObserver<LockLease> observer, LockClaim claim, TimeSpan timeout) : IDisposable
{
    private int _over;

    public LockClaim Claim => claim;

    public bool IsNowOrNever => timeout == TimeSpan.Zero;

    public bool IsOver => Volatile.Read(ref _over) != 0;

    /// <summary>Where it waits; null: not yet.</summary>
    public LockLine? Line { get; set; }

    /// <summary>Whether the server was asked and has not said.</summary>
    public bool IsAsking { get; set; }

    /// <summary>Whether something has happened meanwhile.</summary>
    public bool AsksAgain { get; set; }

    private IDisposable? Timer { get; set; }

    public void StartTimer(Action due)
    {
        if (timeout != Timeout.InfiniteTimeSpan && timeout > TimeSpan.Zero)
        {
            Timer = System.Reactive.Concurrency.Scheduler.Schedule(hub, timeout, due);
        }
    }

    /// <summary>False: nobody waits for it any more.</summary>
    public bool TryClaim()
    {
        Timer?.Dispose();
        return Interlocked.Exchange(ref _over, 1) == 0;
    }

    public void Deliver(LockLease lease)
    {
        observer.OnNext(lease);
        observer.OnCompleted();
    }

    public void Fail(Exception error) => observer.OnError(error);

    public LockNotAcquiredException Late() => new(claim.Key, timeout);

    /// <summary>Leaves. Any thread.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            hub.Within(() =>
            {
                Timer?.Dispose();
                Line?.Leave(this);
            });
        }
    }
}
