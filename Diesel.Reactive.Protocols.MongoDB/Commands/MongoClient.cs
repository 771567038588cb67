using System.Reactive;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A server of MongoDB, over as many connections as calls are under way.</summary>
/// <remarks>
/// <para>It connects when the first command needs it. A connection has one call at a time, as the protocol wants it; one whose call was given up is closed,
/// and never used again. What is asked for first is served first.</para>
/// <para>One server: of several hosts, of a replica set by its name, of <c>mongodb+srv</c> and of a balancer it says that it does not know them.</para>
/// <para>Members may be called from any thread. Idea: diesel's <c>MongoClient</c>.</para>
/// </remarks>
public sealed class MongoClient : IDisposable
{
    private readonly MongoPool _pool;
    private readonly MongoEvents _events;
    private readonly MongoCallOptions _options;
    private readonly bool _isShared;

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">See <see cref="MongoConnectionString"/>.</param>
    /// <param name="options">What the string does not say; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException">The string is none.</exception>
    /// <exception cref="NotSupportedException">It means something else than one server.</exception>
    public MongoClient(string connectionString = "mongodb://localhost", MongoOptions? options = null, Hub? hub = null)
        : this(MongoConnectionString.Parse(connectionString, options), hub)
    {
    }

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">Where to connect to, and as whom.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connectionString"/> is null.</exception>
    /// <exception cref="NotSupportedException">It means something else than one server.</exception>
    public MongoClient(MongoConnectionString connectionString, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        if (connectionString.Servers.Count != 1 || connectionString.Topology is { ReplicaSet: not null } or { IsLoadBalanced: true })
        {
            throw new NotSupportedException($"{connectionString} means several servers, a replica set or a balancer, and this client talks to one server.");
        }

        var on = hub ?? Hub.Current ?? Hub.Default;
        var options = connectionString.Options;
        _events = new(on);
        _pool = new(connectionString.Servers[0], options, new MongoLogIn(options, on), _events, on);
        _options = MongoCallOptions.Of(options);
    }

    private MongoClient(MongoClient other, MongoCallOptions options) => (_pool, _events, _options, _isShared) = (other._pool, other._events, options, true);

    /// <summary>Where it runs.</summary>
    public Hub Hub => _pool.Hub;

    /// <summary>What happens to its connections, for a log; never ends, never fails.</summary>
    public IObservable<ClientEvent> Events => _events;

    /// <summary>The numbers of its connections now.</summary>
    public PoolCounts Counts => _pool.Counts;

    /// <summary>A database, which need not be there yet.</summary>
    /// <param name="name">Its name.</param>
    public MongoDatabase this[string name] => GetDatabase(name);

    /// <summary>The same connections with other options for the calls.</summary>
    /// <param name="change">Changes them.</param>
    /// <returns>A client whose disposal leaves the connections open.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    public MongoClient With(Func<MongoCallOptions, MongoCallOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(this, change(_options));
    }

    /// <summary>A database, which need not be there yet.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A door to it.</returns>
    /// <exception cref="ArgumentException">No database may be called that.</exception>
    public MongoDatabase GetDatabase(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return !name.AsSpan().ContainsAny(MongoUriParser.NotInDatabases) ? new(new(_pool, name, _options)) : throw new ArgumentException($"No database is called '{name}'.", nameof(name));
    }

    /// <summary>Removes a database with all it has.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>When it is gone.</returns>
    public Awaitable<Unit> DropDatabase(string name) => GetDatabase(name).Drop();

    /// <summary>The databases.</summary>
    /// <returns>As the server describes them: <c>name</c>, <c>sizeOnDisk</c>, <c>empty</c>.</returns>
    public Awaitable<IReadOnlyList<BsonDocument>> ListDatabases()
    {
        var target = new MongoTarget(_pool, "admin", _options);
        return target.Ask(target.Read("listDatabases", null, BsonOutput.Rent().Add("listDatabases", 1).Take(), static reply =>
            (IReadOnlyList<BsonDocument>)[.. reply["databases"u8].ToBsonValue().AsBsonArray.Select(static each => each.AsBsonDocument)]));
    }

    /// <summary>Closes the connections, when what is in flight was answered. Calls that wait get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            _pool.Hub.Post(static pool => ((MongoPool)pool!).Dispose(), _pool);
        }
    }
}
