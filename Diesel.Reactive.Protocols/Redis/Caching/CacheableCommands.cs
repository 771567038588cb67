using System.Collections.Frozen;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which commands read keys and nothing else, and which keys. What changes without a write, is drawn at random, or reads keys that it does not name is
/// none of them.</summary>
internal static class CacheableCommands
{
    private static readonly FrozenSet<string> OfOneKey = new[]
    {
        "GET", "STRLEN", "GETRANGE", "SUBSTR", "GETBIT", "BITCOUNT", "BITPOS", "BITFIELD_RO", "TYPE",
        "HGET", "HMGET", "HGETALL", "HKEYS", "HVALS", "HLEN", "HEXISTS", "HSTRLEN",
        "LRANGE", "LINDEX", "LLEN", "LPOS",
        "SCARD", "SISMEMBER", "SMISMEMBER", "SMEMBERS",
        "ZCARD", "ZCOUNT", "ZLEXCOUNT", "ZRANGE", "ZREVRANGE", "ZRANGEBYSCORE", "ZREVRANGEBYSCORE", "ZRANGEBYLEX", "ZREVRANGEBYLEX", "ZRANK", "ZREVRANK", "ZSCORE", "ZMSCORE",
        "XLEN", "XRANGE", "XREVRANGE", "GEOPOS", "GEODIST", "GEOHASH", "GEOSEARCH", "GEORADIUS_RO", "GEORADIUSBYMEMBER_RO",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> OfAllKeys =
        new[] { "MGET", "EXISTS", "SINTER", "SUNION", "SDIFF" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> OfEverything = new[] { "FLUSHALL", "FLUSHDB", "SWAPDB" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys of a command that reads them and nothing else; null: it is none.</summary>
    public static Bytes[]? KeysOf(IRedisCommand command) =>
        OfOneKey.Contains(command.Name) ? [.. command.Arguments.Take(1)]
        : OfAllKeys.Contains(command.Name) ? [.. command.Arguments]
        : null;

    /// <summary>Whether a command leaves everything as it is.</summary>
    public static bool IsHarmless(IRedisCommand command) => OfOneKey.Contains(command.Name) || OfAllKeys.Contains(command.Name) || command.Name == "PING";

    /// <summary>Whether a command changes more than it names.</summary>
    public static bool IsOfEverything(IRedisCommand command) => OfEverything.Contains(command.Name.Split(' ', 2)[0]);
}
