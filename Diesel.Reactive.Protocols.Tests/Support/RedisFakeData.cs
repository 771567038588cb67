using System.Reactive.Concurrency;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What a <see cref="RedisFake"/> stores, who has read it, and who is told that it changed.</summary>
internal sealed class RedisFakeData(World world, RedisFake server)
{
    private readonly Dictionary<Bytes, (Bytes Value, DateTimeOffset? Expiry)> _data = [];
    private readonly Dictionary<Bytes, HashSet<RedisFakeSession>> _readers = [];
    private readonly List<(RedisFakeSession Session, Bytes? Key)> _pending = [];
    private readonly Dictionary<Bytes, List<(string Token, TimeSpan Expiry, string Channel)>> _lines = [];
    private readonly Dictionary<Bytes, Dictionary<string, DateTimeOffset>> _holders = [];
    private List<RedisFake>? _servers;
    private RedisFakeFunctions? _functions;

    /// <summary>Whether changes are told: not, to see what a client does without.</summary>
    public bool Tells { get; set; } = true;

    /// <summary>Whose command is carried out.</summary>
    public RedisFakeSession? Asking { get; set; }

    /// <summary>Those that store it together.</summary>
    public List<RedisFake> Servers => _servers ??= [server];

    public DateTimeOffset Now => world.Hub.Now;

    /// <summary>What it was given to run.</summary>
    public RedisFakeFunctions Functions => _functions ??= new(world, server);

    /// <summary>Who waits for a lock.</summary>
    public List<(string Token, TimeSpan Expiry, string Channel)> LineOf(Bytes key)
    {
        if (!_lines.TryGetValue(key, out var line))
        {
            _lines.Add(key.ToArray(), line = []);
        }

        return line;
    }

    /// <summary>Who holds a semaphore, and until when.</summary>
    public Dictionary<string, DateTimeOffset> HoldersOf(Bytes key)
    {
        if (!_holders.TryGetValue(key, out var holders))
        {
            _holders.Add(key.ToArray(), holders = []);
        }

        return holders;
    }

    /// <summary>Tells whoever listens to a channel of a shard; how many have got it.</summary>
    public int TellShard(string channel, Bytes payload) => Servers.Sum(one => one.Publish(channel, payload, toShard: true));

    /// <summary>Changes a value, as another client would.</summary>
    public void Set(Bytes key, Bytes? value, TimeSpan? expiry = null)
    {
        Store(key, value, expiry);
        TellPending();
    }

    /// <summary>All there is.</summary>
    public IEnumerable<Bytes> Keys => _data.Keys;

    public Bytes? Get(Bytes key)
    {
        if (_data.TryGetValue(key, out var found) && found.Expiry <= world.Hub.Now)
        {
            Store(key, null, null);
            return null;
        }

        return _data.TryGetValue(key, out found) ? found.Value : default(Bytes?);
    }

    public void Forget(RedisFakeSession session)
    {
        foreach (var readers in _readers.Values)
        {
            readers.Remove(session);
        }
    }

    /// <summary>What changed is told behind the reply to the command that changed it.</summary>
    public void TellPending()
    {
        if (_pending.Count > 0)
        {
            (RedisFakeSession Session, Bytes? Key)[] all = [.. _pending];
            _pending.Clear();
            world.Hub.Post(_ => Array.ForEach(all, one => one.Session.Push(Resp.Bulk("invalidate"), one.Key is { } key ? Resp.Array(Resp.Bulk(key)) : Resp.Null)));
        }
    }

    public RespValue Reply(RedisFakeSession session, string name, Bytes[] words, bool tracks)
    {
        if (tracks)
        {
            foreach (var key in Read(name, words))
            {
                Remember(session, key);
            }
        }

        return name switch
        {
            "GET" => Bulk(Get(words[1])),
            "MGET" => Resp.Array([.. words[1..].Select(key => Bulk(Get(key)))]),
            "SET" => Set(words),
            "DEL" => Resp.Integer(words[1..].Count(key => Store(key, null, null))),
            "INCR" => Incr(words[1]),
            "FLUSHALL" => Flush(),
            "FCALL" => Functions.Call(words),
            "FUNCTION" => Functions.Load(words),
            "EVALSHA" => Resp.Error("NOSCRIPT No matching script."),
            "EVAL" => RedisFakeScripts.Run(this, words, key => Remember(session, key)),
            _ => Resp.Error($"ERR unknown command '{words[0]}'"),
        };
    }

    /// <summary>How long a value has yet.</summary>
    public TimeSpan TimeToLive(Bytes key) => _data[key].Expiry is { } expiry ? expiry - world.Hub.Now : TimeSpan.MaxValue;

    public bool Store(Bytes key, Bytes? value, TimeSpan? expiry)
    {
        var was = _data.Remove(key);
        if (value is { } stored)
        {
            _data[key] = (stored.ToArray(), world.Hub.Now + expiry);
            ExpireLater(key, expiry);
        }

        if (was || value is not null)
        {
            Changed(key);
        }

        return was;
    }

    private static Bytes[] Read(string name, Bytes[] words) => name switch { "GET" => [words[1]], "MGET" => words[1..], _ => [] };

    private static RespValue Bulk(Bytes? value) => value is { } there ? Resp.Bulk(there) : Resp.Null;

    private void Remember(RedisFakeSession session, Bytes key)
    {
        if (!_readers.TryGetValue(key, out var readers))
        {
            _readers.Add(key.ToArray(), readers = []);
        }

        readers.Add(session);
    }

    private void ExpireLater(Bytes key, TimeSpan? expiry)
    {
        if (expiry is { } span)
        {
            world.Hub.Schedule(span, () =>
            {
                Get(key);
                TellPending();
            });
        }
    }

    private void Changed(Bytes key)
    {
        if (!Tells)
        {
            return;
        }

        if (_readers.Remove(key, out var readers))
        {
            _pending.AddRange(readers.Where(session => session != Asking || session.Tracking != "NOLOOP").Select(session => (session, (Bytes?)key)));
        }

        _pending.AddRange(server.Sessions
            .Where(session => session.Tracking == "BCAST" && session.Prefixes.Exists(prefix => key.ToText().StartsWith(prefix, StringComparison.Ordinal)))
            .Select(session => (session, (Bytes?)key)));
    }

    private RespValue Set(Bytes[] words)
    {
        var (isNew, millis) = (words.Any(word => word == "NX"), Array.FindIndex(words, word => word == "PX"));
        if (isNew && Get(words[1]) is not null)
        {
            return Resp.Null;
        }

        Store(words[1], words[2], millis < 0 ? null : TimeSpan.FromMilliseconds(words[millis + 1].ToInt64()));
        return Resp.Simple("OK");
    }

    private RespValue Incr(Bytes key)
    {
        if (Get(key) is { } there && there.Span.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return Resp.Error("ERR value is not an integer or out of range");
        }

        var number = (Get(key)?.ToInt64() ?? 0) + 1;
        Store(key, number, null);
        return Resp.Integer(number);
    }

    private RespValue Flush()
    {
        _data.Clear();
        _readers.Clear();
        _pending.AddRange(server.Sessions.Where(session => session.Tracking != "OFF").Select(session => (session, default(Bytes?))));
        return Resp.Simple("OK");
    }
}
