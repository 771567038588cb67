namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Keys, members and fields, page by page, while the server goes on with other work.</summary>
/// <remarks>No page is asked for before all of the last was taken: <c>await foreach (var key in redis.Scan().ReadAllAsync(1))</c> asks as it goes, and who
/// unsubscribes asks no further. What is there from the beginning to the end is given at least once, and perhaps more often; what comes or goes meanwhile is
/// given or not. Source: <c>redis.io/commands/scan</c>, "Scan guarantees".</remarks>
public static class RedisScanning
{
    private static readonly Func<RespValue, Page<Bytes, Bytes>> Keys = Page(Reply.List);
    private static readonly Func<RespValue, Page<Bytes, KeyValuePair<Bytes, Bytes>>> Fields = Page(Reply.Pairs);
    private static readonly Func<RespValue, Page<Bytes, Scored>> Members = Page(Reply.Scores);

    /// <summary>Goes through the keys of the database.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="pattern">With <c>*</c>, <c>?</c> and <c>[…]</c>; null: all.</param>
    /// <param name="type">Those that hold this: <c>string</c>, <c>list</c>, <c>set</c>, <c>zset</c>, <c>hash</c>, <c>stream</c>; null: all.</param>
    /// <param name="pageSize">About how many the server looks at for a page; null: 10.</param>
    /// <returns>In no order; some perhaps more than once.</returns>
    public static IObservable<Bytes> Scan(this IRedisConnection redis, Bytes? pattern = null, string? type = null, long? pageSize = null)
    {
        Bytes[] options = [.. Options(pattern, pageSize), .. type is null ? [] : new Bytes[] { "TYPE", type }];
        return Pages(redis, cursor => redis.Reads("SCAN", Keys, [cursor, .. options]));
    }

    /// <summary>Goes through the fields of a hash.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="pattern">With <c>*</c>, <c>?</c> and <c>[…]</c>; null: all.</param>
    /// <param name="pageSize">About how many the server looks at for a page; null: 10.</param>
    /// <returns>Fields with their values, in no order; some perhaps more than once.</returns>
    public static IObservable<KeyValuePair<Bytes, Bytes>> HScan(this IRedisConnection redis, Bytes key, Bytes? pattern = null, long? pageSize = null)
    {
        var options = Options(pattern, pageSize);
        return Pages(redis, cursor => redis.Reads("HSCAN", Fields, [key, cursor, .. options]));
    }

    /// <summary>Goes through the members of a set.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="pattern">With <c>*</c>, <c>?</c> and <c>[…]</c>; null: all.</param>
    /// <param name="pageSize">About how many the server looks at for a page; null: 10.</param>
    /// <returns>In no order; some perhaps more than once.</returns>
    public static IObservable<Bytes> SScan(this IRedisConnection redis, Bytes key, Bytes? pattern = null, long? pageSize = null)
    {
        var options = Options(pattern, pageSize);
        return Pages(redis, cursor => redis.Reads("SSCAN", Keys, [key, cursor, .. options]));
    }

    /// <summary>Goes through the members of a sorted set.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="pattern">With <c>*</c>, <c>?</c> and <c>[…]</c>; null: all.</param>
    /// <param name="pageSize">About how many the server looks at for a page; null: 10.</param>
    /// <returns>Members with their scores, in no order; some perhaps more than once.</returns>
    public static IObservable<Scored> ZScan(this IRedisConnection redis, Bytes key, Bytes? pattern = null, long? pageSize = null)
    {
        var options = Options(pattern, pageSize);
        return Pages(redis, cursor => redis.Reads("ZSCAN", Members, [key, cursor, .. options]));
    }

    private static IObservable<T> Pages<T>(IRedisConnection redis, Func<Bytes, Awaitable<Page<Bytes, T>>> page)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return Diesel.Reactive.Pages.Of("0", page, redis.Hub);
    }

    private static Bytes[] Options(Bytes? pattern, long? pageSize) =>
        [.. pattern is { } some ? new Bytes[] { "MATCH", some } : [], .. Asking.Count(pageSize)];

    // [cursor, [item, …]]; the cursor is "0" behind the last page.
    private static Func<RespValue, Page<Bytes, T>> Page<T>(Func<RespValue, IReadOnlyList<T>> read) => reply => reply.ToItems() is [var cursor, var items]
        ? new(read(items), cursor.ToBytes(), cursor.ToBytes() == "0")
        : throw new ProtocolException("A reply arrived that is no page of a scan.");
}
