using System.Buffers;
using System.Globalization;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;
using Microsoft.Extensions.Caching.Distributed;

namespace Diesel.Reactive.Hosting;

/// <summary>A cache whose entries are hashes in Redis: the bytes, when they end at the latest, and for how long they may rest.</summary>
/// <remarks>Source: the fields <c>absexp</c>, <c>sldexp</c> (in ticks, -1: none) and <c>data</c> of Microsoft.Extensions.Caching.StackExchangeRedis.</remarks>
internal sealed class RedisDistributedCache(RedisClient redis, string prefix) : IBufferDistributedCache
{
    private const long None = -1;

    private static readonly Bytes End = "absexp";
    private static readonly Bytes Rest = "sldexp";
    private static readonly Bytes Data = "data";

    private DateTimeOffset Now => redis.Hub.TimeProvider.GetUtcNow();

    public byte[]? Get(string key) => Wait(() => GetAsync(key));

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default) => (await Find(key, token).ConfigureAwait(false))?.ToArray();

    public bool TryGet(string key, IBufferWriter<byte> destination) => Wait(() => TryGetAsync(key, destination).AsTask());

    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (await Find(key, token).ConfigureAwait(false) is not { } found)
        {
            return false;
        }

        destination.Write(found.Span);
        return true;
    }

    public void Refresh(string key) => Wait(() => RefreshAsync(key));

    public async Task RefreshAsync(string key, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var found = await redis.HMGet(prefix + key, End, Rest).Until(token).AsTask().ConfigureAwait(false);
        await Extend(key, found, token).ConfigureAwait(false);
    }

    public void Remove(string key) => Wait(() => RemoveAsync(key));

    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return redis.Del(prefix + key).Until(token).AsTask();
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Wait(() => SetAsync(key, value, options));

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Set(key, value, options, token);
    }

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) => Wait(() => SetAsync(key, value, options).AsTask());

    // The caller's buffer is his again when this is done, or cancelled: so it is copied.
    public ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        new(Set(key, value.ToArray(), options, token));

    // One without the other would be an entry that never ends.
    private Task<System.Reactive.Unit> Set(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(options);
        var (now, place) = (Now, (Bytes)(prefix + key));
        var end = options.AbsoluteExpirationRelativeToNow is { } relative ? now + relative : options.AbsoluteExpiration;
        if (end <= now)
        {
            throw new ArgumentOutOfRangeException(nameof(options), end, "The entry would have ended already.");
        }

        var rest = options.SlidingExpiration;
        return redis.Transaction(calls =>
        {
            calls.HSet(place, (End, end?.UtcTicks ?? None), (Rest, rest?.Ticks ?? None), (Data, value));
            _ = Life(end, rest, now) is { } life ? calls.Expire(place, life) : calls.Persist(place);
        }).Until(token).AsTask();
    }

    private async Task<Bytes?> Find(string key, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(key);
        var found = await redis.HMGet(prefix + key, End, Rest, Data).Until(token).AsTask().ConfigureAwait(false);
        if (found[2] is { } data)
        {
            await Extend(key, found, token).ConfigureAwait(false);
            return data;
        }

        return null;
    }

    private async Task Extend(string key, IReadOnlyList<Bytes?> found, CancellationToken token)
    {
        if (Number(found[1]) is { } rest && Life(Number(found[0]) is { } end ? new DateTimeOffset(end, TimeSpan.Zero) : null, TimeSpan.FromTicks(rest), Now) is { } life)
        {
            await redis.Expire(prefix + key, life).Until(token).AsTask().ConfigureAwait(false);
        }
    }

    private static long? Number(Bytes? ticks) =>
        ticks is { } some && long.TryParse(some.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number != None ? number : null;

    private static TimeSpan? Life(DateTimeOffset? end, TimeSpan? rest, DateTimeOffset now)
    {
        var left = end - now;
        return rest is null || left < rest ? left : rest;
    }

    // These block, which nobody may on the hub: the reply would come there.
    private T Wait<T>(Func<Task<T>> call)
    {
        ThrowIfOnHub();
        return call().GetAwaiter().GetResult();
    }

    private void Wait(Func<Task> call)
    {
        ThrowIfOnHub();
        call().GetAwaiter().GetResult();
    }

    private void ThrowIfOnHub()
    {
        if (redis.Hub.IsCurrent)
        {
            throw new InvalidOperationException("This call blocks, and this is the hub's thread, on which its reply comes: use the one that ends with Async.");
        }
    }
}
