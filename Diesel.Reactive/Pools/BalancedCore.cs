using System.Net;
using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>The pools of a <see cref="BalancedPool{T}"/>. The hub's thread only.</summary>
internal sealed class BalancedCore<T>(Hub hub, Func<EndPoint, Pool<T>> pool, BalancingOptions options) : IBorrowed<T>
{
    private readonly Balancer<Member> _balancer = new(hub, options.Policy);

    public Hub Hub => hub;

    public bool IsOver { get; private set; }

    public IReadOnlyList<EndPointCounts> Counts =>
        [.. _balancer.All.Select(static one => new EndPointCounts(one.EndPoint, one.IsEjected, one.Pool.Counts))];

    /// <summary>An item that was given up is closed where its own pool has it so.</summary>
    public bool ReusesAbandoned(Lease<T> lease) => lease.Pool.Options.ReuseAbandoned;

    public void Used(Lease<T> lease, Exception? error) => MemberOf(lease)?.Used(error);

    public Member? Pick(IReadOnlyCollection<Member> tried) => _balancer.Pick(tried);

    public void Retarget(EndPoint[] endPoints)
    {
        if (IsOver)
        {
            return;
        }

        var old = _balancer.All;
        _balancer.All = [.. endPoints.Select(to => Array.Find(old, one => one.EndPoint.Equals(to)) ?? new Member(to, hub, options, Make(to)))];
        foreach (var left in old.Except(_balancer.All))
        {
            left.Leave();
        }
    }

    public void Dispose()
    {
        IsOver = true;
        foreach (var member in _balancer.All)
        {
            member.Leave();
        }
    }

    public override string ToString() => $"balanced pool of {typeof(T).Name}";

    private Pool<T> Make(EndPoint to)
    {
        var made = pool(to) ?? throw new InvalidOperationException($"What makes the pools of the {this} gave null for {EndPoints.Text(to)}.");
        return made.Core.Hub == hub ? made : throw new InvalidOperationException($"The pool of {EndPoints.Text(to)} lives on another hub than the {this}.");
    }

    private Member? MemberOf(Lease<T> lease) => Array.Find(_balancer.All, one => one.Pool.Core == lease.Pool);

    /// <summary>One endpoint and its pool.</summary>
    internal sealed class Member(EndPoint endPoint, Hub hub, BalancingOptions options, Pool<T> pool) : EndPointHealth(endPoint, hub, options)
    {
        public Pool<T> Pool => pool;

        public bool HasLeft { get; private set; }

        public override int Load => pool.Core.Load;

        public void Leave()
        {
            HasLeft = true;
            Dispose();
            pool.Dispose();
        }

        protected override IObservable<object> Probe() => pool.Borrow().Select(static lease =>
        {
            lease.Dispose();
            return (object)lease;
        });
    }
}
