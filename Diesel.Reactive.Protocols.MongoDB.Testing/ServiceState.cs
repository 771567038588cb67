using System.Collections.Concurrent;
using MongoDB.Bson;

namespace Diesel.Reactive.Protocols.MongoDB.Testing;

/// <summary>What all connections of a service share.</summary>
internal sealed class ServiceState(MongoServiceOptions options)
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<BsonDocument, BsonDocument?>>> _expected = new();
    private int _connections;

    public MongoServiceOptions Options => options;

    public MongoStore Store { get; } = new();

    public ServiceCursors Cursors { get; } = new();

    public ServiceUsers Users { get; } = new(options.Users);

    public int NextConnection() => ++_connections;

    public void Expect(string command, Func<BsonDocument, BsonDocument?> answer) => _expected.GetOrAdd(command, static _ => new()).Enqueue(answer);

    /// <summary>Who answers a command in place of the service; null: nobody.</summary>
    public Func<BsonDocument, BsonDocument?>? Expected(string command) => _expected.TryGetValue(command, out var queue) && queue.TryDequeue(out var answer) ? answer : null;
}
