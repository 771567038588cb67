namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Members with places on the earth, in a sorted set.</summary>
public static class RedisGeo
{
    private static readonly Func<RespValue, IReadOnlyList<string?>> AllTextOrNull = Reply.ListOf(Reply.TextOrNull);
    private static readonly Func<RespValue, IReadOnlyList<GeoPosition?>> AllGeoPosition = Reply.ListOf(GeoPosition.Read);
    private static readonly Func<RespValue, IReadOnlyList<GeoFound>> AllGeoFound = Reply.ListOf(GeoFound.Read);

    /// <summary>Stores where a member is.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="position">Where it is.</param>
    /// <param name="member">Which.</param>
    /// <returns>Whether it is new.</returns>
    public static Awaitable<bool> GeoAdd(this IRedisCommands redis, Bytes key, GeoPosition position, Bytes member) =>
        redis.Writes("GEOADD", Reply.Truth, key, position.Longitude, position.Latitude, member);

    /// <summary>Stores where members are.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="when">Which members.</param>
    /// <param name="countChanged">Whether members that were elsewhere are counted as well (<c>CH</c>).</param>
    /// <param name="members">At least one.</param>
    /// <returns>How many are new.</returns>
    public static Awaitable<long> GeoAdd(this IRedisCommands redis, Bytes key, When when, bool countChanged, params ReadOnlySpan<(Bytes Member, GeoPosition Position)> members) =>
        redis.Writes("GEOADD", Reply.Number, [key, .. when.Words(), .. "CH".If(countChanged), .. Places(members)]);

    /// <summary>Tells how far two members are apart.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="member">Which.</param>
    /// <param name="other">The other.</param>
    /// <param name="unit">Of lengths.</param>
    /// <returns>The distance; null: one of them is missing.</returns>
    public static Awaitable<double?> GeoDist(this IRedisCommands redis, Bytes key, Bytes member, Bytes other, GeoUnit unit = GeoUnit.Meters) =>
        redis.Reads("GEODIST", Reply.DoubleOrNull, key, member, other, unit.Word());

    /// <summary>Reads places in the letters of geohash.org.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="members">At least one.</param>
    /// <returns>Eleven letters each; null: it is missing.</returns>
    public static Awaitable<IReadOnlyList<string?>> GeoHash(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> members) =>
        redis.Reads("GEOHASH", AllTextOrNull, [key, .. members]);

    /// <summary>Reads where members are.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="members">At least one.</param>
    /// <returns>The places; null: it is missing.</returns>
    public static Awaitable<IReadOnlyList<GeoPosition?>> GeoPos(this IRedisCommands redis, Bytes key, params ReadOnlySpan<Bytes> members) =>
        redis.Reads("GEOPOS", AllGeoPosition, [key, .. members]);

    /// <summary>Finds the members within an area.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="area">Where.</param>
    /// <param name="options">What else; default: nothing.</param>
    /// <returns>The members.</returns>
    public static Awaitable<IReadOnlyList<Bytes>> GeoSearch(this IRedisCommands redis, Bytes key, GeoArea area, GeoSearchOptions options = default) =>
        redis.Reads("GEOSEARCH", Reply.List, [key, .. area.Words(), .. options.Words()]);

    /// <summary>Finds the members within an area, and where they are.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="area">Where.</param>
    /// <param name="options">What else; default: nothing.</param>
    /// <returns>The members, with their places and distances.</returns>
    public static Awaitable<IReadOnlyList<GeoFound>> GeoSearchWithPlaces(this IRedisCommands redis, Bytes key, GeoArea area, GeoSearchOptions options = default) =>
        redis.Reads("GEOSEARCH", AllGeoFound, [key, .. area.Words(), .. options.Words(), "WITHCOORD", "WITHDIST", "WITHHASH"]);

    /// <summary>Stores the members within an area.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="destination">To where.</param>
    /// <param name="source">From where.</param>
    /// <param name="area">Where.</param>
    /// <param name="options">What else; default: nothing.</param>
    /// <param name="distances">Whether their scores are their distances, and not their places.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> GeoSearchStore(this IRedisCommands redis, Bytes destination, Bytes source, GeoArea area, GeoSearchOptions options = default, bool distances = false) =>
        redis.Writes("GEOSEARCHSTORE", Reply.Number, [destination, source, .. area.Words(), .. options.Words(), .. "STOREDIST".If(distances)]);

    private static Bytes[] Places(ReadOnlySpan<(Bytes Member, GeoPosition Position)> members)
    {
        var words = new Bytes[3 * members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var (member, position) = members[i];
            (words[3 * i], words[(3 * i) + 1], words[(3 * i) + 2]) = (position.Longitude, position.Latitude, member);
        }

        return words;
    }
}
