using System.Diagnostics;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Locks on Debian's redis-server.</summary>
public class RedisLockServerTests
{
    private RedisServer _server = null!;
    private Live _live = null!;
    private RedisClient _redis = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _live = new Live();
        _redis = new RedisClient(_server.Uri(), hub: _live.Hub);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _redis?.Dispose();
        _live?.Dispose();
        _server?.Dispose();
    }

    [SetUp]
    public void Empty() => _live.Await(_redis.FlushAll());

    [Test]
    public void Is_held_renewed_and_released() => _live.Run(async () =>
    {
        var expiry = TimeSpan.FromMilliseconds(300);
        using var lease = await _redis.Lock("job", expiry).Acquire();
        await _live.Hub.Sleep(2 * expiry);
        Assert.That((await _redis.Get("job"), lease.Lost.IsCancellationRequested), Is.EqualTo(((Bytes?)lease.Token, false)));
        Assert.That((await lease.Release(), await _redis.Exists("job")), Is.EqualTo((true, 0L)));
    });

    [Test]
    public void Its_number_grows_even_when_the_server_has_forgotten_everything() => _live.Run(async () =>
    {
        var fences = new List<long>();
        for (var i = 0; i < 10; i++)
        {
            using var lease = await _redis.Lock("job").Acquire();
            fences.Add(lease.Fence);
            await lease.Release();
            await (i % 2 == 0 ? _redis.FlushAll() : _redis.Ping().Select(_ => System.Reactive.Unit.Default).ToAwaitable());
        }

        Assert.That(fences, Is.Ordered.Ascending.And.Unique);
    });

    [TestCase("DEL job")]
    [TestCase("SET job other")]
    [TestCase("FLUSHALL")]
    public void The_holder_is_told_when_its_key_is_gone(string command) => _live.Run(async () =>
    {
        using var lease = await _redis.Lock("job").Acquire();
        var told = new AwaitableSource<bool>();
        using var registration = lease.Lost.Register(() => told.TrySetResult(true));
        string[] words = command.Split(' ');
        await _redis.Command(words[0], [.. words[1..].Select(word => (Bytes)word)]);
        Assert.That(await told.Timeout(TimeSpan.FromSeconds(10)));
    });

    [Test]
    public void Who_waits_is_woken_and_asks_seldom() => _live.Run(async () =>
    {
        const int Rounds = 20;
        using var other = new RedisClient(_server.Uri(), hub: _live.Hub);
        var waited = new List<TimeSpan>();
        await _redis.Command("CONFIG RESETSTAT");
        var held = await _redis.Lock("job").Acquire();
        for (var i = 0; i < Rounds; i++)
        {
            var next = (i % 2 == 0 ? other : _redis).Lock("job").Acquire().AsTask();
            await _live.Hub.Sleep(TimeSpan.FromMilliseconds(20));
            var released = Stopwatch.GetTimestamp();
            held.Dispose();
            held = await next;
            waited.Add(Stopwatch.GetElapsedTime(released));
        }

        held.Dispose();
        var calls = (await _redis.Info("commandstats")).Split("cmdstat_").Where(line => line.StartsWith("eval:", StringComparison.Ordinal) || line.StartsWith("get:", StringComparison.Ordinal));
        Assert.That(waited.Order().ElementAt(Rounds / 2), Is.LessThan(TimeSpan.FromMilliseconds(50)));
        Assert.That((await EvalCalls()) / (Rounds + 1.0), Is.LessThanOrEqualTo(5), string.Concat(calls));
    });

    [Test]
    public void A_holder_that_has_died_is_followed() => _live.Run(async () =>
    {
        var dead = new Live();
        var redis = new RedisClient(_server.Uri(), hub: dead.Hub);
        await redis.Lock("job", TimeSpan.FromMilliseconds(300)).Acquire();
        dead.Dispose();
        using var lease = await _redis.Lock("job").Acquire(TimeSpan.FromSeconds(10));
        Assert.That(lease.Fence, Is.GreaterThan(0));
    });

    [Test]
    public void Contenders_of_three_processes_keep_a_counter_that_never_goes_backwards()
    {
        var (seconds, rounds) = Live.IsSoak ? (60, 6) : (3, 1);
        string program = $"redis-lock {_server.Port} 17 {seconds}";
        var children = Enumerable.Range(0, 3).Select(_ => new Child(program)).ToList();
        try
        {
            children.ForEach(child => Assert.That(child.Line(), Is.EqualTo("begun")));
            for (var round = 0; round < rounds; round++)
            {
                Pause();
            }

            // Whoever holds the lock may be in it.
            children[0].Signal("KILL");
            Assert.That(children[1..].Select(child => child.Ends().Code), Is.All.Zero);
        }
        finally
        {
            children.ForEach(child => child.Dispose());
        }

        var stored = _live.Await(_redis.MGet("guard:entered", "guard:backwards", "guard:stale"));
        Assert.That(stored[0]!.Value.ToInt64(), Is.GreaterThan(20));
        Assert.That(stored[1], Is.Null, $"{stored[2]} who had lost the lock were refused.");
    }

    // Longer than the expiry of those who contend.
    private void Pause()
    {
        _server.Signal("STOP");
        _live.Await(_live.Hub.Sleep(TimeSpan.FromSeconds(1.5)));
        _server.Signal("CONT");
        _live.Await(_live.Hub.Sleep(TimeSpan.FromSeconds(0.5)));
    }

    // Those of clients: what a script asks is its own.
    private async Task<long> EvalCalls()
    {
        var line = (await _redis.Info("commandstats")).Split("cmdstat_eval:calls=")[1];
        return long.Parse(line[..line.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
    }
}
