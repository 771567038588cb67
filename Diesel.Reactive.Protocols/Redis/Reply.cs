using System.Globalization;
using System.Reactive;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What replies mean, in either protocol.</summary>
internal static class Reply
{
    public static readonly Func<RespValue, RespValue> Any = static reply => reply;
    public static readonly Func<RespValue, IReadOnlyList<RespValue>> Values = static reply => reply.ToItems();
    public static readonly Func<RespValue, Unit> Ok = static _ => Unit.Default;
    public static readonly Func<RespValue, bool> OkOrNull = static reply => !reply.IsNull;
    public static readonly Func<RespValue, bool> Truth = static reply => reply.ToBoolean();
    public static readonly Func<RespValue, Bytes> Bytes = static reply => reply.ToBytes();
    public static readonly Func<RespValue, Bytes?> BytesOrNull = static reply => reply.IsNull ? default(Bytes?) : reply.ToBytes();
    public static readonly Func<RespValue, string> Text = static reply => reply.ToText();
    public static readonly Func<RespValue, string?> TextOrNull = static reply => reply.IsNull ? null : reply.ToText();
    public static readonly Func<RespValue, long> Number = static reply => reply.ToInt64();
    public static readonly Func<RespValue, long?> NumberOrNull = static reply => reply.IsNull ? null : reply.ToInt64();
    public static readonly Func<RespValue, double> Double = static reply => reply.ToDouble();
    public static readonly Func<RespValue, double?> DoubleOrNull = static reply => reply.IsNull ? null : reply.ToDouble();
    public static readonly Func<RespValue, IReadOnlyList<bool>> Truths = ListOf(Truth);
    public static readonly Func<RespValue, IReadOnlyList<long>> Numbers = ListOf(Number);
    public static readonly Func<RespValue, IReadOnlyList<double?>> DoublesOrNull = ListOf(DoubleOrNull);
    public static readonly Func<RespValue, IReadOnlyList<Bytes>> List = ListOf(Bytes);
    public static readonly Func<RespValue, IReadOnlyList<Bytes?>> ListOrNull = ListOf(BytesOrNull);

    public static readonly Func<RespValue, IReadOnlyList<Bytes>> ListOrEmpty = static reply => reply.IsNull ? [] : List(reply);

    public static readonly Func<RespValue, IReadOnlySet<Bytes>> Set =
        static reply => reply.ToItems().Select(static item => item.ToBytes()).ToHashSet();

    public static readonly Func<RespValue, IReadOnlyDictionary<Bytes, Bytes>> Map = static reply => MapOf(reply, Bytes, Bytes);

    public static readonly Func<RespValue, IReadOnlyList<KeyValuePair<Bytes, Bytes>>> Pairs =
        static reply => [.. PairsIn(reply).Select(static pair => KeyValuePair.Create(pair.Key.ToBytes(), pair.Value.ToBytes()))];

    public static readonly Func<RespValue, IReadOnlyList<Scored>> Scores =
        static reply => [.. PairsIn(reply).Select(static pair => new Scored(pair.Key.ToBytes(), pair.Value.ToDouble()))];

    public static readonly Func<RespValue, Scored?> ScoreOrNull = static reply => Scores(reply) is [var first, ..] ? first : null;

    public static readonly Func<RespValue, (Bytes Key, IReadOnlyList<Bytes> Items)?> PoppedOrNull = static reply => Popped(reply, List);
    public static readonly Func<RespValue, (Bytes Key, IReadOnlyList<Scored> Members)?> ScoresPoppedOrNull = static reply => Popped(reply, Scores);

    public static readonly Func<RespValue, IReadOnlyList<string>> Texts = ListOf(Text);
    public static readonly Func<RespValue, IReadOnlyList<long?>> NumbersOrNull = ListOf(NumberOrNull);
    public static readonly Func<RespValue, IReadOnlyList<StreamId>> StreamIds = ListOf(StreamId.Read);
    public static readonly Func<RespValue, IReadOnlyList<StreamEntry>> Entries = ListOf(StreamEntry.Read);
    public static readonly Func<RespValue, StreamId?> StreamIdOrNull = static reply => reply.IsNull ? null : StreamId.Read(reply);

    public static readonly Func<RespValue, IReadOnlyDictionary<Bytes, IReadOnlyList<StreamEntry>>> EntriesByKey = static reply =>
        reply.IsNull ? new Dictionary<Bytes, IReadOnlyList<StreamEntry>>() : MapOf(reply, static key => key.ToBytes(), Entries);

    /// <summary>What a server tells of itself, by name; it grows with its versions.</summary>
    public static readonly Func<RespValue, IReadOnlyDictionary<string, RespValue>> Named = static reply => MapOf(reply, Text, Any);

    public static readonly Func<RespValue, IReadOnlyDictionary<string, RespValue>?> NamedOrNull = static reply => reply.IsNull ? null : Named(reply);
    public static readonly Func<RespValue, IReadOnlyList<IReadOnlyDictionary<string, RespValue>>> NamedList = ListOf(Named);

    public static readonly Func<RespValue, IReadOnlyDictionary<string, string>> Settings = static reply => MapOf(reply, Text, Text);
    public static readonly Func<RespValue, IReadOnlyDictionary<Bytes, long>> Tallies = static reply => MapOf(reply, Bytes, Number);

    // id=3 addr=127.0.0.1:5 name=
    public static readonly Func<RespValue, IReadOnlyDictionary<string, string>> Line = static reply => Words(reply.ToText());
    public static readonly Func<RespValue, IReadOnlyList<IReadOnlyDictionary<string, string>>> Lines =
        static reply => [.. reply.ToText().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Words)];

    public static readonly Func<RespValue, DateTimeOffset> UnixSeconds = static reply => DateTimeOffset.FromUnixTimeSeconds(reply.ToInt64());

    public static readonly Func<RespValue, DateTimeOffset> UnixMicroseconds = static reply => reply.ToItems() is [var seconds, var microseconds]
        ? DateTimeOffset.FromUnixTimeSeconds(seconds.ToInt64()).AddMicroseconds(microseconds.ToInt64())
        : throw new ProtocolException("A reply arrived that is no time.");

    // Negative: there is no such key, or no such time.
    public static readonly Func<RespValue, TimeSpan?> MillisecondsOrNone =
        static reply => reply.ToInt64() is >= 0 and var number ? TimeSpan.FromMilliseconds(number) : null;

    public static readonly Func<RespValue, TimeSpan?> SecondsOrNull =
        static reply => reply.IsNull ? null : TimeSpan.FromSeconds(reply.ToInt64());

    public static readonly Func<RespValue, DateTimeOffset?> MomentOrNone =
        static reply => reply.ToInt64() is >= 0 and var number ? DateTimeOffset.FromUnixTimeMilliseconds(number) : null;

    /// <summary>A length of time in the unit of Redis's commands with P.</summary>
    public static Bytes Milliseconds(TimeSpan span) => ((long)Math.Ceiling(span.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>One of what a server tells by name.</summary>
    /// <exception cref="ProtocolException">It does not.</exception>
    public static RespValue In(IReadOnlyDictionary<string, RespValue> named, string name) =>
        named.TryGetValue(name, out var value) ? value : throw new ProtocolException($"A reply arrived without {name}.");

    public static Func<RespValue, IReadOnlyList<T>> ListOf<T>(Func<RespValue, T> read) => reply =>
    {
        var items = reply.ToItems();
        var list = new T[items.Length];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = read(items[i]);
        }

        return list;
    };

    // A value may hold the sign as well.
    private static Dictionary<string, string> Words(string line)
    {
        var words = new Dictionary<string, string>();
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            words[at < 0 ? word : word[..at]] = at < 0 ? "" : word[(at + 1)..];
        }

        return words;
    }

    // Of a name that comes twice, the last.
    private static Dictionary<TKey, TValue> MapOf<TKey, TValue>(RespValue reply, Func<RespValue, TKey> key, Func<RespValue, TValue> value)
        where TKey : notnull
    {
        var map = new Dictionary<TKey, TValue>();
        foreach (var pair in PairsIn(reply))
        {
            map[key(pair.Key)] = value(pair.Value);
        }

        return map;
    }

    private static (Bytes Key, T Items)? Popped<T>(RespValue reply, Func<RespValue, T> read) =>
        reply.IsNull ? null : reply.ToItems() is [var key, var items] ? (key.ToBytes(), read(items)) : throw Odd();

    // A map, pairs within an array, or one after the other: as the version of the protocol, and of the server, has it.
    private static IEnumerable<(RespValue Key, RespValue Value)> PairsIn(RespValue reply)
    {
        var items = reply.ToItems();
        if (reply.Kind == RespKind.Array && items is [{ Kind: RespKind.Array }, ..])
        {
            return items.Select(static pair => pair.ToItems() is [var key, var value] ? (key, value) : throw Odd());
        }

        return items.Length % 2 == 0 ? items.Chunk(2).Select(static pair => (pair[0], pair[1])) : throw Odd();
    }

    private static ProtocolException Odd() => new("A reply arrived that is not made of pairs.");
}
