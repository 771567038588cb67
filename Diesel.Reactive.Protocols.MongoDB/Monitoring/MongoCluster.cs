using System.Net;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>All servers of a client: what they are to one another, and who waits for one of them.</summary>
/// <remarks>The hub's thread only, but for what is said to be for any.</remarks>
internal sealed class MongoCluster : IMonitored, IDisposable
{
    private readonly ServerTable _servers;
    private readonly List<ServerWait> _waiting = [];
    private readonly BehaviorSubject<MongoTopology> _changes;
    private readonly ServerSeeds _seeds;
    private readonly Random _random;
    private MongoServer? _writable;
    private bool _hasBegun;
    private bool _isDisposed;

    public MongoCluster(MongoConnectionString connectionString, Hub hub)
    {
        (Hub, Options, Said) = (hub, connectionString.Options, connectionString.Topology);
        Events = new(hub);
        _servers = new(this, NotReady, Events, hub);
        _changes = new(MongoTopology.Of(connectionString.Servers, Said));
        _seeds = new(connectionString, this);
        _random = new Random(unchecked((int)hub.Now.Ticks));
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
    public IObservable<MongoTopology> Changes => _changes.ObserveOn(Hub);

    public bool IsWanted => _waiting.Count > 0;

    /// <summary>Whether there is a balancer: nobody knows which server a connection leads to.</summary>
    public bool IsBalanced => Topology.Kind == MongoTopologyKind.LoadBalanced;

    public PoolCounts Counts => _servers.Counts;

    /// <summary>Looks for a server at once.</summary>
    /// <returns>Null: none suits now.</returns>
    /// <exception cref="ArgumentException">What is wanted cannot be told.</exception>
    /// <exception cref="ConnectionException">A server speaks nothing that is spoken here.</exception>
    public MongoServer? Pick(ReadPreference? preference, EndPoint? pinned = null, IReadOnlyCollection<EndPoint>? shunned = null)
    {
        if (!_hasBegun)
        {
            return null;
        }

        if (pinned is not null)
        {
            return _servers.Find(pinned) is { Description.Kind: not MongoServerKind.Unknown } only ? only : null;
        }

        // Where nearly all go: nothing is looked for.
        if (_writable is not null && preference is null or { Mode: ReadMode.Primary } && shunned is null or { Count: 0 })
        {
            return _writable;
        }

        if (Topology.Trouble is { } trouble)
        {
            throw new ConnectionException(trouble, Topology.All[0].Server);
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
        if (_isDisposed)
        {
            throw Gone();
        }

        Begin();
        _waiting.Add(wait);
        foreach (var server in _servers.All)
        {
            server.Monitor?.Want();
        }

        Serve(wait);
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

    /// <summary>A call has found out that a server is not what it was. One that numbers what it says of itself tells its monitor as well; of another one the monitor asks.</summary>
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
                if (version is null)
                {
                    server.Monitor?.BreakOff();
                }
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

    void IMonitored.Said(MongoServerDescription said) => Take(said, said.Kind == MongoServerKind.Unknown && _servers.Find(said.Server) is { } server ? server.Pool.Generation : null);

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
            wait.Failed(Gone());
        }

        _waiting.Clear();
        _writable = null;
        _servers.Dispose();
        _changes.OnCompleted();
    }

    private void Begin()
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        _servers.Take(Topology, Options, Said);
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

        if (clears is { } generation && _servers.Find(said.Server) is { } server)
        {
            server.Pool.Clear(said.Error!, generation, interrupt: said.Error is TimeoutException);
        }

        Become(after, said.Server);
    }

    private void Become(MongoTopology after, EndPoint source)
    {
        var before = Topology;
        var isNews = !IsSame(before, after);
        _servers.Take(after, Options, Said);
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
        _writable = writable is null ? null : _servers.Find(writable.Server);
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
        catch (Exception error) when (error is ArgumentException or ConnectionException)
        {
            _waiting.Remove(wait);
            wait.Failed(error);
        }
    }

    // A connection that ends before it is ready is how a server with too much to do says so; whether it is well, its monitor knows.
    private void NotReady(EndPoint endPoint, Exception error, int generation)
    {
        if (error is not (ConnectionException or TimeoutException or EndOfStreamException) && _servers.Find(endPoint) is { } server && generation == server.Pool.Generation && server.Monitor is not null)
        {
            Take(MongoServerDescription.Lost(endPoint, error), generation);
            server.Monitor.BreakOff();
        }
    }

    private static ObjectDisposedException Gone() => new("MongoClient");

    private static MongoServer LessLoaded(MongoServer one, MongoServer other) => other.Load < one.Load ? other : one;

    private static bool IsSame(MongoTopology before, MongoTopology after) => before.Kind == after.Kind && before.SetName == after.SetName && before.All.Length == after.All.Length
        && before.All.Zip(after.All).All(static pair => pair.First.Server.Equals(pair.Second.Server) && pair.First.Kind == pair.Second.Kind && pair.First.Error?.Message == pair.Second.Error?.Message
            && pair.First.Members.SequenceEqual(pair.Second.Members) && pair.First.Tags.SequenceEqual(pair.Second.Tags));
}
