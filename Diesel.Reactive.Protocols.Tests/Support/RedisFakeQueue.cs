using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What the functions of a queue do.</summary>
internal sealed class RedisFakeQueue(RedisFakeFunctions functions, string key)
{
    private readonly SortedDictionary<long, Item> _items = [];
    private readonly List<(DateTimeOffset At, Bytes Value)> _soon = [];
    private readonly Dictionary<string, string> _keys = [];
    private long _number;
    private bool _isIdle;

    public RespValue Put(int most, Bytes[] words)
    {
        var said = words.Chunk(3).Select(item => Put(most, item[0], item[1].ToText(), TimeSpan.FromMilliseconds(item[2].ToInt64()))).ToArray();
        Wake();
        return Resp.Array(said);
    }

    public RespValue Take(TimeSpan span, int most, int wanted)
    {
        foreach (var ripe in _soon.Where(one => one.At <= functions.Now).ToArray())
        {
            _soon.Remove(ripe);
            _items[++_number] = new Item(ripe.Value);
        }

        var got = new List<RespValue>();
        foreach (var (id, item) in _items.Where(one => one.Value.Due <= functions.Now).OrderBy(one => one.Value.Due).Concat(_items.Where(one => one.Value.Due is null)).ToArray())
        {
            if (got.Count == wanted)
            {
                break;
            }

            if (most > 0 && item.Times >= most)
            {
                _items.Remove(id);
                continue;
            }

            (item.Times, item.IsHeld, item.Due) = (item.Times + 1, true, functions.Now + span);
            got.Add(Resp.Array(Resp.Bulk(Id(id)), Resp.Integer(item.Times), Resp.Bulk(item.Value)));
        }

        _isIdle |= got.Count < wanted;
        var next = _items.Values.Select(item => item.Due).Concat(_soon.Select(one => (DateTimeOffset?)one.At)).Where(at => at is not null).Min();
        var pause = got.Count == wanted ? 0 : next is { } at ? Math.Max(0, (long)Math.Ceiling((at - functions.Now).TotalMilliseconds)) : -1;
        return Resp.Array(Resp.Array([.. got]), Resp.Integer(pause), Resp.Array());
    }

    public RespValue Settle(TimeSpan span, int most, Bytes[] words)
    {
        var isFree = false;
        var said = words.Select(order =>
        {
            string[] parts = order.ToText().Split(' ') is [var alone] ? ["a", "1", "0", alone] : order.ToText().Split(' ');
            var (what, id, times, delay) = (parts[0], Number(parts[3]), (int)((Bytes)parts[1]).ToInt64(), TimeSpan.FromMilliseconds(((Bytes)parts[2]).ToInt64()));
            if (!_items.TryGetValue(id, out var item) || !item.IsHeld || item.Times != times)
            {
                return Resp.Integer(0);
            }

            isFree |= what is "x" or "n";
            Settle(id, item, what, what == "r" ? span : delay, most);
            return Resp.Integer(1);
        }).ToArray();
        if (isFree)
        {
            Wake();
        }

        return Resp.Array(said);
    }

    private void Settle(long id, Item item, string what, TimeSpan delay, int most)
    {
        if (what == "a" || (what == "n" && most > 0 && item.Times >= most))
        {
            _items.Remove(id);
            return;
        }

        item.Due = what == "x" ? DateTimeOffset.MinValue.AddTicks(id) : functions.Now + delay;
        item.IsHeld = what == "r";
        item.Times -= what == "x" ? 1 : 0;
    }

    private RespValue Put(int most, Bytes value, string own, TimeSpan delay)
    {
        if (own.Length > 0 && _keys.TryGetValue(own, out var known))
        {
            return Resp.Bulk(known);
        }

        if (most > 0 && _items.Count + _soon.Count >= most)
        {
            return Resp.Null;
        }

        var id = Id(++_number);
        if (delay > TimeSpan.Zero)
        {
            _soon.Add((functions.Now + delay, value.ToArray()));
        }
        else
        {
            _items[_number] = new Item(value.ToArray());
        }

        if (own.Length > 0)
        {
            _keys[own] = id;
        }

        return Resp.Bulk(id);
    }

    private void Wake()
    {
        if (_isIdle)
        {
            _isIdle = false;
            functions.Tell(key, "more");
        }
    }

    private static string Id(long number) => $"{number}-0";

    private static long Number(Bytes id) => long.Parse(id.ToText().Split('-')[0], System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Item(Bytes value)
    {
        public Bytes Value => value;

        public int Times { get; set; }

        public bool IsHeld { get; set; }

        public DateTimeOffset? Due { get; set; }
    }
}
