using System.Diagnostics;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>Locks on Debian's redis-server.</summary>
public class RedisLockServerTests : RedisFixture
{
    // It is not renewed within the time a test waits: who renews finds out by himself.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    [Test]
    public void Is_held_renewed_and_released() => Live.Run(async () =>
    {
        var expiry = TimeSpan.FromMilliseconds(300);
        using var lease = await Redis.Lock("job", expiry).Acquire();
        await Live.Hub.Sleep(2 * expiry);
        Assert.That((await Redis.Get("job"), lease.Lost.IsCancellationRequested), Is.EqualTo(((Bytes?)lease.Token, false)));
        Assert.That((await lease.Release(), await Redis.Exists("job")), Is.EqualTo((true, 0L)));
    });

    [Test]
    public void Its_number_grows_even_when_the_server_has_forgotten_everything() => Live.Run(async () =>
    {
        var fences = new List<long>();
        for (var i = 0; i < 10; i++)
        {
            using var lease = await Redis.Lock("job").Acquire();
            fences.Add(lease.Fence);
            await lease.Release();
            await (i % 2 == 0 ? Redis.FlushAll() : Redis.Ping().Select(_ => System.Reactive.Unit.Default).ToAwaitable());
        }

        Assert.That(fences, Is.Ordered.Ascending.And.Unique);
    });

    [Test]
    public void Its_number_grows_though_the_servers_clock_has_gone_back() => Live.Run(async () =>
    {
        const long Later = 8_000_000_000_000_000;
        await Redis.Set(LockScripts.FenceOf("job"), Later);
        var lease = await Redis.Lock("job").Acquire();
        var next = Redis.Lock("job").Acquire().AsTask();
        await Becomes(() => InLine(1));
        lease.Dispose();
        Assert.That((lease.Fence, (await next).Fence), Is.EqualTo((Later + 1, Later + 2)));
    });

    [Test]
    public void Who_comes_when_it_is_free_stands_behind_who_waits() => Live.Run(async () =>
    {
        using var other = new RedisClient(Server.Uri(), hub: Live.Hub);
        await Redis.Set("job", "another program's");
        var waits = Story.Of(other.Lock("job").Acquire());
        await Becomes(() => InLine(1));
        await Redis.Del("job");
        var comes = Story.Of(Redis.Lock("job").Acquire());
        using var leaves = comes.Subscription;
        await Becomes(() => waits.IsCompleted || comes.IsCompleted);
        Assert.That((waits.IsCompleted, comes.IsOver), Is.EqualTo((true, false)));
    });

    [Test]
    public void Who_was_handed_it_is_told_when_its_key_is_gone() => Live.Run(async () =>
    {
        using var other = new RedisClient(Server.Uri(), hub: Live.Hub);
        var (held, told) = (await Redis.Lock("job", Long).Acquire(), new AwaitableSource<bool>());
        var next = other.Lock("job", Long).Acquire().AsTask();
        await Becomes(() => InLine(1));
        held.Dispose();
        using var registration = (await next).Lost.Register(() => told.TrySetResult(true));
        await Redis.Del("job");
        Assert.That(await told.Timeout(TimeSpan.FromSeconds(10)));
    });

    [TestCase("DEL job")]
    [TestCase("SET job other")]
    [TestCase("FLUSHALL")]
    public void The_holder_is_told_when_its_key_is_gone(string command) => Live.Run(async () =>
    {
        using var lease = await Redis.Lock("job", Long).Acquire();
        var told = new AwaitableSource<bool>();
        using var registration = lease.Lost.Register(() => told.TrySetResult(true));
        string[] words = command.Split(' ');
        await Redis.Command(words[0], [.. words[1..].Select(word => (Bytes)word)]);
        Assert.That(await told.Timeout(TimeSpan.FromSeconds(10)));
    });

    [Test]
    public void Who_waits_is_woken_and_asks_seldom() => Live.Run(async () =>
    {
        const int Rounds = 20;
        using var other = new RedisClient(Server.Uri(), hub: Live.Hub);
        var waited = new List<TimeSpan>();
        await Redis.Command("CONFIG RESETSTAT");
        var held = await Redis.Lock("job").Acquire();
        for (var i = 0; i < Rounds; i++)
        {
            var next = (i % 2 == 0 ? other : Redis).Lock("job").Acquire().AsTask();
            await Live.Hub.Sleep(TimeSpan.FromMilliseconds(20));
            var released = Stopwatch.GetTimestamp();
            held.Dispose();
            held = await next;
            waited.Add(Stopwatch.GetElapsedTime(released));
        }

        held.Dispose();
        var calls = (await Redis.Info("commandstats")).Split("cmdstat_").Where(line => line.StartsWith("eval", StringComparison.Ordinal) || line.StartsWith("get:", StringComparison.Ordinal));
        Assert.That(waited.Order().ElementAt(Rounds / 2), Is.LessThan(TimeSpan.FromMilliseconds(50)));
        Assert.That((await EvalCalls()) / (Rounds + 1.0), Is.LessThanOrEqualTo(5), string.Concat(calls));
    });

    [Test]
    public void A_holder_that_has_died_is_followed() => Live.Run(async () =>
    {
        var dead = new Live();
        var redis = new RedisClient(Server.Uri(), hub: dead.Hub);
        await redis.Lock("job", TimeSpan.FromMilliseconds(300)).Acquire();
        dead.Dispose();
        using var lease = await Redis.Lock("job").Acquire(TimeSpan.FromSeconds(10));
        Assert.That(lease.Fence, Is.GreaterThan(0));
    });

    [Test]
    public void One_who_has_died_in_line_is_passed_over_at_once() => Live.Run(async () =>
    {
        var expiry = TimeSpan.FromMinutes(1);
        using var other = new RedisClient(Server.Uri(), hub: Live.Hub);
        var (dead, held) = (new Live(), await Redis.Lock("job", expiry).Acquire());
        await other.Ping();
        var redis = new RedisClient(Server.Uri(), hub: dead.Hub);
        _ = dead.Hub.Run(() => redis.Lock("job", expiry).Acquire().Subscribe(static _ => { }, static _ => { })).AsTask();
        await Becomes(() => InLine(1));
        var next = other.Lock("job", expiry).Acquire().AsTask();
        await Becomes(() => InLine(2));
        var withNext = await Clients();
        dead.Dispose();

        // The server is to know: who is gone, and not known to be, is given it.
        await Becomes(async () => await Clients() <= withNext - 2);
        held.Dispose();
        using var lease = await next.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(lease.Fence, Is.GreaterThan(held.Fence));

        async Task<int> Clients() => (await Redis.ClientList()).Count;
    });

    [Test]
    public void Contenders_of_three_processes_keep_a_counter_that_never_goes_backwards()
    {
        var (seconds, rounds) = Live.IsSoak ? (60, 6) : (3, 1);
        string program = $"redis-lock {Server.Port} 17 {seconds}";
        var children = Enumerable.Range(0, 3).Select(_ => new Child(program)).ToList();
        try
        {
            children.ForEach(child => Assert.That(child.Line(), Is.EqualTo("begun")));
            for (var round = 0; round < rounds; round++)
            {
                Pause();
            }

            KillHolder(children[0]);
            Assert.That(children[1..].Select(child => child.Ends().Code), Is.All.Zero);
        }
        finally
        {
            children.ForEach(child => child.Dispose());
        }

        var stored = Live.Await(Redis.MGet("guard:entered", "guard:backwards", "guard:stale"));
        Assert.That(stored[0]!.Value.ToInt64(), Is.GreaterThan(20));
        Assert.That(stored[1], Is.Null, $"{stored[2]} who had lost the lock were refused.");
    }

    private async Task<bool> InLine(long count) => await Redis.ZCard("{job}:line") == count;

    // Longer than the expiry of those who contend.
    private void Pause()
    {
        Server.Signal("STOP");
        Live.Await(Live.Hub.Sleep(TimeSpan.FromSeconds(1.5)));
        Server.Signal("CONT");
        Live.Await(Live.Hub.Sleep(TimeSpan.FromSeconds(0.5)));
    }

    // It is stopped, again and again, until it is the one that holds the lock, and stays so: then it is killed.
    private void KillHolder(Child child) => Live.Run(async () =>
    {
        while (true)
        {
            await Live.Hub.Run(() => child.Signal("STOP"));
            await Live.Hub.Sleep(TimeSpan.FromMilliseconds(20));
            var (token, holder) = await Redis.Batch(b => (b.Get("job"), b.Get("guard:holder")));
            await Live.Hub.Sleep(TimeSpan.FromMilliseconds(50));
            if (token is not null && token == await Redis.Get("job") && holder == (Bytes)child.Id)
            {
                await Live.Hub.Run(() => child.Signal("KILL"));
                return;
            }

            await Live.Hub.Run(() => child.Signal("CONT"));
            await Live.Hub.Sleep(TimeSpan.FromMilliseconds(5));
        }
    });

    // Those of clients: what a script asks is its own.
    private async Task<long> EvalCalls()
    {
        var line = (await Redis.Info("commandstats")).Split("cmdstat_evalsha:calls=")[1];
        return long.Parse(line[..line.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
    }
}
