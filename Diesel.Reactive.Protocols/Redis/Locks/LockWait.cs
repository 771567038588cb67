namespace Diesel.Reactive.Protocols.Redis;

/// <summary>One who waits for a lock. The hub's thread only, but for <see cref="Dispose"/>.</summary>
internal sealed class LockWait(Hub hub, IObserver<LockLease> observer, Bytes key, TimeSpan expiry, TimeSpan timeout) : IDisposable
{
    private int _over;

    public Bytes Key => key;

    public TimeSpan Expiry => expiry;

    public bool IsNowOrNever => timeout == TimeSpan.Zero;

    public bool IsOver => Volatile.Read(ref _over) != 0;

    /// <summary>What stands on the server when it holds the lock.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Where it waits; null: not yet.</summary>
    public LockLine? Line { get; set; }

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

    public LockNotAcquiredException Late() => new(key, timeout);

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
