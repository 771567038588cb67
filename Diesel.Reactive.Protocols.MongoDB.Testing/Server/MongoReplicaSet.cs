using System.Net;
using System.Reactive;
using System.Reactive.Linq;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>Servers of MongoDB that are a replica set, for tests: what one has written, all have at once.</summary>
/// <remarks>The first is primary, until another one is elected. Its members and <see cref="Elect"/> are for the hub it is started on.</remarks>
public sealed class MongoReplicaSet : IAsyncDisposable
{
    private readonly string _name;
    private readonly MongoService[] _members;
    private ObjectId _election = ObjectId.Empty;

    /// <summary>Makes a replica set.</summary>
    /// <param name="endPoints">Where its members listen: at least one, each with address and port.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="options">Who may log in, bounds; null for the defaults.</param>
    /// <param name="hub">Where it runs; null for the hub it is started on.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public MongoReplicaSet(IReadOnlyList<IPEndPoint> endPoints, string name = "rs", MongoServiceOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        ArgumentOutOfRangeException.ThrowIfZero(endPoints.Count, nameof(endPoints));
        var data = new ServiceData();
        _name = name;
        _members = [.. endPoints.Select(endPoint => new MongoService(endPoint, options ?? new(), hub, data))];
    }

    /// <summary>Its servers.</summary>
    public IReadOnlyList<MongoService> Members => _members;

    /// <summary>The one that is written to; null: none is.</summary>
    public MongoService? Primary { get; private set; }

    /// <summary>Starts all, and has the first elected.</summary>
    /// <param name="hub">Where they run; null for the current hub.</param>
    public void Start(Hub? hub = null)
    {
        Array.ForEach(_members, member => member.Start(hub));
        Elect(_members[0]);
    }

    /// <summary>Another one becomes primary: who waits to hear of it is told, and the one before takes no more writes.</summary>
    /// <param name="primary">One of the members; null: none is primary from now on.</param>
    public void Elect(MongoService? primary)
    {
        Primary = primary;
        _election = ObjectId.GenerateNewId();
        foreach (var member in _members)
        {
            member.Say(Said(member));
        }
    }

    /// <summary>Stops all.</summary>
    /// <returns>When they have ended.</returns>
    public Awaitable<Unit> Stop() => Awaitable.All(_members.Select(static member => member.Stop())).Select(static _ => Unit.Default).ToAwaitable("the end of a replica set");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }
    }

    private BsonDocument Said(MongoService member) => new()
    {
        { "setName", _name }, { "setVersion", 1 }, { "ismaster", member == Primary }, { "secondary", member != Primary }, { "me", $"{member.EndPoint}" },
        { "hosts", new BsonArray(_members.Select(static each => $"{each.EndPoint}")) }, { "primary", () => $"{Primary!.EndPoint}", Primary is not null },
        { "electionId", () => _election, member == Primary },
    };
}
