namespace Diesel.Reactive;

/// <summary>Looks at a hub while it runs.</summary>
public static class HubSnapshots
{
    private const int Most = 1000;

    /// <summary>What there is on a hub now: loops, services, connections, pipelines, pools, datagram sockets and timers, and what each waits for.</summary>
    /// <param name="hub">Which.</param>
    /// <param name="most">How many of each are listed; all are counted. Default 1000.</param>
    /// <returns>Cold: each subscription and each <c>await</c> takes one, in a turn of the hub; that of a hub that is held up comes when it goes on.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hub"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is negative.</exception>
    /// <remarks>Any thread. Errors: <see cref="ObjectDisposedException"/>. It costs time in proportion to what there is, once; a hub that
    /// nobody looks at does nothing for it. Idea: diesel's debugger, which printed the stack of each loop.</remarks>
    public static Awaitable<HubSnapshot> Snapshot(this Hub hub, int most = Most)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        return new Taking(hub, most);
    }

    private static HubSnapshot Take(Hub hub, int most)
    {
        var services = hub.Sight.ResourcesOf<TcpService>();
        var connections = hub.Sight.ResourcesOf<ConnectionLife>();
        var pipelines = PipelineMeter.Of(hub).ToArray();
        var pools = PoolMeter.Pools.Where(pool => pool.Hub == hub).ToArray();
        var datagrams = hub.Sight.ResourcesOf<DatagramSocket>();
        var timers = Soonest(hub.Sight.Timers, most);
        return new HubSnapshot
        {
            Name = hub.Sight.Name,
            Time = hub.Now,
            Age = hub.Elapsed,
            Turns = hub.Sight.Turns,
            Queued = hub.Sight.Queued,
            LongestTurn = hub.Sight.LongestTurn,
            LoopCount = hub.Roots.Count,
            Loops = new LoopTree(LoopStatus.Of(hub.Roots.All.Take(most))),
            ServiceCount = services.Count,
            Services = [.. services.Take(most).Select(static service => new ServiceSnapshot(Label.Of(service), service.EndPoint, service.Counts))],
            ConnectionCount = connections.Count,
            Connections = [.. connections.Take(most).Select(static life => ConnectionSnapshot.Of(life.Input.Connection))],
            PipelineCount = pipelines.Length,
            Pipelines = [.. pipelines.Take(most).Select(static pipeline => new PipelineSnapshot(pipeline.Connection.RemoteEndPoint, pipeline.Counts, pipeline.Head))],
            PoolCount = pools.Length,
            Pools = [.. pools.OrderBy(static pool => pool.Name, StringComparer.Ordinal).Take(most).Select(static pool => new PoolSnapshot(pool.Name, pool.Counts))],
            DatagramCount = datagrams.Count,
            Datagrams = [.. datagrams.Take(most).Select(static socket => new DatagramSnapshot(socket.LocalEndPoint, socket.RemoteEndPoint, socket.Dropped))],
            TimerCount = hub.Sight.TimerCount,
            Timers = [.. timers.Select(timer => new TimerSnapshot(timer.Due - hub.Elapsed, timer.What.ToString()))],
        };
    }

    // There may be a million: what is not shown is looked at once, and not kept.
    private static IEnumerable<WaitingTimer> Soonest(IEnumerable<WaitingTimer> timers, int most)
    {
        var soonest = new PriorityQueue<WaitingTimer, TimeSpan>(Comparer<TimeSpan>.Create(static (one, other) => other.CompareTo(one)));
        foreach (var timer in timers)
        {
            if (soonest.Count < most)
            {
                soonest.Enqueue(timer, timer.Due);
            }
            else if (most > 0 && timer.Due < soonest.Peek().Due)
            {
                soonest.EnqueueDequeue(timer, timer.Due);
            }
        }

        return soonest.UnorderedItems.Select(static each => each.Element).OrderBy(static timer => timer.Due);
    }

    private sealed class Taking(Hub hub, int most) : Awaitable<HubSnapshot>
    {
        internal override Hub Home => hub;

        public override IDisposable Subscribe(IObserver<HubSnapshot> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            return new Attempt(hub, most, observer).Begin();
        }

        public override string ToString() => $"a snapshot of {hub.Sight.Name}";
    }

    private sealed class Attempt(Hub hub, int most, IObserver<HubSnapshot> observer) : HubAttempt<HubSnapshot>(hub, observer, "a snapshot")
    {
        protected override void Start() => Succeed(Take(Hub, most));

        protected override void GiveUp()
        {
        }

        protected override void Give(HubSnapshot value, IObserver<HubSnapshot> to) => to.OnNext(value);
    }
}
