using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A real server behind a network that cuts, holds, loses and resets.</summary>
public class RedisProxyTests : RedisFixture
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);

    [Test]
    public void Every_reply_is_its_callers_and_nobody_is_told_twice([Values] RespVersion version)
    {
        const int Callers = 100;
        var commands = (Live.IsSoak ? 200_000 : 20_000) / Callers;
        using var proxy = new FaultProxy(Server.Port, seed: 7) { Cuts = true };
        using var redis = new RedisClient($"redis://127.0.0.1:{proxy.Port}", new() { Protocol = version, MaxReconnectDelay = TimeSpan.FromMilliseconds(20) }, Live.Hub);
        Get(redis.MSet([.. Enumerable.Range(0, 100).Select(n => ((Bytes)$"k{n}", (Bytes)$"v{n}"))]));
        using var worries = proxy.Worries();
        var callers = Enumerable.Range(0, Callers).Select(id => new Caller(id, redis, Live.Hub)).ToArray();
        Live.Run(async () =>
        {
            // On a fast machine all may be done before the first cut.
            do
            {
                await Task.WhenAll(callers.Select(caller => caller.Calls(commands)));
            }
            while (proxy.Dials < 3);
        });
        worries.Dispose();
        proxy.Holds = false;
        foreach (var caller in callers)
        {
            var stored = Get(Redis.Get($"n{caller.Id}"))?.ToInt64() ?? 0;
            Assert.That((caller.Wrong, stored), Is.EqualTo((Array.Empty<string>(), Math.Clamp(stored, caller.Counted, caller.Asked))), $"Caller {caller.Id}.");
        }

        TestContext.Out.WriteLine($"{Callers * commands} commands, {callers.Sum(caller => caller.Left)} abandoned, {callers.Sum(caller => caller.Failed)} failed, {proxy.Dials} connections");
        Assert.That((callers.Sum(caller => caller.Left) > 0.3 * Callers * commands, proxy.Dials > 1), Is.EqualTo((true, true)));
    }

    [Test]
    public void A_reply_that_is_lost_ends_its_connection_and_the_next_one_serves([Values] RespVersion version) => Live.Run(async () =>
    {
        using var proxy = new FaultProxy(Server.Port);
        using var redis = new RedisClient($"redis://127.0.0.1:{proxy.Port}", new() { Protocol = version, Timeout = TimeSpan.FromSeconds(1) }, Live.Hub);
        await redis.Ping();
        proxy.Drops("+OK\r\n".Length);
        var patient = redis.With(options => options with { Timeout = TimeSpan.FromSeconds(60) });
        var sets = Enumerable.Range(0, 10).Select(n => (n == 9 ? redis : patient).Set("k", n)).ToArray();
        Array.ForEach(sets[..^1], set => set.Subscribe(_ => { }, _ => { }));
        Assert.That(await Failure(sets[^1].Select(done => (object?)done)), Is.InstanceOf<TimeoutException>().Or.InstanceOf<ReplyLostException>());
        Assert.That((await redis.Get("k"), proxy.Dials), Is.EqualTo(((Bytes?)9, 2)));
    });

    [Test]
    public void What_is_kept_ends_with_a_connection_that_is_cut_before_it_is_told() => Live.Run(async () =>
    {
        using var proxy = new FaultProxy(Server.Port);
        using var redis = new RedisClient($"redis://127.0.0.1:{proxy.Port}", hub: Live.Hub);
        var cache = redis.Cached(TimeSpan.FromHours(1));
        await Redis.Set("k", "v");
        Assert.That((await cache.Get("k"), await cache.Get("k"), cache.Counts.Hits), Is.EqualTo(((Bytes?)"v", (Bytes?)"v", 1L)));
        proxy.Holds = true;
        await Redis.Set("k", "w");
        Assert.That(await cache.Get("k"), Is.EqualTo((Bytes?)"v"), "Nobody has been told.");
        await Live.Hub.Run(proxy.Resets);
        proxy.Holds = false;
        await Becomes(() => cache.Counts.Entries == 0);
        Assert.That(await cache.Get("k"), Is.EqualTo((Bytes?)"w"));
    });

    /// <summary>Reads, echoes and counts by turns, and leaves a third of what it asked for.</summary>
    private sealed class Caller(int id, RedisClient redis, Hub hub)
    {
        private readonly Random _random = new(id);
        private readonly List<string> _wrong = [];

        public int Id => id;

        public IReadOnlyList<string> Wrong => _wrong;

        /// <summary>What the server has said it has counted to.</summary>
        public long Counted { get; private set; }

        /// <summary>How often it has asked it to: nobody knows of those whose reply was lost.</summary>
        public long Asked { get; private set; }

        public int Left { get; private set; }

        public int Failed { get; private set; }

        public async Task Calls(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var (n, word) = (_random.Next(100), $"{id}:{i}");
                switch (_random.Next(3))
                {
                    case 0:
                        await Ask(redis.Get($"k{n}"), value => value == (Bytes)$"v{n}");
                        break;
                    case 1:
                        await Ask(redis.Repeatable().Command("ECHO", word), value => value.ToText() == word);
                        break;
                    default:
                        Asked++;
                        await Ask(redis.Incr($"n{id}"), Counts);
                        break;
                }
            }
        }

        private bool Counts(long number)
        {
            var isNext = number > Counted && number <= Asked;
            Counted = number;
            return isNext;
        }

        private async Task Ask<T>(Awaitable<T> asked, Func<T, bool> isOwn)
        {
            var receipt = new Receipt<T>(isOwn);
            var subscription = asked.Subscribe(receipt);
            if (_random.Next(2) == 0 && !await Stays(receipt))
            {
                receipt.Leave();
                subscription.Dispose();
                Left++;
                return;
            }

            var error = await receipt.Over;
            Failed += error is null ? 0 : 1;
            if ((receipt.Wrong ?? (error is null or IOException or TimeoutException ? null : error.ToString())) is { } wrong)
            {
                _wrong.Add(wrong);
            }
        }

        // Until it is answered, if that is soon.
        private async Task<bool> Stays<T>(Receipt<T> receipt)
        {
            if (_random.Next(3) > 0)
            {
                return false;
            }

            return (await First.Of(receipt.Over, hub.Sleep(Moment * _random.NextDouble()))).Index == 0;
        }
    }
}
