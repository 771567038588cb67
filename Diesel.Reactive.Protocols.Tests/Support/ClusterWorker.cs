using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>One who does things at random with keys of its own, and knows what must be there.</summary>
internal sealed class ClusterWorker(RedisClient redis, int number)
{
    public const int Keys = 20;

    // What may be there: what was written last, and what may have been.
    private readonly HashSet<long?>[] _values = [.. Enumerable.Range(0, Keys).Select(_ => new HashSet<long?> { null })];
    private readonly Random _random = new(number);
    private long _last;

    public List<string> Wrong { get; } = [];

    public List<Exception> Errors { get; } = [];

    public long Asked { get; private set; }

    /// <summary>Whose a key is; what the first, who dies, has acknowledged last may be lost with it. Null: nobody dies.</summary>
    public Func<Bytes, int>? MayLose { get; init; }

    /// <summary>A key of a worker; pairs of them are in one slot.</summary>
    public static string KeyOf(int worker, int key) => $"{{w{worker}:{key / 2}}}:{key % 2}";

    public async Task<ClusterWorker> Work(int count, Func<bool>? isOver = null)
    {
        await redis.Del([.. Enumerable.Range(0, Keys).Select(key => (Bytes)KeyOf(number, key))]);
        for (var i = 0; i < count && isOver?.Invoke() != true; i++)
        {
            var key = _random.Next(Keys);
            try
            {
                Asked++;
                await Step(_random.Next(8), key);
            }
            catch (Exception error) when (error is IOException or TimeoutException or RedisErrorException or RedisBatchException or ObjectDisposedException)
            {
                Errors.Add(error);
            }
        }

        return this;
    }

    private async Task Step(int what, int key)
    {
        var other = key ^ 1;
        switch (what)
        {
            case 0 or 1:
                Check(key, await redis.Get(KeyOf(number, key)));
                break;
            case 2:
                await Write([key], value => redis.Set(KeyOf(number, key), value).AsTask());
                break;
            case 3:
                await Write([key, other], value => redis.Transaction(t => (t.Set(KeyOf(number, key), value), t.Set(KeyOf(number, other), value))).AsTask());
                break;
            case 4:
                await Write([.. Enumerable.Range(0, Keys)], value => redis.MSet([.. Enumerable.Range(0, Keys).Select(one => ((Bytes)KeyOf(number, one), (Bytes)value))]).AsTask());
                break;
            case 5:
                var all = await redis.MGet([.. Enumerable.Range(0, Keys).Select(one => (Bytes)KeyOf(number, one))]);
                for (var one = 0; one < Keys; one++)
                {
                    Check(one, all[one]);
                }

                break;
            case 6:
                var (first, second) = await redis.Batch(b => (b.Get(KeyOf(number, key)), b.Get(KeyOf(number, (key + 2) % Keys))));
                Check(key, first);
                Check((key + 2) % Keys, second);
                break;
            default:
                await Remove(key);
                break;
        }
    }

    private async Task Write(int[] keys, Func<long, Task> write)
    {
        var value = (1_000_000L * number) + ++_last;
        foreach (var key in keys)
        {
            _values[key].Add(value);
        }

        await write(value);
        foreach (var key in keys)
        {
            Settle(key, value);
        }
    }

    private async Task Remove(int key)
    {
        _values[key].Add(null);
        await redis.Del(KeyOf(number, key));
        Settle(key, null);
    }

    // What was acknowledged is there from then on, unless who has it may die.
    private void Settle(int key, long? value)
    {
        if (MayLose?.Invoke(KeyOf(number, key)) != 0)
        {
            _values[key].Clear();
        }

        _values[key].Add(value);
    }

    private void Check(int key, Bytes? value)
    {
        if (!_values[key].Contains(value?.ToInt64()))
        {
            Wrong.Add($"{KeyOf(number, key)}: {value?.ToText() ?? "nothing"} and not one of {string.Join(' ', _values[key].Select(one => $"{one}"))}");
        }
    }
}
