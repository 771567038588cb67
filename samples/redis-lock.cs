#:project ../Diesel.Reactive.Protocols

// diesel's redis_lock: three loops add up under a lock that a server keeps, so that they could be three programs on three machines.
//     dotnet run samples/redis-lock.cs                         on a server of its own
//     dotnet run samples/redis-lock.cs -- redis://host:6379    on yours
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Redis;

using var server = PrivateRedis.Unless(args.FirstOrDefault());
using var redis = new RedisClient(server.Uri);
await redis.Set("sum", 0);
await Task.WhenAll(Add("A"), Add("B"), Add("C"));
Console.WriteLine($"the sum is {await redis.Get("sum")}");

// Whoever must not wait says so.
using (await redis.Lock("job", expiry: TimeSpan.FromSeconds(30)).Acquire())
{
    try
    {
        await redis.Lock("job").Acquire(TimeSpan.Zero);
    }
    catch (LockNotAcquiredException error)
    {
        Console.WriteLine(error.Message);
    }
}

// Whoever has lost it is told.
using (var lease = await redis.Lock("job").Acquire())
{
    var lost = new TaskCompletionSource();
    using var told = lease.Lost.Register(lost.SetResult);
    await redis.Del("job");
    await lost.Task;
    Console.WriteLine("somebody has removed the key: the lock is lost");
}

async Task Add(string name)
{
    for (var i = 0; i < 3; i++)
    {
        using var lease = await redis.Lock("job", expiry: TimeSpan.FromSeconds(30)).Acquire();
        var sum = (await redis.Get("sum"))!.Value.ToInt64();
        await Hub.Default.Sleep(TimeSpan.FromMilliseconds(10));
        await redis.Set("sum", sum + 1);
        Console.WriteLine($"{name} has added one");
    }
}
