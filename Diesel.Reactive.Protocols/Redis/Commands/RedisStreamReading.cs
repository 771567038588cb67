using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Streams as sequences that go on: what is there, then what comes.</summary>
/// <remarks>No entries are asked for before all of the last page were taken, so a slow reader keeps no more than a page: <c>await foreach (var entry in
/// redis.XReadAll("log").ReadAllAsync(1))</c>. While there is nothing the reader has a connection of its own. Errors: as <see cref="RedisClient"/>; they end the sequence,
/// which can be begun again behind the last entry.</remarks>
public static class RedisStreamReading
{
    private const long PageSize = 100;

    // How long the server waits at a time: whoever is gone is noticed by then.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    /// <summary>Reads the entries of a stream, and those that are added to it.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what; need not be there yet.</param>
    /// <param name="after">Behind which entry to begin, zero: from the beginning; null: with what comes from the first reply on.</param>
    /// <param name="pageSize">How many are asked for at a time.</param>
    /// <returns>In order; without end.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pageSize"/> is not positive.</exception>
    public static IObservable<StreamEntry> XReadAll(this IRedisConnection redis, Bytes key, StreamId? after = null, long pageSize = PageSize)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        return Pages.Of(after, cursor => cursor is { } behind ? Next(behind) : Newest(), redis.Hub);

        // Waiting for what comes would miss what comes between two waits.
        IObservable<Page<StreamId?, StreamEntry>> Newest() =>
            redis.XRevRange(key, count: 1).Select(static last => new Page<StreamId?, StreamEntry>([], last is [var entry, ..] ? entry.Id : StreamId.Zero));

        IObservable<Page<StreamId?, StreamEntry>> Next(StreamId behind) => redis.XRead(Wait, pageSize, (key, behind)).Select(reply =>
        {
            var entries = reply.GetValueOrDefault(key) ?? [];
            return new Page<StreamId?, StreamEntry>(entries, entries.Count > 0 ? entries[^1].Id : behind);
        });
    }

    /// <summary>Takes the entries of a stream for a consumer of a group: first those it was given and has not acknowledged, then those that nobody was given.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="group">Its name; it must be there (<c>XGroupCreate</c>).</param>
    /// <param name="consumer">Its name; for one reader at a time.</param>
    /// <param name="key">Of what.</param>
    /// <param name="pageSize">How many are asked for at a time: so many more may be pending than were taken.</param>
    /// <param name="noAck">Whether they need no acknowledgment.</param>
    /// <returns>In order; without end. What was not acknowledged (<c>XAck</c>) comes again when the consumer begins again.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pageSize"/> is not positive.</exception>
    public static IObservable<StreamEntry> XReadGroupAll(
        this IRedisConnection redis, Bytes group, Bytes consumer, Bytes key, long pageSize = PageSize, bool noAck = false)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        return Pages.Of<StreamId?, StreamEntry>(StreamId.Zero, cursor => cursor is { } behind ? Own(behind) : New(), redis.Hub);

        IObservable<Page<StreamId?, StreamEntry>> Own(StreamId behind) => redis.XReadGroup(group, consumer, pageSize, noAck, (key, behind)).Select(reply =>
        {
            var entries = reply.GetValueOrDefault(key) ?? [];
            return new Page<StreamId?, StreamEntry>(entries, entries.Count > 0 ? entries[^1].Id : null);
        });

        IObservable<Page<StreamId?, StreamEntry>> New() => redis.XReadGroup(group, consumer, Wait, pageSize, noAck, (key, ">"))
            .Select(reply => new Page<StreamId?, StreamEntry>(reply.GetValueOrDefault(key) ?? [], null));
    }
}
