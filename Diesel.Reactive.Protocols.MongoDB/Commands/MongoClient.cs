using System.Reactive;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>MongoDB: one server, a replica set, routers of a cluster, over as many connections as calls are under way.</summary>
/// <remarks>
/// <para>It connects when the first command needs it. A connection has one call at a time, as the protocol wants it; one whose call was given up is closed,
/// and never used again. What is asked for first is served first.</para>
/// <para>Which servers there are, and what they are, is asked of them again and again, on connections of their own (<see cref="Topology"/>). A call goes to one that
/// suits it, and waits within its time until there is one.</para>
/// <para>Members may be called from any thread. Idea: diesel's <c>MongoClient</c>.</para>
/// </remarks>
public sealed class MongoClient : IDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly MongoCluster _cluster;
    private readonly MongoCallOptions _options;
    private readonly bool _isShared;

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">See <see cref="MongoConnectionString"/>.</param>
    /// <param name="options">What the string does not say; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentException">The string is none.</exception>
    public MongoClient(string connectionString = "mongodb://localhost", MongoOptions? options = null, Hub? hub = null)
        : this(MongoConnectionString.Parse(connectionString, options), hub)
    {
    }

    /// <summary>Prepares a client; nothing is dialled yet.</summary>
    /// <param name="connectionString">Where to connect to, and as whom.</param>
    /// <param name="hub">Where it runs; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connectionString"/> is null.</exception>
    public MongoClient(MongoConnectionString connectionString, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        _cluster = new(connectionString, hub ?? Hub.Current ?? Hub.Default);
        _options = MongoCallOptions.Of(connectionString.Options, connectionString.Topology);
    }

    private MongoClient(MongoClient other, MongoCallOptions options) => (_cluster, _options, _isShared) = (other._cluster, options, true);

    /// <summary>Where it runs.</summary>
    public Hub Hub => _cluster.Hub;

    /// <summary>What happens to its servers and connections, for a log; never ends, never fails.</summary>
    public IObservable<ClientEvent> Events => _cluster.Events;

    /// <summary>What is known of its servers, and what becomes of it.</summary>
    /// <remarks>Each subscription is told what is known now, then each change, on the hub; completes when the client is disposed. What servers say without a change is
    /// told as well: how far away they are.</remarks>
    public IObservable<MongoTopology> Topology => _cluster.Changes;

    /// <summary>The numbers of its connections now.</summary>
    public PoolCounts Counts => _cluster.Counts;

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
        return !name.AsSpan().ContainsAny(MongoUriParser.NotInDatabases) ? new(new(_cluster, name, _options)) : throw new ArgumentException($"No database is called '{name}'.", nameof(name));
    }

    /// <summary>Removes a database with all it has.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>When it is gone.</returns>
    public Awaitable<Unit> DropDatabase(string name) => GetDatabase(name).Drop();

    /// <summary>The databases.</summary>
    /// <returns>As the server describes them: <c>name</c>, <c>sizeOnDisk</c>, <c>empty</c>.</returns>
    public Awaitable<IReadOnlyList<BsonDocument>> ListDatabases()
    {
        var target = new MongoTarget(_cluster, "admin", _options);
        return target.Ask(target.Read("listDatabases", null, BsonOutput.Rent().Add("listDatabases", 1).Take(), static reply =>
            (IReadOnlyList<BsonDocument>)[.. reply["databases"u8].ToBsonValue().AsBsonArray.Select(static each => each.AsBsonDocument)], hasConcern: false));
    }

    /// <summary>What is written to any database from now on.</summary>
    /// <param name="stages">What is done with changes before they are told; none: all are.</param>
    /// <returns>Cold.</returns>
    public MongoWatch<BsonDocument> Watch(params IEnumerable<object> stages) => new(new(_cluster, "admin", _options), new(null, MongoDocument.Pipeline(stages)) { IsAll = true });

    /// <summary>Begins a session: what is read with it is at least as new as what was read or written with it before, and it may have transactions.</summary>
    /// <param name="options">What holds of it; null for the defaults.</param>
    /// <returns>One whose commands are sent one after another; dispose it.</returns>
    public MongoSession StartSession(MongoSessionOptions? options = null) => new(_cluster, _options, options ?? new());

    /// <summary>Does something whole or not at all.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="work">What is done, by commands of the session it is given; does it anew when the transaction has failed for a reason of the moment.</param>
    /// <param name="options">What holds of the transaction; null for the defaults.</param>
    /// <returns>Cold: each <c>await</c> does it. What the work gives, when all of it is written.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="work"/> is null.</exception>
    /// <remarks>What the work throws gives the transaction up. It is done anew for at most two minutes. Source: the driver specifications' <c>transactions-convenient-api</c>.</remarks>
    public Awaitable<T> WithTransaction<T>(Func<MongoSession, Task<T>> work, MongoTransactionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new MongoTarget(_cluster, "admin", _options).Do("a transaction", async () =>
        {
            using var session = StartSession();
            return await session.Run(work, options);
        });
    }

    /// <summary>Closes the connections, when what is in flight was answered. Calls that wait get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            _cluster.Hub.Post(static client => ((MongoClient)client!).DisposeHere(), this);
        }
    }

    // Servers keep sessions for half an hour unless they are told; nobody waits for that.
    private void DisposeHere()
    {
        foreach (var sessions in _cluster.Sessions.TakeAll())
        {
            if (_cluster.Pick(ReadPreference.PrimaryPreferred) is { Pool.Counts.Idle: > 0 })
            {
                var target = new MongoTarget(_cluster, "admin", _options with { Session = null, Timeout = Farewell });
                target.Ask(target.Command("endSessions", BsonOutput.Rent().Add("endSessions", sessions).Take(), static _ => true) with { IsAnswered = false }).Subscribe(static _ => { }, static _ => { });
            }
        }

        _cluster.Dispose();
    }
}
