namespace Diesel.Reactive.Protocols.Redis;

/// <summary>It was done, and fewer replicas had it in time than <see cref="RedisCoordinationOptions.WaitReplicas"/> asks for: a failover may forget it.</summary>
public sealed class NotReplicatedException : IOException
{
    internal NotReplicatedException(string what, int wanted, long have)
        : base($"What was done with {what} is known to {have} of {wanted} replicas: a failover now would forget it.") => Replicas = have;

    /// <summary>How many had it in time.</summary>
    public long Replicas { get; }
}
