using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A Redis cluster on the virtual network: slots that move, primaries that die, replicas that take their place. What is stored is one for all: who may
/// answer for a key is what the servers know.</summary>
internal sealed class ClusterFake : IDisposable
{
    private const string Host = "10.0.0.1";
    private const int FirstPort = 7001;

    private readonly World _world;
    private readonly RedisFakeData _data;
    private readonly HashSet<int> _failed = [];
    private readonly Dictionary<int, int> _risen = [];

    /// <param name="world">Where it lives.</param>
    /// <param name="shards">How many primaries; each has a replica, 100 ports above it.</param>
    public ClusterFake(World world, int shards = 3)
    {
        _world = world;
        var first = new RedisFake(world, FirstPort);
        _data = first.Data;
        for (var i = 0; i < shards; i++)
        {
            Add(FirstPort + i, i == 0 ? first : new RedisFake(world, FirstPort + i, _data), null);
            Add(FirstPort + i + 100, new RedisFake(world, FirstPort + i + 100, _data), FirstPort + i);
        }

        for (var slot = 0; slot < Owner.Length; slot++)
        {
            Owner[slot] = FirstPort + (slot * shards / Owner.Length);
        }
    }

    /// <summary>The servers that live, by port.</summary>
    public SortedDictionary<int, RedisFake> Nodes { get; } = [];

    /// <summary>Whose replica a server is.</summary>
    public Dictionary<int, int> PrimaryOf { get; } = [];

    /// <summary>The port of a slot's primary.</summary>
    public int[] Owner { get; } = new int[16384];

    /// <summary>Slots on their way, to which port, and which of their keys are there already.</summary>
    public Dictionary<int, (int To, HashSet<Bytes> Gone)> Moving { get; } = [];

    /// <summary>Whether no key is served.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether it is one that knows only SLOTS.</summary>
    public bool IsOld { get; init; }

    public RedisFakeData Data => _data;

    /// <summary>How often the map was asked for.</summary>
    public int Asked => Nodes.Values.Sum(node => node.Heard.Count(command => command.StartsWith("CLUSTER", StringComparison.Ordinal)));

    public RedisFake this[int port] => Nodes[port];

    public static int SlotOf(Bytes key) => KeySlot.Of(key.Span);

    /// <summary>A client that is given two of the servers.</summary>
    public RedisClient Client(RedisOptions? options = null) => new($"redis://{Host}:7001,{Host}:7002", options, _world.Hub);

    public RedisSubHub Hub(RedisOptions? options = null) => new($"redis://{Host}:7001,{Host}:7002", options, _world.Hub);

    /// <summary>A key in a slot of this primary.</summary>
    public string KeyAt(int port, int number = 0) =>
        Enumerable.Range(0, 100_000).Select(i => $"k{i}").Where(key => Owner[SlotOf(key)] == port).ElementAt(number);

    /// <summary>The primary of a key.</summary>
    public RedisFake Of(Bytes key) => Nodes[Owner[SlotOf(key)]];

    /// <summary>What came to a server, without what the client says of its own.</summary>
    public string Heard(int port) => string.Join(", ", Nodes[port].Heard.Where(command => !command.StartsWith("HELLO", StringComparison.Ordinal) && !command.StartsWith("CLUSTER", StringComparison.Ordinal)));

    /// <summary>A slot is another's from now on.</summary>
    public void Moves(int slot, int to)
    {
        var from = Nodes[Owner[slot]];
        Owner[slot] = to;
        Moving.Remove(slot);
        _world.Do(() =>
        {
            foreach (var session in from.Sessions.ToArray())
            {
                foreach (var shard in session.Subscribed.Where(name => name.StartsWith("s:", StringComparison.Ordinal) && SlotOf(name[2..]) == slot).ToArray())
                {
                    session.Unsubscribes(shard[2..]);
                }
            }
        });
    }

    /// <summary>A server is gone, at once.</summary>
    public void Dies(int port) => _world.Do(() =>
    {
        var node = Nodes[port];
        Nodes.Remove(port);
        node.Abort();
        node.Dispose();
    });

    /// <summary>A replica takes its primary's place.</summary>
    public void Rises(int replica)
    {
        var old = PrimaryOf[replica];
        PrimaryOf.Remove(replica);
        _failed.Add(old);
        _risen[old] = replica;
        for (var slot = 0; slot < Owner.Length; slot++)
        {
            Owner[slot] = Owner[slot] == old ? replica : Owner[slot];
        }
    }

    /// <summary>A server that died is back, as the replica of the one that has taken its place.</summary>
    public void Returns(int port)
    {
        var taken = _risen[port];
        _failed.Remove(port);
        Add(port, new RedisFake(_world, port, _data), taken);
    }

    public void Dispose()
    {
        foreach (var node in Nodes.Values)
        {
            node.Dispose();
        }
    }

    private static string Place(int port) => $"{Host}:{port}";

    private static Bytes[] KeysOf(string name, Bytes[] words) => name switch
    {
        "GET" or "SET" or "INCR" or "BLPOP" or "SPUBLISH" or "SSUBSCRIBE" => [words[1]],
        "MGET" or "DEL" or "EXISTS" or "SUNION" => words[1..],
        "MSET" => [.. words[1..].Where((_, i) => i % 2 == 0)],
        "EVAL" or "EVALSHA" or "FCALL" => words[3..(3 + (int)words[2].ToInt64())],
        _ => [],
    };

    private static RespValue Bulk(string text) => Resp.Bulk(text);

    private void Add(int port, RedisFake node, int? primary)
    {
        Nodes.Add(port, node);
        node.Answers = (session, words) => Answer(port, session, words);
        if (primary is { } of)
        {
            PrimaryOf.Add(port, of);
        }
    }

    private RespValue? Answer(int port, RedisFakeSession session, Bytes[] words)
    {
        var name = words[0].ToText().ToUpperInvariant();
        var isAsking = session.Marks.Remove("asking");
        switch (name)
        {
            case "ASKING" or "READONLY":
                session.Marks.Add(name.ToLowerInvariant());
                return Resp.Simple("OK");
            case "MULTI":
                session.Marks.Remove("dirty");
                session.Marks.UnionWith(isAsking ? ["multi", "all asking"] : ["multi"]);
                return null;
            case "EXEC" when session.Marks.Contains("dirty"):
                session.Discard();
                session.Marks.ExceptWith(["multi", "dirty", "all asking"]);
                return Resp.Error("EXECABORT Transaction discarded because of previous errors.");
            case "EXEC":
                session.Marks.ExceptWith(["multi", "all asking"]);
                return null;
            case "CLUSTER" when IsOld && words[1] == "SHARDS":
                return Resp.Error("ERR unknown subcommand 'SHARDS'. Try CLUSTER HELP.");
            case "CLUSTER":
                return words[1] == "SHARDS" ? Shards() : Slots();
            case "DBSIZE":
                return Resp.Integer(Mine(port).Count());
            case "KEYS":
                return Resp.Array([.. Mine(port).Select(key => Resp.Bulk(key))]);
            case "SCAN":
                return Scan(port, (int)words[1].ToInt64());
            case "CLIENT" when words[1] == "ID":
                return Resp.Integer(port);
            case "SCRIPT" or "CONFIG":
                return Resp.Simple("OK");
            default:
                var refused = Refuses(port, session, name, words, isAsking || session.Marks.Contains("all asking"));
                if (refused is not null && session.Marks.Contains("multi"))
                {
                    session.Marks.Add("dirty");
                }

                return refused ?? More(name, words);
        }
    }

    private RespValue? Refuses(int port, RedisFakeSession session, string name, Bytes[] words, bool isAsking)
    {
        var keys = KeysOf(name, words);
        if (keys.Length == 0)
        {
            return null;
        }

        var slot = SlotOf(keys[0]);
        var owner = Owner[slot];
        var reads = name is "GET" or "MGET" && session.Marks.Contains("readonly") && PrimaryOf.GetValueOrDefault(port) == owner;
        if (Array.Exists(keys, key => SlotOf(key) != slot))
        {
            return Resp.Error("CROSSSLOT Keys in request don't hash to the same slot");
        }

        if (IsDown)
        {
            return Resp.Error("CLUSTERDOWN The cluster is down");
        }

        var isComing = Moving.TryGetValue(slot, out var move) && move.To == port && isAsking;
        if (port != owner && !reads && !isComing)
        {
            return Resp.Error($"MOVED {slot} {Place(owner)}");
        }

        if (Moving.ContainsKey(slot) && name != "SSUBSCRIBE")
        {
            var here = keys.Count(key => _data.Get(key) is not null && move.Gone.Contains(key) == isComing);
            return here == keys.Length ? null
                : isComing ? keys.Length > 1 ? Resp.Error("TRYAGAIN Multiple keys request during rehashing of slot") : null
                : here == 0 ? Resp.Error($"ASK {slot} {Place(move.To)}")
                : Resp.Error("TRYAGAIN Multiple keys request during rehashing of slot");
        }

        return null;
    }

    // What is written at a server to which a slot comes is there.
    private RespValue? More(string name, Bytes[] words)
    {
        switch (name)
        {
            case "SET" or "INCR" when Moving.TryGetValue(SlotOf(words[1]), out var move):
                move.Gone.Add(words[1]);
                return null;
            case "MSET":
                for (var i = 1; i + 1 < words.Length; i += 2)
                {
                    _data.Set(words[i], words[i + 1]);
                }

                return Resp.Simple("OK");
            case "EXISTS":
                return Resp.Integer(words[1..].Count(key => _data.Get(key) is not null));
            case "EVALSHA":
                return Resp.Error("NOSCRIPT No matching script. Please use EVAL.");
            default:
                return null;
        }
    }

    private IEnumerable<Bytes> Mine(int port) => _data.Keys.Where(key => Owner[SlotOf(key)] == port).Order();

    private RespValue Scan(int port, int from)
    {
        Bytes[] mine = [.. Mine(port)];
        return Resp.Array(Bulk(from + 2 < mine.Length ? $"{from + 2}" : "0"), Resp.Array([.. mine.Skip(from).Take(2).Select(key => Resp.Bulk(key))]));
    }

    private IEnumerable<(int Primary, (int First, int Last)[] Ranges)> Known() => Owner
        .Select((owner, slot) => (owner, slot)).GroupBy(one => one.owner)
        .Select(group => (group.Key, group.Select((one, i) => (one.slot, run: one.slot - i)).GroupBy(one => one.run).Select(run => (run.First().slot, run.Last().slot)).ToArray()));

    // One that has failed is a shard by itself, which has nothing.
    private RespValue Shards() => Resp.Array(
    [
        .. _failed.Select(port => Resp.Map((Bulk("slots"), Resp.Array()), (Bulk("nodes"), Resp.Array(Node(port, "master", "fail"))))),
        .. Known().Select(shard => Resp.Map(
            (Bulk("slots"), Resp.Array([.. shard.Ranges.SelectMany(range => new[] { Resp.Integer(range.First), Resp.Integer(range.Last) })])),
            (Bulk("nodes"), Resp.Array([.. ReplicasOf(shard.Primary).Select(port => Node(port, "replica")).Prepend(Node(shard.Primary, "master"))])))),
    ]);

    private static RespValue Node(int port, string role, string health = "online") => Resp.Map(
        (Bulk("id"), Bulk($"{port}")), (Bulk("port"), Resp.Integer(port)), (Bulk("ip"), Bulk(Host)), (Bulk("endpoint"), Bulk(Host)), (Bulk("role"), Bulk(role)), (Bulk("health"), Bulk(health)));

    private RespValue Slots() => Resp.Array([.. Known().SelectMany(shard => shard.Ranges.Select(range => Resp.Array(
        [Resp.Integer(range.First), Resp.Integer(range.Last), .. ReplicasOf(shard.Primary).Prepend(shard.Primary).Select(port => Resp.Array(Bulk(Host), Resp.Integer(port), Bulk($"{port}"), Resp.Array()))])))]);

    private IEnumerable<int> ReplicasOf(int primary) => PrimaryOf.Where(one => one.Value == primary && Nodes.ContainsKey(one.Key)).Select(one => one.Key);
}
