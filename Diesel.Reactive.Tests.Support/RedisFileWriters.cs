using System.Diagnostics;
using System.Globalization;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A process of some who contend for a lock, and write its numbers into a file that refuses one smaller than the last. Beside it, each process writes when it held the lock.</summary>
internal static class RedisFileWriters
{
    public static TimeSpan Expiry { get; } = TimeSpan.FromSeconds(1);

    public static void Run(int port, string path, int contenders, int seconds)
    {
        using var live = new Live();
        using var redis = new RedisClient($"redis://127.0.0.1:{port}", hub: live.Hub);
        using var log = new StreamWriter($"{path}-{Environment.ProcessId}");
        live.Run(async () =>
        {
            await redis.Ping();
            Console.WriteLine("begun");
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, contenders).Select(async _ =>
            {
                while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
                {
                    await Hold(live.Hub, redis, path, log);
                }
            }));
            Console.WriteLine($"{live.Hub.Now.ToUnixTimeSeconds()}");
        });
    }

    /// <summary>Adds a number; false: it is not greater than the last.</summary>
    private static bool TryAppend(string path, long fence)
    {
        using var file = Open(path);
        using var reader = new StreamReader(file, leaveOpen: true);
        if (fence <= long.Parse(reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("0"), CultureInfo.InvariantCulture))
        {
            return false;
        }

        file.Write(System.Text.Encoding.ASCII.GetBytes($"{fence}\n"));
        return true;
    }

    private static FileStream Open(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Yield();
            }
        }
    }

    private static async Task Hold(Hub hub, RedisClient redis, string path, StreamWriter log)
    {
        try
        {
            using var lease = await redis.Lock("job", Expiry).Acquire(TimeSpan.FromSeconds(5));
            var from = Stopwatch.GetTimestamp();
            await redis.Set("holder", Environment.ProcessId);
            await hub.Sleep(TimeSpan.FromMilliseconds(5));
            var to = Stopwatch.GetTimestamp();
            var isLost = lease.Lost.IsCancellationRequested;
            log.WriteLine($"{from} {to} {isLost} {TryAppend(path, lease.Fence)}");
        }
        catch (Exception error) when (error is TimeoutException or IOException or RedisErrorException)
        {
            await hub.Sleep(TimeSpan.FromMilliseconds(10));
        }
    }
}
