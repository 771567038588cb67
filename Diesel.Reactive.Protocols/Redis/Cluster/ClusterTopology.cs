using System.Net;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Servers that are one to their callers, each of which has some of the keys: a cluster; or those that Sentinels watch, of which one has all.</summary>
internal sealed class ClusterTopology : RedisTopology
{
    // How long one waits until more is known of a slot that nobody has.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IShardSource _source;
    private readonly ClientEvents _events;
    private readonly BehaviorSubject<ClientState> _state;
    private readonly Subject<Unit> _moved = new();
    private readonly Func<ClusterTopology, IShardSource> _makeSource;
    private ClusterMap? _before;
    private int _listening;
    private bool _isMoving;
    private bool _isDisposed;

    public ClusterTopology(RedisConnectionString target, Hub hub, RedisUse use, Func<ClusterTopology, IShardSource> source)
        : base(target, hub, use)
    {
        (_makeSource, _events) = (source, new ClientEvents(hub));
        _source = source(this);
        _state = new(new ClientState(ClientPhase.Disconnected, target.Servers[0]));
        Site = RedisLink.SiteOf(target, target.Servers[0], hub);
        Members = new ClusterMembers(this, _source);
        Maps = new MapKeeper(target, hub, Look, Took);
    }

    public ClusterMembers Members { get; }

    public MapKeeper Maps { get; }

    public bool IsDisposed => _isDisposed;

    public bool HasSlots => _source.HasSlots;

    /// <summary>How long one that could not be reached is left out.</summary>
    public TimeSpan Patience => Target.Options.PingInterval == Timeout.InfiniteTimeSpan ? Target.Options.Timeout : Target.Options.PingInterval;

    public override CallSite Site { get; }

    public override IObservable<ClientEvent> Events => _events;

    public override IObservable<ClientState> State => _state.AsObservable();

    public override PipelineCounts Counts => Members.Counts;

    public override bool IsTracked => Members.All is { Length: > 0 } all && Array.TrueForAll(all, static member => !member.IsReady || member.Link.IsTracked);

    public override IObservable<Unit> Moved => _moved;

    public override IObservable<LeasedConnection> Connections =>
        WhenKnown(() => Maps.Map!.Owners.Select(shard => Members.Primary(shard.Primary).Connections).Merge());

    public override Awaitable<T> Ask<T>(RedisCommand<T> command)
    {
        var keys = CommandKeys.Of(command);
        return ClusterPlan.SlotOf(command, keys, HasSlots) is { } slot
            ? new RoutedCall<T>(this, slot, ((IRedisCommand)command).MayAskReplica, (link, isAsking) => isAsking ? Asking(link, command) : link.Ask(command)).ToAwaitable(command.Name)
            : Several([command.With(attempts: null)], command.MoreTime, replies => command.Parse(replies[0]), command.Name, command.Attempts);
    }

    public override Awaitable<T> AskAlone<T>(RedisCommand<T> command) =>
        ClusterPlan.SlotOf(command, CommandKeys.Of(command), HasSlots) is { } slot
            ? new RoutedCall<T>(this, slot, mayAskReplica: false, (link, isAsking) => new BlockedCall<T>(link.Leases, command, isAsking)).ToAwaitable(command.Name)
            : Observable.Throw<T>(ClusterPlan.CrossSlot(command)).ToAwaitable(command.Name);

    public override Awaitable<T> Send<T>(RedisCalls<T> calls)
    {
        if (!calls.IsTransaction)
        {
            return Several(calls.Commands, calls.MoreTime, calls.ResultOf, calls.ToString()!, calls.Attempts);
        }

        return ClusterPlan.SlotOf(calls.Commands, HasSlots, out var slot)
            ? new RoutedCall<T>(this, slot, mayAskReplica: false, (link, isAsking) => CallsExtensions.Ask(link, isAsking ? calls.Asking() : calls)).ToAwaitable(calls.ToString())
            : Observable.Throw<T>(ClusterPlan.CrossSlot(calls)).ToAwaitable(calls.ToString());
    }

    public override Awaitable<T> Lease<T>(Bytes? key, Func<LeasedConnection, Task<T>> work) => WhenKnown(() =>
    {
        var link = key is { } some ? Maps.Map![KeySlot.Of(some.Span)] is { } shard ? Members.Primary(shard.Primary) : null : Members.Any(Maps.Map!);
        return link is null ? Observable.Throw<T>(Detour.Unserved()) : link.Leases.Use(work).Do(static _ => { }, error => HeedOf(link, error));
    }).ToAwaitable("a lease");

    public override TimeoutException Late(string what, TimeSpan limit) => Maps.Map is null
        ? new($"{what} was not sent to {Target} within {limit}: it is not known who has what. {Maps.Failure?.Message}", Maps.Failure)
        : new($"{what} got no reply from {Target} within {limit}: {Counts}. {Maps.Failure?.Message}", Maps.Failure);

    public override RedisLink[]? Places(RedisPlace where, Bytes name, RedisLink? now) => Maps.Map is not { } map ? null : where switch
    {
        RedisPlace.Any when now is not null && Members.Has(now) => [now],
        RedisPlace.All => [.. map.Owners.Select(shard => Members.Primary(shard.Primary))],
        _ => map[KeySlot.Of(name.Span)] is { } shard ? [Members.Primary(shard.Primary)] : null,
    };

    public override IDisposable WhenPlaced(Action next, Action<Exception> fail)
    {
        if (Maps.Map is null)
        {
            return Maps.Wait(next, fail);
        }

        Maps.Ask();
        return Hub.Schedule(Pause, next);
    }

    public override RedisLink? HolderOf(ReadOnlySpan<Bytes> keys)
    {
        var slot = keys.IsEmpty ? -1 : KeySlot.Of(keys[0].Span);
        foreach (var key in keys)
        {
            if (HasSlots && KeySlot.Of(key.Span) != slot)
            {
                return null;
            }
        }

        return slot >= 0 && Maps.Map?[slot] is { } shard ? Members.Primary(shard.Primary) : null;
    }

    public override bool Heed(RedisLink from, RedisErrorException no)
    {
        if (!Detour.IsOfPlace(no))
        {
            return false;
        }

        Maps.Ask();
        if (no.Code == "MOVED" && Redirect.Of(no, from.Server) is { To: { } to, Slot: var slot } && Maps.Map?.Move(slot, to) == true)
        {
            Members.Keep(to);
            HaveLeft([from.Server]);
            MovedSoon();
        }

        return true;
    }

    // Members tell of their own connections: what lives here asks now and then.
    public override void Listening(int more)
    {
        _listening += more;
        foreach (var member in Members.All)
        {
            member.Link.Listening(more);
        }
    }

    public override RedisTopology Another(RedisUse another) => new ClusterTopology(Target, Hub, another, _makeSource);

    public void Tell(ClientEvent what) => _events.Tell(what);

    public void Tell(ClientState state)
    {
        try
        {
            _state.OnNext(state);
        }
        catch (Exception thrown)
        {
            Hub.Report(thrown, $"an observer of {state}");
        }
    }

    /// <summary>A server has to be connected to anew: it says that it is itself whom one has to ask.</summary>
    public void Renew(RedisLink link)
    {
        if (Members.Forget(link) is { } old)
        {
            _moved.OnNext(Unit.Default);
            old.Dispose();
        }
    }

    /// <summary>One that is connected to listens as much as all do.</summary>
    public void Joined(RedisLink link)
    {
        if (_listening > 0)
        {
            link.Listening(_listening);
        }
    }

    /// <summary>Goes on, on the hub, when it is known who has what.</summary>
    public IObservable<T> WhenKnown<T>(Func<IObservable<T>> next) => Observable.Create<T>(observer =>
    {
        var current = new SerialDisposable();
        if (!Hub.Within(() => Ready(() => current.Disposable = next().Subscribe(observer), observer.OnError, current)))
        {
            observer.OnError(new ObjectDisposedException(nameof(Hub), "The hub was disposed: nothing more happens on it."));
        }

        return current;
    });

    /// <summary>Goes on when it is known who has what. The hub's thread only.</summary>
    public void Ready(Action next, Action<Exception> fail, SerialDisposable current)
    {
        if (_isDisposed)
        {
            fail(new ObjectDisposedException("RedisClient", "The client was disposed."));
        }
        else if (Maps.Map is not null)
        {
            next();
        }
        else
        {
            current.Disposable = Maps.Wait(next, fail);
        }
    }

    protected override void Close() => Hub.Within(() =>
    {
        _isDisposed = true;
        Maps.Dispose();
        _source.Dispose();
        Members.Dispose();
        _state.OnCompleted();
    });

    private static IObservable<T> Asking<T>(RedisLink link, RedisCommand<T> command) =>
        link.Stream(new PartCall([command], isAsking: true, command.MoreTime)).Select(replies => command.Parse(replies[0]));

    private Awaitable<T> Several<T>(IReadOnlyList<IRedisCommand> commands, TimeSpan moreTime, Func<RespValue[], T> read, string name, Attempts? attempts) =>
        WhenKnown(() => new ClusterParts(this, moreTime, attempts).Ask(commands).Select(read)).ToAwaitable(name);

    private Task<ClusterMap> Look() => _source.Read(
        Members.All.Where(static member => member.IsReady && !member.Link.IsReplica).Select(static member => member.Link),
        Maps.Map?.Shards.SelectMany(static shard => shard.Replicas.Prepend(shard.Primary)) ?? []);

    // Whoever listens is elsewhere before its link ends. What waits for a server that is not there may be another's by now.
    private void Took(ClusterMap map)
    {
        var left = _before is { } before ? map.LostSince(before) : [];
        _before = map;
        Members.Mark(map);
        HaveLeft(left);
        _moved.OnNext(Unit.Default);
        Members.Sweep();
        Array.ForEach(Members.Stranded(left), Renew);
    }

    // Whoever has a connection of his own repeats by himself, with another one then.
    private void HeedOf(RedisLink from, Exception error)
    {
        if (error is RedisErrorException no)
        {
            Heed(from, no);
        }
    }

    private void HaveLeft(IReadOnlyCollection<EndPoint> from)
    {
        foreach (var member in Members.All.Where(member => from.Contains(member.Link.Server)))
        {
            member.Link.Pushes.SlotsLeft();
        }
    }

    // Many slots that move are one move to those who listen.
    private void MovedSoon()
    {
        if (!_isMoving)
        {
            _isMoving = true;
            Hub.Post(_ =>
            {
                _isMoving = false;
                _moved.OnNext(Unit.Default);
            });
        }
    }
}
