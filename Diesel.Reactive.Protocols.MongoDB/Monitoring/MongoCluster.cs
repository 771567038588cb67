using System.Net;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>All servers of a client: what they are to one another, and who waits for one of them.</summary>
/// <remarks>The hub's thread only, but for what is said to be for any.</remarks>
internal sealed class MongoCluster : IMonitored, IDisposable
{
    private readonly Dictionary<EndPoint, MongoServer> _servers = [];
    private readonly List<ServerWait> _waiting = [];
    private readonly BehaviorSubject<MongoTopology> _changes;
    private readonly ServerSeeds _seeds;
    private readonly MongoLogIn _logIn;
    private readonly Random _random;
    private MongoServer? _writable;
    private bool _hasBegun;
    private bool _isDisposed;

    public MongoCluster(MongoConnectionString connectionString, Hub hub)
    {
        (Hub, Options, Said) = (hub, connectionString.Options, connectionString.Topology);
        (Events, _logIn) = (new(hub), new MongoLogIn(Options, hub));
        _changes = new(MongoTopology.Of(connectionString.Servers, Said));
        _seeds = new(connectionString, this);
        _random = hub.TimeProvider == TimeProvider.System ? Random.Shared : new Random(0);
        Sessions = new(() => hub.TimeProvider.GetElapsedTime(0), () => Topology.SessionTimeout);
    }

    public Hub Hub { get; }

    public MongoOptions Options { get; private set; }

    /// <summary>What the connection string says of the servers.</summary>
    public MongoTopologyOptions Said { get; private set; }

    public ClientEvents Events { get; }

    public ServerSessions Sessions { get; }

    public ClusterClock Clock { get; } = new();

    /// <summary>What is known now. Any thread.</summary>
    public MongoTopology Topology => _changes.Value;

    /// <summary>What is known, and what becomes of it. Any thread.</summary>
    public IObservable<MongoTopology> Changes => _changes;

    public bool IsWanted => _waiting.Count > 0;

    public PoolCounts Counts => _servers.Values.Aggregate(default(PoolCounts), static (sum, server) => server.Pool.Counts is var counts ? new(
        sum.Max + counts.Max, sum.Lent + counts.Lent, sum.Idle + counts.Idle, sum.Pending + counts.Pending, sum.Waiting + counts.Waiting, sum.Created + counts.Created,
        sum.Closed + counts.Closed, sum.Failed + counts.Failed, sum.TimedOut + counts.TimedOut) : default);

    /// <summary>Looks for a server at once.</summary>
    /// <returns>Null: none suits now.</returns>
    /// <exception cref="ArgumentException">What is wanted cannot be told.</exception>
    public MongoServer? Pick(ReadPreference? preference, EndPoint? pinned = null, IReadOnlyCollection<EndPoint>? shunned = null)
    {
        if (pinned is not null)
        {
            return _servers.TryGetValue(pinned, out var only) && only.Description.Kind != MongoServerKind.Unknown ? only : null;
        }

        // Where nearly all go: nothing is looked for.
        if (_writable is not null && preference is null or { Mode: ReadMode.Primary } && shunned is null or { Count: 0 })
        {
            return _writable;
        }

        if (Topology.Trouble is not null)
        {
            return null;
        }

        var candidates = ServerSelection.Candidates(Topology, preference, Said, shunned);
        return candidates.Length switch
        {
            0 => null,
            1 => _servers[candidates[0].Server],
            var count => LessLoaded(_servers[candidates[_random.Next(count)].Server], _servers[candidates[_random.Next(count)].Server]),
        };
    }

    /// <summary>Waits for a server; what asks servers how they are hurries.</summary>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public void Wait(ServerWait wait)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(MongoClient));
        Begin();
        _waiting.Add(wait);
        foreach (var server in _servers.Values)
        {
            server.Monitor?.Want();
        }

        Serve(wait);
    }

    /// <summary>What a server said of itself that one writes to.</summary>
    /// <param name="limit">How long that may take.</param>
    public async Task<MongoHello> Greeted(TimeSpan limit)
    {
        var wait = new HelloWait(this);
        MongoServer server;
        try
        {
            server = Pick(null) ?? await wait.Found().Timeout(limit, Hub);
        }
        finally
        {
            Leave(wait);
        }

        if (server.Description.Hello is { } hello)
        {
            return hello;
        }

        using var lease = await server.Pool.Borrow().Timeout(limit, Hub);
        return lease.Value.Hello;
    }

    /// <summary>From 0 to below 1.</summary>
    public double Draw() => _random.NextDouble();

    public void Leave(ServerWait wait) => _waiting.Remove(wait);

    /// <summary>The servers that a name has.</summary>
    public void Seeded(IReadOnlyCollection<EndPoint> servers, MongoOptions options, MongoTopologyOptions said)
    {
        var before = Topology;
        (Options, Said) = (options, said);
        Become(before.All.IsEmpty ? MongoTopology.Of(servers, said) : before.WithServers(servers), before.All.IsEmpty ? servers.First() : before.All[0].Server);
    }

    /// <summary>The servers of a name are not to be known.</summary>
    public void SeedsFailed(Exception error)
    {
        foreach (var wait in _waiting.ToArray())
        {
            _waiting.Remove(wait);
            wait.Failed(error);
        }
    }

    /// <summary>A call has found out that a server is not what it was.</summary>
    /// <param name="server">Which.</param>
    /// <param name="error">What it said, or how its connection ended.</param>
    /// <param name="connection">Where; its generation tells whether that is news.</param>
    public void Failed(MongoServer server, Exception error, MongoConnection connection)
    {
        var service = connection.Hello.Service;
        if (error is MongoErrorException said)
        {
            var version = TopologyVersion.Of(said.Reply);
            if (service is null && connection.Generation == server.Pool.Generation && !TopologyVersion.IsOld(server.Description.Version, version))
            {
                Take(MongoServerDescription.Lost(server.EndPoint, error, version), MongoStateChange.ClearsPool(said.Code) ? connection.Generation : null);
                server.Monitor?.Want();
            }
        }
        else if (service is { } behind)
        {
            server.Pool.Clear(error, behind, connection.Generation);
        }
        else if (connection.Generation == server.Pool.Generation)
        {
            Take(MongoServerDescription.Lost(server.EndPoint, error), connection.Generation);
            server.Monitor?.BreakOff();
        }
    }

    void IMonitored.Said(MongoServerDescription said) => Take(said, said.Kind == MongoServerKind.Unknown && _servers.TryGetValue(said.Server, out var server) ? server.Pool.Generation : null);

    void IMonitored.Heartbeat(EndPoint server, TimeSpan took, Exception? error) => Events.Tell(new MongoHeartbeat(server, took, error));

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _seeds.Dispose();
        foreach (var wait in _waiting.ToArray())
        {
            wait.Failed(new ObjectDisposedException(nameof(MongoClient)));
        }

        _waiting.Clear();
        _writable = null;
        foreach (var server in _servers.Values)
        {
            server.Dispose();
        }

        _changes.OnCompleted();
    }

    private void Begin()
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        foreach (var known in Topology.All)
        {
            Add(known);
        }

        Look();
        _seeds.Begin();
    }

    // What a server is decides what becomes of the connections to it, before anybody who waits is told.
    private void Take(MongoServerDescription said, int? clears)
    {
        if (_isDisposed || Topology.Find(said.Server) is null)
        {
            return;
        }

        var (before, after) = (Topology, Topology.With(said));
        if (ReferenceEquals(before, after))
        {
            return;
        }

        if (clears is { } generation && _servers.TryGetValue(said.Server, out var server))
        {
            server.Pool.Clear(said.Error!, generation, interrupt: said.Error is TimeoutException);
        }

        Become(after, said.Server);
    }

    private void Become(MongoTopology after, EndPoint source)
    {
        var before = Topology;
        var isNews = !IsSame(before, after);
        foreach (var gone in _servers.Keys.Where(known => after.Find(known) is null).ToArray())
        {
            _servers.Remove(gone, out var server);
            server!.Dispose();
        }

        foreach (var known in after.All)
        {
            var server = _servers.GetValueOrDefault(known.Server) ?? Add(known);
            server.Description = known;
            if (known.HasData || (known.Kind != MongoServerKind.Unknown && after.Kind == MongoTopologyKind.Single))
            {
                server.Pool.Ready();
            }
        }

        _changes.OnNext(after);
        Look();
        if (isNews)
        {
            Events.Tell(new MongoTopologyChanged(source, before, after));
            _seeds.Changed(after);
        }

        foreach (var wait in _waiting.ToArray())
        {
            Serve(wait);
        }
    }

    private void Look()
    {
        var writable = Topology.Trouble is null && Topology.All.Count(static server => server.IsWritable) == 1 && Topology.Kind is not (MongoTopologyKind.Unknown or MongoTopologyKind.Sharded)
            ? Topology.All.First(static server => server.IsWritable)
            : null;
        _writable = writable is null ? null : _servers.GetValueOrDefault(writable.Server);
    }

    private void Serve(ServerWait wait)
    {
        try
        {
            if (Pick(wait.Preference, wait.Pinned, wait.Shunned) is { } server && _waiting.Remove(wait))
            {
                wait.Found(server);
            }
        }
        catch (ArgumentException error)
        {
            _waiting.Remove(wait);
            wait.Failed(error);
        }
    }

    private MongoServer Add(MongoServerDescription known)
    {
        var endPoint = known.Server;
        var isBalancer = known.Kind == MongoServerKind.Balancer;
        var dial = new MongoDial(endPoint, Options, _logIn, Events, Hub, isBalancer);
        var pool = new MongoPool(endPoint, Options, dial, Events, (error, generation) => NotReady(endPoint, error, generation), Hub);
        var server = new MongoServer(known, pool, isBalancer ? null : new MongoMonitor(endPoint, Options, Said, this, Hub));
        _servers.Add(endPoint, server);
        if (isBalancer)
        {
            pool.Ready();
        }

        server.Monitor?.Begin();
        return server;
    }

    // A connection that ends before it is ready is how a server with too much to do says so; whether it is well, its monitor knows.
    private void NotReady(EndPoint endPoint, Exception error, int generation)
    {
        if (error is not (ConnectionException or TimeoutException or EndOfStreamException) && _servers.TryGetValue(endPoint, out var server) && generation == server.Pool.Generation && server.Monitor is not null)
        {
            Take(MongoServerDescription.Lost(endPoint, error), generation);
            server.Monitor.Want();
        }
    }

    private static MongoServer LessLoaded(MongoServer one, MongoServer other) => other.Load < one.Load ? other : one;

    private static bool IsSame(MongoTopology before, MongoTopology after) => before.Kind == after.Kind && before.SetName == after.SetName && before.All.Length == after.All.Length
        && before.All.Zip(after.All).All(static pair => pair.First.Server.Equals(pair.Second.Server) && pair.First.Kind == pair.Second.Kind && pair.First.Error?.Message == pair.Second.Error?.Message
            && pair.First.Members.SequenceEqual(pair.Second.Members) && pair.First.Tags.SequenceEqual(pair.Second.Tags));

    private sealed class HelloWait(MongoCluster cluster) : ServerWait
    {
        private readonly AwaitableSource<MongoServer> _found = new("a server that is written to");

        public override ReadPreference? Preference => null;

        public override EndPoint? Pinned => null;

        public override IReadOnlyCollection<EndPoint> Shunned => [];

        public Awaitable<MongoServer> Found()
        {
            cluster.Wait(this);
            return _found;
        }

        public override void Found(MongoServer server) => _found.TrySetResult(server);

        public override void Failed(Exception error) => _found.TrySetException(error);
    }
}
