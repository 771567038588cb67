using System.Net;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>A client and a server in memory, on the virtual network in virtual time.</summary>
internal sealed class MongoPlay : IDisposable
{
    private readonly List<IDisposable> _ends = [];

    public MongoPlay(string more = "", MongoServiceOptions? service = null)
    {
        Service = World.Starts(new MongoService(new IPEndPoint(World.Here, 27017), service, World.Hub));
        Service.Commands.Subscribe(Heard.Add);
        Client = Dials(more);
    }

    public World World { get; } = new();

    public MongoService Service { get; }

    public MongoClient Client { get; }

    public MongoCollection<BsonDocument> Test => Client["db"]["test"];

    /// <summary>The commands that came, greetings and log-in too.</summary>
    public List<BsonDocument> Heard { get; } = [];

    /// <summary>The names of the commands that came, without greetings and log-in.</summary>
    public string Names => string.Join(' ', Heard.Select(static each => each.GetElement(0).Name).Where(static name => name is not ("isMaster" or "saslStart" or "saslContinue")));

    /// <summary>What happened to connections.</summary>
    public List<ClientEvent> Events { get; } = [];

    public string EventNames => string.Join(' ', Events.Select(static each => each.GetType().Name.Replace("Mongo", "")));

    public static void Run(Func<MongoPlay, Task> loop, string more = "", MongoServiceOptions? service = null)
    {
        using var play = new MongoPlay(more, service);
        play.World.Play(async () =>
        {
            await loop(play);
            play.Dispose();
        });
    }

    /// <summary>Another client.</summary>
    /// <param name="more">What stands behind the host: <c>/?maxPoolSize=1</c>; with a user before it.</param>
    public MongoClient Dials(string more = "")
    {
        var at = more.IndexOf('@', StringComparison.Ordinal);
        var client = new MongoClient($"mongodb://{more[..(at + 1)]}{World.Here}{more[(at + 1)..]}", hub: World.Hub);
        _ends.Add(client);
        _ends.Add(client.Events.Subscribe(Events.Add));
        return client;
    }

    public static async Task<Exception> ErrorOf<T>(Awaitable<T> call) => await Failure(call) ?? throw new AssertionException($"{call} has not failed.");

    /// <summary>Why a call failed; null: it did not.</summary>
    public static async Task<Exception?> Failure<T>(Awaitable<T> call)
    {
        try
        {
            await call;
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    public void Dispose()
    {
        _ends.ForEach(static end => end.Dispose());
        _ends.Clear();
        Service.Stop().Subscribe();
    }
}
