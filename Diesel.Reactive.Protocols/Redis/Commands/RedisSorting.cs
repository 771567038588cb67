namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Sorting what a list, a set or a sorted set holds.</summary>
public static class RedisSorting
{
    /// <summary>Sorts, and may change nothing.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="options">How.</param>
    /// <returns>The elements, or what was to be given in their place; null: it is missing.</returns>
    public static Awaitable<IReadOnlyList<Bytes?>> SortRo(this IRedisCommands redis, Bytes key, SortOptions options = default) =>
        redis.Reads("SORT_RO", Reply.ListOrNull, [key, .. options.Words()]);

    /// <summary>Sorts.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="options">How.</param>
    /// <returns>The elements, or what was to be given in their place; null: it is missing.</returns>
    /// <remarks>Replicas refuse it, as the command could store: <c>SortRo</c> is for them.</remarks>
    public static Awaitable<IReadOnlyList<Bytes?>> Sort(this IRedisCommands redis, Bytes key, SortOptions options = default) =>
        redis.Writes("SORT", Reply.ListOrNull, [key, .. options.Words()]);

    /// <summary>Sorts, and stores a list.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="destination">To where.</param>
    /// <param name="options">How.</param>
    /// <returns>How many they are.</returns>
    public static Awaitable<long> SortStore(this IRedisCommands redis, Bytes key, Bytes destination, SortOptions options = default) =>
        redis.Writes("SORT", Reply.Number, [key, .. options.Words(), "STORE", destination]);
}
