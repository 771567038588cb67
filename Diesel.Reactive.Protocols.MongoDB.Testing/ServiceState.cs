using System.Collections.Concurrent;
using System.Reactive;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>What all connections of a service share.</summary>
internal sealed class ServiceState(MongoServiceOptions options, ServiceData data)
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Scripted>> _expected = new();
    private readonly ObjectId _process = ObjectId.GenerateNewId();
    private AwaitableSource<Unit> _changed = new("a change of what the service says of itself");
    private long _counter;
    private int _connections;

    public MongoServiceOptions Options => options;

    public ServiceData Data => data;

    public MongoStore Store => data.Store;

    public ServiceCursors Cursors { get; private init; } = new();

    public ServiceUsers Users { get; private init; } = new(options.Users);

    /// <summary>What it says of itself, over what it says otherwise.</summary>
    public BsonDocument Said { get; private set; } = [];

    /// <summary>Told when that becomes something else.</summary>
    public Awaitable<Unit> Changed => _changed;

    /// <summary>Has cursors told that wait for what is written.</summary>
    public void Watch() => data.Store.Log.Grown += Cursors.Grow;

    public BsonDocument TopologyVersion => new() { { "processId", _process }, { "counter", _counter } };

    /// <summary>Whether it is a member of a replica set that is not written to.</summary>
    public bool IsSecondary => Said.GetValue("secondary", false).ToBoolean();

    public int NextConnection() => ++_connections;

    /// <summary>On the service's hub.</summary>
    public void Say(BsonDocument more)
    {
        Said = more;
        _counter++;
        var before = _changed;
        _changed = new("a change of what the service says of itself");
        before.TrySetResult(Unit.Default);
    }

    public void Expect(string command, Scripted answer) => _expected.GetOrAdd(command, static _ => new()).Enqueue(answer);

    /// <summary>Who answers a command in place of the service; null: nobody.</summary>
    public Scripted? Expected(string command) => _expected.TryGetValue(command, out var queue) && queue.TryDequeue(out var answer) ? answer : null;
}

/// <summary>What a test wants of a command.</summary>
/// <param name="Answer">Makes the reply; null as its result: the connection is reset.</param>
/// <param name="IsCarried">Whether the service carries it out before, and the answer is of no account but for being null.</param>
/// <param name="IsHeld">Whether it is not answered.</param>
internal sealed record Scripted(Func<BsonDocument, BsonDocument?> Answer, bool IsCarried = false, bool IsHeld = false);
