using System.Buffers;
using System.Collections.Concurrent;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Sees the calls of a client before they are sent. Called on the hub.</summary>
internal interface ISeesCalls
{
    void Sending(Call<RespValue> call);
}

/// <summary>A server and the connection to it, with all that lives by that connection.</summary>
internal sealed class RedisLink : ICalls<RespValue>, IDisposable
{
    private readonly ConcurrentDictionary<Type, Lazy<IDisposable>> _parts = [];
    private readonly ClientLink<RespValue> _link;
    private readonly RedisDialect _dialect;
    private int _listening;
    private Loop? _asking;

    /// <exception cref="NotSupportedException">It asks for Sentinel or a cluster.</exception>
    public RedisLink(RedisConnectionString target, Hub hub, RedisUse use = RedisUse.Commands)
    {
        if (target.Service is not null || target.Servers.Count > 1)
        {
            throw new NotSupportedException($"{target}: Sentinel and clusters are not supported yet.");
        }

        (Target, Use) = (target, use);
        _dialect = new RedisDialect(target.Servers[0], target.Options, Pushes, use);
        _link = new ClientLink<RespValue>(_dialect, _dialect.Pipelining, hub);
        Site = new CallSite(
            "redis", _dialect.Server, $"{target.Options.Database}", static error => error switch
            {
                RedisErrorException no => no.Code,
                RedisBatchException { InnerException: RedisErrorException no } => no.Code,
                _ => null,
            },
            hub.TimeProvider);
        PipelineGauges.Add(this, Site, () => Counts);
    }

    public RedisConnectionString Target { get; }

    public Hub Hub => _link.Hub;

    public IObservable<ClientEvent> Events => _link.Events;

    public IObservable<ClientState> State => _link.State;

    public PipelineCounts Counts => _link.Counts;

    public RedisUse Use { get; }

    /// <summary>Where it goes, for whoever measures.</summary>
    public CallSite Site { get; }

    /// <summary>Whether the server tells of changes to what was read.</summary>
    public bool IsTracked => _dialect.IsTracked;

    /// <summary>What the connection speaks; null: there was none.</summary>
    public RespVersion? Version => _dialect.Version;

    public RedisPushes Pushes { get; } = new();

    /// <summary>Sees every call before it is sent.</summary>
    public ISeesCalls? Sees { get; set; }

    /// <summary>Connections for one caller each; nothing is told of those here.</summary>
    public RedisLeases Leases => Part(static link => new RedisLeases(
        new RedisDialect(link._dialect.Server, link.Target.Options, new RedisPushes(), RedisUse.Commands), link._dialect.Pipelining, link.Target.Options.MaxLeases, link, link.WhyNotLent));

    /// <summary>What lives by this connection and is made when it is needed first.</summary>
    public T Part<T>(Func<RedisLink, T> make)
        where T : class, IDisposable =>
        (T)_parts.GetOrAdd(typeof(T), static (_, made) => new Lazy<IDisposable>(() => made.make(made.link)), (make, link: this)).Value;

    public IDisposable Send(Call<RespValue> call)
    {
        if (Sees is { } sees)
        {
            Tell(sees, call);
        }

        return _link.Send(call);
    }

    public TimeoutException Late(string what, TimeSpan limit) => _link.Late(what, limit);

    /// <summary>Whoever listens is told when the server is not there any more: it is asked now and then. The hub's thread only.</summary>
    /// <param name="more">One more listens, or one less.</param>
    public void Listening(int more)
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

    public void Dispose()
    {
        foreach (var part in _parts.Values)
        {
            part.Value.Dispose();
        }

        _link.Dispose();
        PipelineGauges.Remove(this);
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
