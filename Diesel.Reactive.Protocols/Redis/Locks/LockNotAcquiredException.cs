namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Somebody else has held the lock all the time that one was ready to wait.</summary>
public sealed class LockNotAcquiredException : TimeoutException
{
    internal LockNotAcquiredException(Bytes key, TimeSpan waited)
        : base(waited == TimeSpan.Zero ? $"The lock '{key}' is held by somebody else." : $"The lock '{key}' was held by somebody else for {waited}, all the time to wait.") =>
        Key = key;

    /// <summary>The lock's.</summary>
    public Bytes Key { get; }
}
