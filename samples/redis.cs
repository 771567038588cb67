#:project ../Diesel.Reactive.Protocols

// Diesel's RedisClient: values, a queue that is waited for, a race that is lost, a script, keys that are gone through.
//     dotnet run samples/redis.cs                        a server of its own, which ends with it (needs redis-server)
//     dotnet run samples/redis.cs -- redis://localhost   an existing one; what the sample stores begins with sample:
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Redis;

using var server = PrivateRedis.Unless(args.FirstOrDefault());
Application.Quickstart(() => Demo());

async Task Demo()
{
    using var redis = new RedisClient(server.Uri);
    await redis.Del("sample:jobs", "sample:mykey", "sample:hits", "sample:best");

    await redis.Set("sample:mykey", "myvalue");
    Console.WriteLine($"mykey is {await redis.Get("sample:mykey")}");

    var (hits, _) = await redis.Transaction(t => (t.Incr("sample:hits"), t.Expire("sample:hits", TimeSpan.FromMinutes(1))));
    Console.WriteLine($"hit {hits}");

    // One waits, and nobody else is held up.
    var job = redis.BLPop(TimeSpan.FromSeconds(5), "sample:jobs").AsTask();
    await redis.RPush("sample:jobs", "sweep");
    Console.WriteLine($"got {(await job)?.Value}");

    var race = await First.Of(redis.BLPop(Timeout.InfiniteTimeSpan, "sample:jobs"), Hub.Current!.Sleep(TimeSpan.FromMilliseconds(100)));
    Console.WriteLine(race.IsFirst ? "another job" : "no job in time");

    var best = Script.Of("if redis.call('GET', KEYS[1]) == false or tonumber(redis.call('GET', KEYS[1])) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) return 1 end return 0");
    foreach (var score in new[] { 7, 5, 9 })
    {
        Console.WriteLine($"{score} is {(await best.Run(redis, reply => reply.ToInt64(), ["sample:best"], score) == 1 ? "the best so far" : "not the best")}");
    }

    await foreach (var key in redis.Scan("sample:*").ReadAllAsync(1).Order())
    {
        Console.WriteLine(key);
    }

    Application.Quickstop();
}
