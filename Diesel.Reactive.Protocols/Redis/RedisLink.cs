using System.Buffers;
using System.Net;
using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Sees the calls of a client before they are sent. Called on the hub.</summary>
internal interface ISeesCalls
{
    void Sending(Call<RespValue> call);
}

/// <summary>A server and the connection to it, with all that lives by that connection.</summary>
internal sealed class RedisLink : RedisTopology, ICalls<RespValue>
{
    private readonly Lazy<RedisLeases> _leases;
    private readonly ClientLink<RespValue> _link;
    private readonly RedisDialect _dialect;
    private Connection? _connection;
    private int _listening;
    private Loop? _asking;

    /// <param name="target">As whom; and where to, if nothing else is said.</param>
    /// <param name="hub">Where it runs.</param>
    /// <param name="use">What the connection is for.</param>
    /// <param name="server">Where to, of several; null: there is one.</param>
    /// <param name="role">What the server has to be.</param>
    public RedisLink(RedisConnectionString target, Hub hub, RedisUse use = RedisUse.Commands, EndPoint? server = null, RedisRole role = RedisRole.Alone)
        : base(target, hub, use)
    {
        Role = role;
        _dialect = new RedisDialect(server ?? target.Servers[0], target.Options, Pushes, use, role) { Began = connection => _connection = connection };
        _link = new ClientLink<RespValue>(_dialect, _dialect.Pipelining, hub) { Created = time => Published!.Created(time) };
        _leases = new(() => new RedisLeases(new RedisDialect(Server, Target.Options, new RedisPushes(), RedisUse.Commands, role), Target.Options.MaxLeases, this, WhyNotLent));
        Site = SiteOf(target, Server, hub);
        PipelineGauges.Add(this, Site, () => Counts);
        Published = ClientTelemetry.Pools.Watch(Site.Pool, () => Connected);
    }

    public EndPoint Server => _dialect.Server;

    /// <summary>What the server has to be.</summary>
    public RedisRole Role { get; }

    /// <summary>Whether it is only read from.</summary>
    public bool IsReplica => Role is RedisRole.Replica or RedisRole.Follower;

    /// <summary>Whether somebody listens over it.</summary>
    public bool IsListened => _listening > 0;

    public override IObservable<ClientEvent> Events => _link.Events;

    public override IObservable<ClientState> State => _link.State;

    public override PipelineCounts Counts => _link.Counts;

    public override CallSite Site { get; }

    public override bool IsTracked => _dialect.IsTracked;

    public override IObservable<Unit> Moved => Observable.Never<Unit>();

    /// <summary>What the connection speaks; null: there was none.</summary>
    public RespVersion? Version => _dialect.Version;

    /// <summary>Called now and then while somebody listens.</summary>
    public Action? Looks { get; init; }

    /// <summary>Sees every call before it is sent.</summary>
    public ISeesCalls? Sees { get; set; }

    /// <summary>Connections for one caller each; nothing is told of those here.</summary>
    public RedisLeases Leases => _leases.Value;

    public override IObservable<LeasedConnection> Connections => Leases.Connection;

    /// <summary>Its connections, as they are published.</summary>
    public DatabasePool Published { get; }

    // The one that all share, and those for one caller each.
    private PoolCounts Connected
    {
        get
        {
            var (lent, isUsed) = (_leases.IsValueCreated ? Leases.Counts : default, Counts.InFlight > 0);
            return lent with
            {
                Idle = lent.Idle + (_link.IsConnected && !isUsed ? 1 : 0),
                Lent = lent.Lent + (_link.IsConnected && isUsed ? 1 : 0),
                Max = Target.Options.MaxLeases + 1,
            };
        }
    }

    public static CallSite SiteOf(RedisConnectionString target, EndPoint server, Hub hub) => new(
        "redis", server, $"{target.Options.Database}", static error => error switch
        {
            RedisErrorException no => no.Code,
            RedisBatchException { InnerException: RedisErrorException no } => no.Code,
            _ => null,
        },
        hub.TimeProvider);

    public IDisposable Send(Call<RespValue> call)
    {
        if (Sees is { } sees)
        {
            Tell(sees, call);
        }

        return _link.Send(call);
    }

    public override Awaitable<T> Ask<T>(RedisCommand<T> command) => CallsExtensions.Ask(this, command);

    public override Awaitable<T> AskAlone<T>(RedisCommand<T> command) => new BlockedCall<T>(Leases, command).ToAwaitable(command.Name);

    public override Awaitable<T> Send<T>(RedisCalls<T> calls) => CallsExtensions.Ask(this, calls);

    public override Awaitable<T> Lease<T>(Bytes? key, Func<LeasedConnection, Task<T>> work) => Leases.Use(work);

    public override TimeoutException Late(string what, TimeSpan limit) => _link.Late(what, limit);

    public override RedisLink[]? Places(RedisPlace where, Bytes name, RedisLink? now) => [this];

    public override IDisposable WhenPlaced(Action next, Action<Exception> fail) => Disposable.Empty;

    public override RedisLink? HolderOf(ReadOnlySpan<Bytes> keys) => this;

    public override bool Heed(RedisLink from, RedisErrorException no) => false;

    public override RedisTopology Another(RedisUse another) => new RedisLink(Target, Hub, another, Server, Role);

    /// <summary>Ends the connection at once: what is in flight is not waited for. The hub's thread only.</summary>
    public void Drop()
    {
        Dispose();
        _connection?.Abort();
        if (_leases.IsValueCreated)
        {
            Leases.Abort();
        }
    }

    public override void Listening(int more)
    {
        _listening += more;
        if (_listening > 0 && _asking is null && Target.Options.PingInterval != Timeout.InfiniteTimeSpan)
        {
            _asking = Hub.Fork(Ask, $"asking whether {_dialect.Server} is there");
        }
        else if (_listening == 0)
        {
            _asking?.Dispose();
            _asking = null;
        }
    }

    protected override void Close()
    {
        if (_leases.IsValueCreated)
        {
            Leases.Dispose();
        }

        _link.Dispose();
        PipelineGauges.Remove(this);
        Published.Dispose();
        Hub.Post(_ => _asking?.Dispose());
    }

    // Who is lent nothing because there is no server wants to know that.
    private Exception WhyNotLent(Exception error) => error is PoolTimeoutException late && !_link.IsConnected ? Late("A connection for one caller", late.Timeout) : error;

    private void Tell(ISeesCalls sees, Call<RespValue> call)
    {
        if (Hub.IsCurrent)
        {
            sees.Sending(call);
        }
        else
        {
            Hub.Post(_ => sees.Sending(call));
        }
    }

    private async Task Ask()
    {
        while (true)
        {
            await Hub.Sleep(Target.Options.PingInterval);
            Looks?.Invoke();
            if (Counts.LastRead is { } ago && 2 * ago >= Target.Options.PingInterval)
            {
                _link.Send(new PingCall());
            }
        }
    }

    // Its reply says that the server is there; without one, the connection is given up.
    private sealed class PingCall : Call<RespValue>
    {
        public override string ToString() => "PING";

        protected override void Write(IBufferWriter<byte> output) => output.Write("*1\r\n$4\r\nPING\r\n"u8);

        protected override bool Take(RespValue reply) => true;

        protected override void Fail(Exception error)
        {
        }
    }
}
