using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Processes that put items into a queue at a server, and that take them out.</summary>
internal static class RedisWorkers
{
    private const int Loops = 4;

    /// <summary>What both say of the queue.</summary>
    public static RedisQueueOptions Options { get; } = new() { VisibilityTimeout = TimeSpan.FromSeconds(2), MaxDeliveries = 0 };

    /// <summary>Puts items in order, within about so many seconds, and writes how many were acknowledged.</summary>
    public static void Produce(int port, string name, int items, int seconds) => Share(port, async (hub, queue) =>
    {
        var (acknowledged, puts, began) = (0, new List<Task>(), hub.Now);
        for (var n = 0; n < items; n++)
        {
            // Nobody waits for the last: they stay in order.
            puts.Add(Put(n));
            while ((hub.Now - began) / TimeSpan.FromSeconds(seconds) * items < n)
            {
                await hub.Sleep(TimeSpan.FromMilliseconds(1));
            }
        }

        await Task.WhenAll(puts);
        Console.WriteLine($"acknowledged {acknowledged}");

        async Task Put(int n)
        {
            await queue.PutAsync($"{name}:{n:d8}");
            acknowledged++;
        }
    });

    /// <summary>Takes items for ever; writes each that it gets, and each acknowledgement that has arrived.</summary>
    public static void Consume(int port) => Share(port, (hub, queue) => Task.WhenAll(Enumerable.Range(0, Loops).Select(async _ =>
    {
        while (true)
        {
            try
            {
                var delivery = await queue.Take();
                Console.WriteLine($"got {delivery.Id} {delivery.Count} {delivery.Value}");
                await hub.Sleep(TimeSpan.FromMilliseconds(8));
                await delivery.AckAsync();
                Console.WriteLine($"done {delivery.Id} {delivery.Count}");
            }
            catch (Exception error) when (error is IOException or TimeoutException or RedisErrorException or DeliveryLostException)
            {
                await hub.Sleep(TimeSpan.FromMilliseconds(50));
            }
        }
    })));

    private static void Share(int port, Func<Hub, RedisQueue<string>, Task> work)
    {
        using var live = new Live();
        using var redis = new RedisClient($"redis://127.0.0.1:{port}", hub: live.Hub);
        using var shared = new RedisCoordination(redis, "shop", new RedisCoordinationOptions { RepeatFor = TimeSpan.FromMinutes(5) });
        live.Run(async () =>
        {
            await redis.Ping();
            Console.WriteLine("begun");
            await work(live.Hub, shared.Queue<string>("jobs", Options));
        });
    }
}
