using System.Net;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.MongoDB;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using MongoDB.Bson;

namespace Diesel.Reactive.Tests;

/// <summary>A client and a replica set of three in memory, on the virtual network in virtual time.</summary>
internal sealed class MongoSetPlay : IDisposable
{
    private static readonly HashSet<string> Own = ["isMaster", "hello", "saslStart", "saslContinue", "endSessions"];

    private readonly List<IDisposable> _ends = [];

    public MongoSetPlay(string more = "", MongoServiceOptions? service = null)
    {
        Set = new([.. Enumerable.Range(27017, 3).Select(static port => new IPEndPoint(World.Here, port))], options: service, hub: World.Hub);
        World.Do(() => Set.Start(World.Hub));
        for (var i = 0; i < 3; i++)
        {
            var number = i;
            Set.Members[i].Commands.Subscribe(command =>
            {
                if (!Own.Contains(command.GetElement(0).Name))
                {
                    Heard.Add((number, command));
                }
            });
        }

        Client = Dials(more);
    }

    public World World { get; } = new();

    public MongoReplicaSet Set { get; }

    public MongoClient Client { get; }

    public MongoCollection<BsonDocument> Test => Client["db"]["test"];

    /// <summary>Which member heard what, without greetings and log-in.</summary>
    public List<(int Member, BsonDocument Command)> Heard { get; } = [];

    public string Names => string.Join(' ', Heard.Select(static each => $"{each.Member}:{each.Command.GetElement(0).Name}"));

    public List<ClientEvent> Events { get; } = [];

    public static void Run(Func<MongoSetPlay, Task> loop, string more = "", MongoServiceOptions? service = null)
    {
        using var play = new MongoSetPlay(more, service);
        play.World.Play(async () =>
        {
            using (play)
            {
                await loop(play);
            }
        });
    }

    public MongoClient Dials(string more = "")
    {
        var client = new MongoClient($"mongodb://{World.Here}:27017,{World.Here}:27018/?replicaSet=rs{more}", hub: World.Hub);
        _ends.Add(client);
        _ends.Add(client.Events.Subscribe(Events.Add));
        return client;
    }

    public void Dispose()
    {
        _ends.ForEach(static end => end.Dispose());
        _ends.Clear();
        Set.Stop().Subscribe();
    }
}
