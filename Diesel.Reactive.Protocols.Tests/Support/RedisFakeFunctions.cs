using System.Globalization;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What the functions of coordination do, for a server that runs no Lua. It has none before it is given them.</summary>
/// <param name="world">Whose clock counts.</param>
/// <param name="server">Who tells subscribers.</param>
internal sealed class RedisFakeFunctions(World world, RedisFake server)
{
    private readonly Dictionary<(string Key, string Writer), (long Number, RespValue Reply)> _last = [];
    private readonly Dictionary<string, (long Version, bool IsSet)> _events = [];
    private readonly Dictionary<string, (int Began, int Left, HashSet<string> Ids)> _countdowns = [];
    private readonly Dictionary<string, RedisFakeQueue> _queues = [];
    private readonly Dictionary<string, List<(long Number, Bytes Value)>> _fanouts = [];

    /// <summary>The libraries it has, and their versions.</summary>
    public Dictionary<string, int> Libraries { get; } = [];

    /// <summary>How often a step was asked for that was done before.</summary>
    public int Repeated { get; private set; }

    public RespValue Load(Bytes[] words)
    {
        var name = words[^1].ToText().Split('\n')[0]["#!lua name=".Length..];
        if (Libraries.ContainsKey(name) && words.All(word => word != "REPLACE"))
        {
            return Resp.Error($"ERR Library '{name}' already exists");
        }

        Libraries[name] = FunctionLibrary.Version;
        return Resp.Bulk(name);
    }

    /// <param name="words">FCALL, the function, 1, the key, the version, the arguments.</param>
    public RespValue Call(Bytes[] words)
    {
        var (function, key, version, rest) = (words[1].ToText(), words[3].ToText(), (int)words[4].ToInt64(), words[5..]);
        var library = function[..function.LastIndexOf('_')];
        return !Libraries.TryGetValue(library, out var known) ? Resp.Error("ERR Function not found")
            : version > known ? Resp.Error("DIESELOLD the functions here are older")
            : version < known ? Resp.Error("DIESELNEW the functions here are newer")
            : Do(function, key, rest);
    }

    public void Tell(string key, string text) => server.Data.TellShard(key, text);

    public DateTimeOffset Now => world.Hub.Now;

    private RespValue Do(string function, string key, Bytes[] words) => function switch
    {
        "diesel_event_change" => Once(key, words[1..], changes => Resp.Array([.. changes.Select(change => Change(key, change == "1"))])),
        "diesel_event_look" => State(key),
        "diesel_countdown_tick" => Countdown(key, words[1]) ?? Once(key, words[2..], ids => Tick(key, ids)),
        "diesel_countdown_look" => Countdown(key, words[1]) ?? Resp.Integer(_countdowns[key].Left),
        "diesel_queue_put" => Once(key, words[3..], items => Queue(key).Put((int)words[1].ToInt64(), items)),
        "diesel_queue_take" => Once(key, words[4..], wanted => Queue(key).Take(Span(words[1]), (int)words[2].ToInt64(), (int)wanted[0].ToInt64())),
        "diesel_queue_settle" => Once(key, words[4..], items => Queue(key).Settle(Span(words[1]), (int)words[2].ToInt64(), items)),
        "diesel_fanout_publish" => Once(key, words[3..], items => Publish(key, (int)words[1].ToInt64(), items)),
        "diesel_fanout_open" => Resp.Bulk(Place(Fanout(key).LastOrDefault().Number)),
        "diesel_fanout_read" => Read(key, words[2], (int)words[3].ToInt64()),
        _ => Resp.Error("ERR Function not found"),
    };

    private RespValue Once(string key, Bytes[] words, Func<Bytes[], RespValue> step)
    {
        var (writer, number) = (words[0].ToText(), words[1].ToInt64());
        if (_last.TryGetValue((key, writer), out var last) && last.Number > number)
        {
            return Resp.Error("DIESELLATE it comes behind a later step");
        }

        if (last.Number == number)
        {
            Repeated++;
            return last.Reply;
        }

        var reply = step(words[2..]);
        _last[(key, writer)] = (number, reply);
        return reply;
    }

    private RespValue Change(string key, bool isSet)
    {
        var (version, was) = _events.GetValueOrDefault(key);
        if (isSet != was)
        {
            _events[key] = (++version, isSet);
            Tell(key, Text(version, isSet));
        }

        return Resp.Bulk(Text(version, isSet));
    }

    private RespValue State(string key)
    {
        var (version, isSet) = _events.GetValueOrDefault(key);
        return Resp.Bulk(Text(version, isSet));
    }

    private RespValue? Countdown(string key, Bytes count)
    {
        var began = (int)count.ToInt64();
        _countdowns.TryAdd(key, (began, began, []));
        return _countdowns[key].Began == began ? null : Resp.Error("DIESELOTHER this countdown began with another number");
    }

    private RespValue Tick(string key, Bytes[] ids)
    {
        var (began, left, known) = _countdowns[key];
        var (before, said) = (left, new List<RespValue>());
        foreach (var id in ids)
        {
            if (left > 0 && (id.IsEmpty || known.Add(id.ToText())))
            {
                left--;
            }

            said.Add(Resp.Integer(left));
        }

        _countdowns[key] = (began, left, known);
        if (left != before)
        {
            Tell(key, left.ToString(CultureInfo.InvariantCulture));
        }

        return Resp.Array([.. said]);
    }

    private RespValue Publish(string key, int most, Bytes[] items)
    {
        var (fanout, said) = (Fanout(key), new List<RespValue>());
        foreach (var item in items)
        {
            var number = fanout.LastOrDefault().Number + 1;
            fanout.Add((number, item.ToArray()));
            said.Add(Resp.Bulk(Place(number)));
        }

        fanout.RemoveRange(0, Math.Max(0, fanout.Count - most));
        Tell(key, "more");
        return Resp.Array([.. said]);
    }

    private RespValue Read(string key, Bytes after, int most) => Resp.Array([.. Fanout(key).Where(item => item.Number > (long)StreamId.Parse(after.ToText()).Time).Take(most)
        .SelectMany(static item => new[] { Resp.Integer(item.Number), Resp.Bulk($"{item.Number}-0"), Resp.Bulk(item.Value) })]);

    private List<(long Number, Bytes Value)> Fanout(string key)
    {
        if (!_fanouts.TryGetValue(key, out var fanout))
        {
            _fanouts.Add(key, fanout = []);
        }

        return fanout;
    }

    private static string Place(long number) => $"{number}@{number}-0";

    private RedisFakeQueue Queue(string key)
    {
        if (!_queues.TryGetValue(key, out var queue))
        {
            _queues.Add(key, queue = new RedisFakeQueue(this, key));
        }

        return queue;
    }

    private static string Text(long version, bool isSet) => $"{version} {(isSet ? 1 : 0)}";

    private static TimeSpan Span(Bytes milliseconds) => TimeSpan.FromMilliseconds(milliseconds.ToInt64());
}
