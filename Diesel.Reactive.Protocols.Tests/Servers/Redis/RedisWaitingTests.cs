using System.Diagnostics;
using System.Reactive.Threading.Tasks;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Waiting, watching, looking on and going through, at a real server.</summary>
[TestFixture(RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3)]
public class RedisWaitingTests(RespVersion version) : RedisFixture(version)
{
    [Test]
    public void Who_waits_holds_nobody_up_and_gets_what_comes()
    {
        var callers = Live.IsSoak ? 500 : 100;
        var waits = Enumerable.Range(0, callers).Select(_ => Redis.BLPop(Timeout.InfiniteTimeSpan, "jobs").AsTask()).ToArray();
        Until(async () => await Blocked() == callers);
        Assert.That(Get(Observable.Merge(Enumerable.Range(0, 2000).Select(_ => Redis.Incr("n"))).Max()), Is.EqualTo(2000));
        Get(Redis.RPush("jobs", [.. Enumerable.Range(0, callers).Select(n => (Bytes)n)]));
        Assert.That(Live.Await(Task.WhenAll(waits)).Select(got => got!.Value.Value.ToInt64()), Is.EquivalentTo(Enumerable.Range(0, callers).Select(n => (long)n)));
    }

    // Against what the same machine does in the same minute: the best of some rounds each.
    [Test]
    public void Others_are_answered_as_soon_as_if_nobody_waited()
    {
        var (callers, gets) = Live.IsSoak ? (500, 100_000) : (100, 10_000);
        using var redis = Client(Options with { MaxQueuedCalls = gets });
        var (alone, beside) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < 5; round++)
        {
            alone = Least(alone, Median(redis, gets));
            var waits = Enumerable.Range(0, callers).Select(_ => redis.BLPop(Timeout.InfiniteTimeSpan, "jobs").Subscribe()).ToArray();
            Until(async () => await Blocked() == callers);
            beside = Least(beside, Median(redis, gets));
            Array.ForEach(waits, static wait => wait.Dispose());
            var left = Live.Hub.Elapsed;
            Until(async () => await Blocked() == 0);
            TestContext.Out.WriteLine($"{alone.TotalMilliseconds:0.0} ms alone, {beside.TotalMilliseconds:0.0} ms beside {callers}, who are gone within {(Live.Hub.Elapsed - left).TotalMilliseconds:0} ms");
            Assert.That(Live.Hub.Elapsed - left, Is.LessThan(TimeSpan.FromSeconds(Live.IsSoak ? 1 : 10)));
        }

        // Beside other tests the machine is not this one's alone; who waits behind those who wait for ever waits longer than any noise.
        Assert.That(beside, Is.LessThan((Live.IsSoak ? 2 : 20) * alone));
    }

    [Test]
    public void Who_has_left_waits_no_longer()
    {
        var waits = Enumerable.Range(0, 20).Select(_ => Redis.BLPop(Timeout.InfiniteTimeSpan, "jobs").Subscribe()).ToArray();
        Until(async () => await Blocked() == 20);
        Array.ForEach(waits, static wait => wait.Dispose());
        Until(async () => await Blocked() == 0);
        Get(Redis.RPush("jobs", "a"));
        Assert.That(Get(Redis.LRange("jobs")), Is.EqualTo(new Bytes[] { "a" }));
    }

    [Test]
    public void Nothing_is_lost_to_those_who_leave()
    {
        const int Items = 500;
        var consumers = Task.WhenAll(Enumerable.Range(0, 20).Select(Consume));
        Live.Run(Produce);
        var taken = Live.Await(consumers).SelectMany(all => all).ToArray();
        Until(async () => await Blocked() == 0 && await Redis.LLen("jobs") + taken.Length == Items);
        var left = Get(Redis.LRange("jobs")).Select(value => value.ToInt64());
        Assert.That(taken.Concat(left).Order(), Is.EqualTo(Enumerable.Range(0, Items).Select(n => (long)n)));

        async Task<List<long>> Consume(int seed)
        {
            var (random, got) = (new Random(seed), new List<long>());
            while (await Redis.Get("over") is null)
            {
                try
                {
                    if (await Redis.BLPop(Timeout.InfiniteTimeSpan, "jobs").Timeout(TimeSpan.FromMilliseconds(random.Next(1, 8)), Live.Hub) is { } job)
                    {
                        got.Add(job.Value.ToInt64());
                    }
                }
                catch (TimeoutException)
                {
                }
            }

            return got;
        }

        async Task Produce()
        {
            for (var n = 0; n < Items; n++)
            {
                await Redis.RPush("jobs", n);
                await Live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            }

            await Redis.Set("over", 1);
        }
    }

    [Test]
    public void AServer_that_has_nothing_in_time_says_so()
    {
        Assert.That(Get(Redis.BLPop(TimeSpan.FromMilliseconds(20), "jobs")), Is.Null);
        Assert.That(Get(Redis.XRead(TimeSpan.FromMilliseconds(20), null, ("s", "$"))), Is.Empty);
        Assert.That(Get(Redis.BLPop(TimeSpan.Zero, "jobs")), Is.Null);
    }

    [Test]
    public void Those_who_watch_count_right()
    {
        var attempts = 0;
        Live.Await(Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                await Redis.Watch(["n"], async session =>
                {
                    Interlocked.Increment(ref attempts);
                    var n = (await session.Get("n"))?.ToInt64() ?? 0;
                    return await session.Transaction(t => t.Set("n", n + 1));
                }, attempts: 1000);
            }
        })));
        Assert.That(Get(Redis.Get("n"))!.Value.ToInt64(), Is.EqualTo(80));
        Assert.That(attempts, Is.GreaterThanOrEqualTo(80));
    }

    [Test]
    public void Who_leases_has_what_it_said_to_itself()
    {
        var other = Get(Redis.Lease(async session =>
        {
            await session.Select(3);
            await session.Set("k", "v");
            return await session.Wait(0, TimeSpan.FromMilliseconds(10)) >= 0 && await Redis.Get("k") is null;
        }));
        Assert.That((other, Get(Redis.Lease(session => session.Get("k").AsTask()))), Is.EqualTo((true, default(Bytes?))));
    }

    [Test]
    public void Who_looks_on_sees_commands()
    {
        var seen = Redis.Monitor().Where(command => command.Words[0] == "SET").FirstAsync().ToTask();
        Until(async () => (await Redis.Info("clients")).Length > 0 && await Redis.Set("k", "a \"b\" ü\r\n") && seen.IsCompleted);
        Assert.That(Live.Await(seen).Words, Is.EqualTo(new Bytes[] { "SET", "k", "a \"b\" ü\r\n" }));
    }

    [Test]
    public void All_keys_are_gone_through_and_no_further_than_one_likes()
    {
        var keys = Live.IsSoak ? 1_000_000 : 50_000;
        Get(Redis.Command("DEBUG POPULATE", keys));
        Assert.That(Get(Redis.Scan("key:*", pageSize: 1000).Distinct().Count()), Is.EqualTo(keys));
        Get(Redis.ConfigResetStat());
        Live.Run(async () =>
        {
            await foreach (var key in Redis.Scan().ReadAllAsync(10).Take(10))
            {
            }
        });
        var scans = Get(Redis.Info("commandstats")).Split('\n').Single(line => line.StartsWith("cmdstat_scan:", StringComparison.Ordinal));
        Assert.That(scans, Does.Match("calls=[12],"));
    }

    [Test]
    public void Streams_go_on_and_pending_stays_bounded()
    {
        Get(Redis.XGroupCreate("s", "g", StreamId.Zero, makeStream: true));
        for (var n = 0; n < 100; n++)
        {
            Get(Redis.XAdd("s", ("n", n)));
        }

        var (taken, most) = (new List<long>(), 0L);
        Live.Run(async () =>
        {
            await foreach (var entry in Redis.XReadGroupAll("g", "c", "s", pageSize: 5).ReadAllAsync(1).Take(50))
            {
                most = Math.Max(most, (await Redis.XPending("s", "g")).Count);
                taken.Add(entry["n"]!.Value.ToInt64());
                await Redis.XAck("s", "g", entry.Id);
            }
        });
        Assert.That(taken, Is.EqualTo(Enumerable.Range(0, 50).Select(n => (long)n)));
        Assert.That(most, Is.LessThanOrEqualTo(10));

        var tail = Redis.XReadAll("s").Take(2).Select(entry => entry["n"]!.Value.ToInt64()).ToList().ToTask();
        Until(async () => await Blocked() > 0);
        Get(Redis.XAdd("s", ("n", 777)));
        Get(Redis.XAdd("s", ("n", 778)));
        Assert.That(Live.Await(tail), Is.EqualTo(new[] { 777L, 778 }));
    }

    [Test]
    public void A_script_survives_a_server_that_has_forgotten_it()
    {
        var script = Script.Of("return redis.call('INCRBY', KEYS[1], ARGV[1])");
        Assert.That(Get(script.Run(Redis, reply => reply.ToInt64(), ["n"], 5)), Is.EqualTo(5));
        Get(Redis.ScriptFlush());
        Assert.That(Get(script.Run(Redis, reply => reply.ToInt64(), ["n"], 5)), Is.EqualTo(10));
        Assert.That(Get(Redis.Transaction(t => (script.Run(t, reply => reply.ToInt64(), ["n"], 1), t.Get("n")))), Is.EqualTo((11L, (Bytes?)"11")));
        Get(Redis.FunctionLoad("#!lua name=mylib\nredis.register_function('twice', function(keys, args) return args[1] * 2 end)", replace: true));
        Assert.That(Get(Redis.FCall("twice", arguments: 21)).ToInt64(), Is.EqualTo(42));
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // From asking to the reply, of calls that are all made at once.
    private TimeSpan Median(RedisClient redis, int gets) => Live.Run(async () =>
    {
        var (took, began) = (new List<TimeSpan>(gets), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, gets).Select(async _ =>
        {
            await redis.Get("none");
            took.Add(Stopwatch.GetElapsedTime(began));
        }));
        return took.Order().ElementAt(gets / 2);
    });
}
