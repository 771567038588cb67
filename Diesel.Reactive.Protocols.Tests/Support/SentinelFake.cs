using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Servers and the Sentinels that watch them, on the virtual network. The data is one for all.</summary>
internal sealed class SentinelFake : IDisposable
{
    private const string Host = "10.0.0.1";

    private readonly World _world;

    public SentinelFake(World world, int sentinels = 3)
    {
        _world = world;
        var first = new RedisFake(world, 7001);
        foreach (var port in new[] { 7001, 7002, 7003 })
        {
            var node = port == 7001 ? first : new RedisFake(world, port, first.Data);
            node.Answers = (_, words) => AnswerServer(port, words);
            Servers.Add(port, node);
        }

        for (var i = 0; i < sentinels; i++)
        {
            var sentinel = new RedisFake(world, 26379 + i);
            sentinel.Answers = (_, words) => AnswerSentinel(words);
            Sentinels.Add(sentinel);
        }
    }

    public SortedDictionary<int, RedisFake> Servers { get; } = [];

    public List<RedisFake> Sentinels { get; } = [];

    /// <summary>Who the primary is by the Sentinels' word.</summary>
    public int Primary { get; set; } = 7001;

    /// <summary>Who takes itself for a primary.</summary>
    public HashSet<int> Masters { get; } = [7001];

    public RedisClient Client(RedisOptions? options = null, string service = "main") =>
        new($"redis+sentinel://{Host}:26379,{Host}:26380,{Host}:26381/{service}", options, _world.Hub);

    /// <summary>There is another primary; and the old one does not know, as yet.</summary>
    public void Switches(int to, bool isTold = true)
    {
        var from = Primary;
        Primary = to;
        Masters.Add(to);
        if (isTold)
        {
            Sentinels.ForEach(sentinel => sentinel.Publishes("+switch-master", $"main {Host} {from} {Host} {to}"));
        }
    }

    public string Heard(int port) =>
        string.Join(", ", Servers[port].Heard.Where(command => command.Split(' ')[0] is not ("HELLO" or "ROLE")));

    public void Dispose()
    {
        foreach (var node in Servers.Values.Concat(Sentinels))
        {
            node.Dispose();
        }
    }

    private static RespValue Bulk(string text) => Resp.Bulk(text);

    private RespValue? AnswerServer(int port, Bytes[] words) => words[0].ToText() switch
    {
        "ROLE" => Resp.Array(Bulk(Masters.Contains(port) ? "master" : "slave"), Resp.Integer(0)),
        "SET" or "INCR" when !Masters.Contains(port) => Resp.Error("READONLY You can't write against a read only replica."),
        _ => null,
    };

    private RespValue? AnswerSentinel(Bytes[] words) => words switch
    {
        [var sentinel, var what, var service] when sentinel == "SENTINEL" && service != "main" => what == "REPLICAS" ? Resp.Error("ERR No such master with that name") : Resp.Null,
        [var sentinel, var what, _] when sentinel == "SENTINEL" => what == "REPLICAS"
            ? Resp.Array([.. Servers.Keys.Where(port => port != Primary).Select(port => Resp.Map((Bulk("ip"), Bulk(Host)), (Bulk("port"), Bulk($"{port}")), (Bulk("flags"), Bulk("slave"))))])
            : Resp.Array(Bulk(Host), Bulk($"{Primary}")),
        [var other, ..] when other.ToText() is "GET" or "SET" or "INCR" => Resp.Error("ERR unknown command"),
        _ => null,
    };
}
