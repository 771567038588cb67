using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Leases that count only when replicas know of them: a failover does not give them to somebody else.</summary>
internal static class ReplicatedLeases
{
    /// <summary>Waits for as many replicas as the options say; of a lease that they do not know in time, or that nobody waits for any more, it lets go.</summary>
    /// <param name="acquired">One lease.</param>
    /// <param name="owner">Whose options count.</param>
    /// <param name="what">What is held, for errors.</param>
    public static IObservable<LockLease> Known(this IObservable<LockLease> acquired, RedisCoordination owner, string what) => owner.Options.WaitReplicas == 0 ? acquired : Observable.Create<LockLease>(observer =>
    {
        LockLease? held = null;
        var asking = acquired.SelectMany(lease => Wait(owner, held = lease, what)).Subscribe(
            lease =>
            {
                if (Interlocked.Exchange(ref held, null) is not null)
                {
                    observer.OnNext(lease);
                    observer.OnCompleted();
                }
            },
            error =>
            {
                LetGo();
                observer.OnError(error);
            });
        return new CompositeDisposable(asking, Disposable.Create(LetGo));

        void LetGo() => Interlocked.Exchange(ref held, null)?.Dispose();
    });

    // WAIT counts what its own connection has written: the lease is renewed there.
    private static Awaitable<LockLease> Wait(RedisCoordination owner, LockLease lease, string what)
    {
        var options = owner.Options;
        return owner.Redis.Lease(
            async session =>
            {
                await session.Ask(LockScripts.Renewal(lease.Claim));
                var has = await session.Wait(options.WaitReplicas, options.ReplicaTimeout);
                return has >= options.WaitReplicas ? lease : throw new NotReplicatedException(what, options.WaitReplicas, has);
            },
            lease.Key);
    }
}
