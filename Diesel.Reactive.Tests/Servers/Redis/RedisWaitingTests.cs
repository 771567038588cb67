using System.Reactive.Threading.Tasks;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Waiting, watching, looking on and going through, at a real server.</summary>
[TestFixture(RespVersion.Resp2)]
[TestFixture(RespVersion.Resp3)]
public class RedisWaitingTests(RespVersion version)
{
    private RedisServer _server = null!;
    private Live _live = null!;
    private RedisClient _redis = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _live = new Live();
        _redis = new RedisClient(_server.Uri(), new() { Protocol = version }, _live.Hub);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _redis?.Dispose();
        _live?.Dispose();
        _server?.Dispose();
    }

    [SetUp]
    public void Empty() => Get(_redis.FlushAll());

    [Test]
    public void Who_waits_holds_nobody_up_and_gets_what_comes()
    {
        var callers = Live.IsSoak ? 500 : 100;
        var waits = Enumerable.Range(0, callers).Select(_ => _redis.BLPop(Timeout.InfiniteTimeSpan, "jobs").AsTask()).ToArray();
        Until(async () => await Blocked() == callers);
        Assert.That(Get(Observable.Merge(Enumerable.Range(0, 2000).Select(_ => _redis.Incr("n"))).Max()), Is.EqualTo(2000));
        Get(_redis.RPush("jobs", [.. Enumerable.Range(0, callers).Select(n => (Bytes)n)]));
        Assert.That(_live.Await(Task.WhenAll(waits)).Select(got => got!.Value.Value.ToInt64()), Is.EquivalentTo(Enumerable.Range(0, callers).Select(n => (long)n)));
    }

    [Test]
    public void Who_has_left_waits_no_longer()
    {
        var waits = Enumerable.Range(0, 20).Select(_ => _redis.BLPop(Timeout.InfiniteTimeSpan, "jobs").Subscribe()).ToArray();
        Until(async () => await Blocked() == 20);
        Array.ForEach(waits, static wait => wait.Dispose());
        Until(async () => await Blocked() == 0);
        Get(_redis.RPush("jobs", "a"));
        Assert.That(Get(_redis.LRange("jobs")), Is.EqualTo(new Bytes[] { "a" }));
    }

    [Test]
    public void Nothing_is_lost_to_those_who_leave()
    {
        const int Items = 500;
        var consumers = Task.WhenAll(Enumerable.Range(0, 20).Select(Consume));
        _live.Run(Produce);
        var taken = _live.Await(consumers).SelectMany(all => all).ToArray();
        Until(async () => await Blocked() == 0 && await _redis.LLen("jobs") + taken.Length == Items);
        var left = Get(_redis.LRange("jobs")).Select(value => value.ToInt64());
        Assert.That(taken.Concat(left).Order(), Is.EqualTo(Enumerable.Range(0, Items).Select(n => (long)n)));

        async Task<List<long>> Consume(int seed)
        {
            var (random, got) = (new Random(seed), new List<long>());
            while (await _redis.Get("over") is null)
            {
                try
                {
                    if (await _redis.BLPop(Timeout.InfiniteTimeSpan, "jobs").Timeout(TimeSpan.FromMilliseconds(random.Next(1, 8)), _live.Hub) is { } job)
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
                await _redis.RPush("jobs", n);
                await _live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
            }

            await _redis.Set("over", 1);
        }
    }

    [Test]
    public void A_server_that_has_nothing_in_time_says_so()
    {
        Assert.That(Get(_redis.BLPop(TimeSpan.FromMilliseconds(20), "jobs")), Is.Null);
        Assert.That(Get(_redis.XRead(TimeSpan.FromMilliseconds(20), null, ("s", "$"))), Is.Empty);
        Assert.That(Get(_redis.BLPop(TimeSpan.Zero, "jobs")), Is.Null);
    }

    [Test]
    public void Those_who_watch_count_right()
    {
        var attempts = 0;
        _live.Await(Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                await _redis.Watch(["n"], async session =>
                {
                    Interlocked.Increment(ref attempts);
                    var n = (await session.Get("n"))?.ToInt64() ?? 0;
                    return await session.Transaction(t => t.Set("n", n + 1));
                }, attempts: 1000);
            }
        })));
        Assert.That(Get(_redis.Get("n"))!.Value.ToInt64(), Is.EqualTo(80));
        Assert.That(attempts, Is.GreaterThanOrEqualTo(80));
    }

    [Test]
    public void Who_leases_has_what_it_said_to_itself()
    {
        var other = Get(_redis.Lease(async session =>
        {
            await session.Select(3);
            await session.Set("k", "v");
            return await session.Wait(0, TimeSpan.FromMilliseconds(10)) >= 0 && await _redis.Get("k") is null;
        }));
        Assert.That((other, Get(_redis.Lease(session => session.Get("k").AsTask()))), Is.EqualTo((true, default(Bytes?))));
    }

    [Test]
    public void Who_looks_on_sees_commands()
    {
        var seen = _redis.Monitor().Where(command => command.Words[0] == "SET").FirstAsync().ToTask();
        Until(async () => (await _redis.Info("clients")).Length > 0 && await _redis.Set("k", "a \"b\" ü\r\n") && seen.IsCompleted);
        Assert.That(_live.Await(seen).Words, Is.EqualTo(new Bytes[] { "SET", "k", "a \"b\" ü\r\n" }));
    }

    [Test]
    public void All_keys_are_gone_through_and_no_further_than_one_likes()
    {
        Get(_redis.MSet([.. Enumerable.Range(0, 5000).Select(n => ((Bytes)$"k{n}", (Bytes)n))]));
        Assert.That(Get(_redis.Scan("k*", pageSize: 500).Distinct().Count()), Is.EqualTo(5000));
        Get(_redis.ConfigResetStat());
        _live.Run(async () =>
        {
            await foreach (var key in _redis.Scan().ReadAllAsync(10).Take(10))
            {
            }
        });
        var scans = Get(_redis.Info("commandstats")).Split('\n').Single(line => line.StartsWith("cmdstat_scan:", StringComparison.Ordinal));
        Assert.That(scans, Does.Match("calls=[12],"));
    }

    [Test]
    public void Streams_go_on_and_pending_stays_bounded()
    {
        Get(_redis.XGroupCreate("s", "g", StreamId.Zero, makeStream: true));
        for (var n = 0; n < 100; n++)
        {
            Get(_redis.XAdd("s", ("n", n)));
        }

        var (taken, most) = (new List<long>(), 0L);
        _live.Run(async () =>
        {
            await foreach (var entry in _redis.XReadGroupAll("g", "c", "s", pageSize: 5).ReadAllAsync(1).Take(50))
            {
                most = Math.Max(most, (await _redis.XPending("s", "g")).Count);
                taken.Add(entry["n"]!.Value.ToInt64());
                await _redis.XAck("s", "g", entry.Id);
            }
        });
        Assert.That(taken, Is.EqualTo(Enumerable.Range(0, 50).Select(n => (long)n)));
        Assert.That(most, Is.LessThanOrEqualTo(10));

        var tail = _redis.XReadAll("s").Take(2).Select(entry => entry["n"]!.Value.ToInt64()).ToList().ToTask();
        Until(async () => await Blocked() > 0);
        Get(_redis.XAdd("s", ("n", 777)));
        Get(_redis.XAdd("s", ("n", 778)));
        Assert.That(_live.Await(tail), Is.EqualTo(new[] { 777L, 778 }));
    }

    [Test]
    public void A_script_survives_a_server_that_has_forgotten_it()
    {
        var script = Script.Of("return redis.call('INCRBY', KEYS[1], ARGV[1])");
        Assert.That(Get(script.Run(_redis, reply => reply.ToInt64(), ["n"], 5)), Is.EqualTo(5));
        Get(_redis.ScriptFlush());
        Assert.That(Get(script.Run(_redis, reply => reply.ToInt64(), ["n"], 5)), Is.EqualTo(10));
        Assert.That(Get(_redis.Transaction(t => (script.Run(t, reply => reply.ToInt64(), ["n"], 1), t.Get("n")))), Is.EqualTo((11L, (Bytes?)"11")));
        Get(_redis.FunctionLoad("#!lua name=mylib\nredis.register_function('twice', function(keys, args) return args[1] * 2 end)", replace: true));
        Assert.That(Get(_redis.FCall("twice", arguments: 21)).ToInt64(), Is.EqualTo(42));
    }

    private T Get<T>(IObservable<T> asked) => _live.Await(asked);

    private async Task<int> Blocked() => (await _redis.ClientList()).Count(client => client["flags"].Contains('b', StringComparison.Ordinal));

    private void Until(Func<Task<bool>> holds) => _live.Run(async () =>
    {
        while (!await holds())
        {
            await _live.Hub.Sleep(TimeSpan.FromMilliseconds(5));
        }
    });
}
