using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A process of some who contend for a lock, and write what it guards only with its number.</summary>
internal static class RedisContenders
{
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(1);

    // Whoever comes with a smaller number than the last has lost the lock, and is refused; a counter that is behind the last would be one that went backwards.
    private const string Guard = """
        local last = tonumber(redis.call('get', 'guard:last') or 0)
        if tonumber(ARGV[1]) < last then
          redis.call('incr', 'guard:stale')
          return 0
        end
        redis.call('set', 'guard:last', ARGV[1])
        local counter = tonumber(redis.call('get', 'guard:counter') or 0)
        if tonumber(ARGV[2]) < counter then
          redis.call('incr', 'guard:backwards')
        end
        redis.call('set', 'guard:counter', ARGV[2])
        redis.call('incr', 'guard:entered')
        return 1
        """;

    public static void Run(int port, int contenders, int seconds)
    {
        using var live = new Live();
        using var redis = new RedisClient($"redis://127.0.0.1:{port}", hub: live.Hub);
        live.Run(async () =>
        {
            await redis.Ping();
            Console.WriteLine("begun");
            var over = live.Hub.Now + TimeSpan.FromSeconds(seconds);
            await Task.WhenAll(Enumerable.Range(0, contenders).Select(_ => Contend(live.Hub, redis, over)));
        });
    }

    private static async Task Contend(Hub hub, RedisClient redis, DateTimeOffset over)
    {
        while (hub.Now < over)
        {
            try
            {
                using var lease = await redis.Lock("job", Expiry).Acquire(TimeSpan.FromSeconds(5));
                await redis.Set("guard:holder", Environment.ProcessId);
                var counter = (await redis.Get("guard:counter"))?.ToInt64() ?? 0;
                await redis.Command("EVAL", Guard, 0, lease.Fence, counter + 1);
                await lease.Release();
            }
            catch (Exception error) when (error is TimeoutException or IOException or RedisErrorException)
            {
                await hub.Sleep(TimeSpan.FromMilliseconds(10));
            }
        }
    }
}
