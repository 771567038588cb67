using System.Buffers;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A Redis server on the virtual network that knows subscriptions, tracking and expiry.</summary>
internal sealed class RedisFake : IDisposable
{
    private readonly World _world;
    private readonly TcpService _service;
    private readonly Dictionary<string, Bytes> _scripts = [];

    /// <param name="world">Where it lives.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="data">What it stores together with others; null: its own.</param>
    public RedisFake(World world, int port = 6379, RedisFakeData? data = null)
    {
        _world = world;
        Data = data ?? new RedisFakeData(world, this);
        data?.Servers.Add(this);
        _service = world.Starts(new TcpService(port, Serve, hub: world.Hub));
    }

    /// <summary>What it stores.</summary>
    public RedisFakeData Data { get; }

    /// <summary>The connections that are open, the oldest first.</summary>
    public List<RedisFakeSession> Sessions { get; } = [];

    /// <summary>How many connections there were.</summary>
    public int Dials { get; private set; }

    /// <summary>The commands that came, from all connections.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>What is refused, with the error to say; null: nothing.</summary>
    public Func<string, string?> Refuses { get; set; } = static _ => null;

    /// <summary>What <see cref="Answers"/> gives where nothing is to be said, now.</summary>
    public static RespValue Nothing { get; } = Resp.Simple("nothing");

    /// <summary>Answers in its place; null: it answers itself.</summary>
    public Func<RedisFakeSession, Bytes[], RespValue?>? Answers { get; set; }

    /// <summary>How long a reply of a connection is on its way, the next behind it; null: no time.</summary>
    public Func<RedisFakeSession, TimeSpan>? Delays { get; set; }

    /// <summary>Whether it reads and says nothing.</summary>
    public bool IsSilent { get; set; }

    /// <summary>A client of it.</summary>
    public RedisClient Client(RedisOptions? options = null) => new("redis://10.0.0.1", options, _world.Hub);

    /// <summary>A hub of it.</summary>
    public RedisSubHub Hub(RedisOptions? options = null) => new("redis://10.0.0.1", options, _world.Hub);

    /// <summary>Publishes; how many have got it.</summary>
    public int Publish(string channel, Bytes payload, bool toShard = false) => Sessions.ToArray().Sum(session => session.Publish(channel, payload, toShard));

    /// <summary>As <see cref="Publish"/>, in a turn.</summary>
    public int Publishes(string channel, Bytes payload, bool toShard = false) => _world.Do(() => Publish(channel, payload, toShard));

    /// <summary>Ends all connections with a reset.</summary>
    public void Resets() => _world.Do(Abort);

    /// <summary>As <see cref="Resets"/>, within a turn.</summary>
    public void Abort() => Sessions.ToList().ForEach(session => session.Connection.Abort());

    public void Dispose() => _service.DisposeAsync();

    private IObservable<ReadOnlyMemory<byte>> Serve(Connection connection)
    {
        Dials++;
        var session = new RedisFakeSession(this, connection);
        Sessions.Add(session);
        connection.Closed.Register(() =>
        {
            Sessions.Remove(session);
            Data.Forget(session);
        });
        var replies = connection.Decode(new RespFraming()).Select(session.Answer).Where(reply => !reply.IsEmpty);
        return Delays is { } delays ? replies.Select(reply => Observable.Return(reply).Delay(delays(session), _world.Hub)).Concat() : replies;
    }

    /// <summary>A command with the script itself, where it was run before.</summary>
    public Bytes[] Known(Bytes[] words)
    {
        if (words[0] == "EVAL")
        {
            _scripts[Script.Of(words[1].ToText()).Sha1] = words[1].ToArray();
        }

        return words[0] == "EVALSHA" && _scripts.TryGetValue(words[1].ToText(), out var script) ? ["EVAL", script, .. words[2..]] : words;
    }
}

/// <summary>One connection, as the fake server sees it.</summary>
internal sealed class RedisFakeSession(RedisFake server, Connection connection)
{
    private static readonly string[] Letters = ["", "p", "s"];

    private RespVersion _version = RespVersion.Resp2;
    private List<Bytes[]>? _queued;

    public Connection Connection => connection;

    /// <summary>What it is subscribed to: <c>news</c>, patterns as <c>p:news*</c>, shards as <c>s:news</c>.</summary>
    public SortedSet<string> Subscribed { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether keys that it reads are remembered: all, those that others change, only after CACHING, or none as prefixes say it.</summary>
    public string Tracking { get; private set; } = "OFF";

    public List<string> Prefixes { get; } = [];

    /// <summary>What a cluster knows of it: whether it is asking, reads from replicas, has begun a transaction that cannot be carried out.</summary>
    public HashSet<string> Marks { get; } = [];

    private bool Caches { get; set; }

    public ReadOnlyMemory<byte> Answer(RespValue command)
    {
        var words = server.Known([.. command.Items.Select(word => word.ToBytes())]);
        var text = string.Join(' ', words.Select(word => word.ToText()));
        server.Heard.Add(text);
        if (server.IsSilent)
        {
            return default;
        }

        var caches = Caches;
        Caches = false;
        var output = new ArrayBufferWriter<byte>();
        server.Data.Asking = this;
        foreach (var reply in server.Refuses(text) is { } no ? [Resp.Error(no)] : server.Answers?.Invoke(this, words) is { } answer ? [answer] : Replies(words, Tracking is "ON" or "NOLOOP" || (Tracking is "OPTIN" && caches)))
        {
            RespCodec.Write(output, reply, _version);
        }

        server.Data.Asking = null;
        server.Data.TellPending();
        return output.WrittenSpan.SequenceEqual("+nothing\r\n"u8) ? default(ReadOnlyMemory<byte>) : output.WrittenMemory;
    }

    /// <summary>Sends what nobody asked for, behind what was sent.</summary>
    public void Push(params RespValue[] items)
    {
        var output = new ArrayBufferWriter<byte>();
        RespCodec.Write(output, Resp.Push(items), _version);
        connection.OnNext(output.WrittenMemory);
    }

    public int Publish(string channel, Bytes payload, bool toShard)
    {
        var count = 0;
        foreach (var name in Subscribed)
        {
            if (name == (toShard ? $"s:{channel}" : channel))
            {
                Push(Resp.Bulk(toShard ? "smessage" : "message"), Resp.Bulk(channel), Resp.Bulk(payload));
                count++;
            }
            else if (!toShard && name.StartsWith("p:", StringComparison.Ordinal) && Matches(name[2..], channel))
            {
                Push(Resp.Bulk("pmessage"), Resp.Bulk(name[2..]), Resp.Bulk(channel), Resp.Bulk(payload));
                count++;
            }
        }

        return count;
    }

    /// <summary>What was queued is not carried out.</summary>
    public void Discard() => _queued = null;

    /// <summary>A shard's slot has gone elsewhere.</summary>
    public void Unsubscribes(string shard)
    {
        Subscribed.Remove($"s:{shard}");
        Push(Resp.Bulk("sunsubscribe"), Resp.Bulk(shard), Resp.Integer(Subscribed.Count));
    }

    private static bool Matches(string pattern, string channel) =>
        pattern.EndsWith('*') ? channel.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == channel;

    private RespValue[] Replies(Bytes[] words, bool tracks)
    {
        var name = words[0].ToText().ToUpperInvariant();
        foreach (var letter in Letters)
        {
            var begins = name.Equals($"{letter}SUBSCRIBE", StringComparison.OrdinalIgnoreCase);
            if (begins || name.Equals($"{letter}UNSUBSCRIBE", StringComparison.OrdinalIgnoreCase))
            {
                return [.. Subscribe(letter, words[1..], begins)];
            }
        }

        return [name switch
        {
            "MULTI" => Queue(null),
            "EXEC" => Execute(tracks),
            _ when _queued is not null => Queue(words),
            _ => Reply(name, words, tracks),
        }];
    }

    private RespValue Queue(Bytes[]? words)
    {
        if (words is null)
        {
            _queued = [];
            return Resp.Simple("OK");
        }

        _queued!.Add(words);
        return Resp.Simple("QUEUED");
    }

    private RespValue Execute(bool tracks)
    {
        var queued = _queued!;
        _queued = null;
        return Resp.Array([.. queued.Select(words => Reply(words[0].ToText().ToUpperInvariant(), words, tracks))]);
    }

    private IEnumerable<RespValue> Subscribe(string letter, Bytes[] names, bool begins)
    {
        foreach (var name in names)
        {
            var own = letter.Length == 0 ? name.ToText() : $"{letter}:{name}";
            _ = begins ? Subscribed.Add(own) : Subscribed.Remove(own);
            yield return Resp.Push(Resp.Bulk($"{letter}{(begins ? "" : "un")}subscribe"), Resp.Bulk(name), Resp.Integer(Subscribed.Count));
        }
    }

    private RespValue Reply(string name, Bytes[] words, bool tracks) => name switch
    {
        "HELLO" => Hello(),
        "PING" when _version == RespVersion.Resp2 && Subscribed.Count > 0 => Resp.Array(Resp.Bulk("pong"), Resp.Bulk("")),
        "PING" => Resp.Simple("PONG"),
        "SELECT" => Resp.Simple("OK"),
        "CLIENT" => Client([.. words[1..].Select(word => word.ToText())]),
        "PUBLISH" or "SPUBLISH" => Resp.Integer(server.Publish(words[1].ToText(), words[2], name == "SPUBLISH")),
        _ when _version == RespVersion.Resp2 && Subscribed.Count > 0 => Resp.Error($"ERR Can't execute '{words[0]}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context"),
        _ => server.Data.Reply(this, name, words, tracks),
    };

    private RespValue Hello()
    {
        _version = RespVersion.Resp3;
        return Resp.Map((Resp.Bulk("proto"), Resp.Integer(3)));
    }

    private RespValue Client(string[] words)
    {
        if (words is ["CACHING", "YES"])
        {
            Caches = true;
        }
        else if (words is ["TRACKING", "ON", .. var more])
        {
            Tracking = more is [] ? "ON" : more[0];
            Prefixes.AddRange(more.Skip(1).Where(word => word != "PREFIX"));
        }

        return Resp.Simple("OK");
    }
}
