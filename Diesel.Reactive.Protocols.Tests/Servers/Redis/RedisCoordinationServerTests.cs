using System.Diagnostics;
using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What several programs share on Debian's redis-server.</summary>
public class RedisCoordinationServerTests : RedisSharingFixture
{
    [Test]
    public void An_item_that_fails_again_and_again_is_a_dead_letter_with_the_last_error() => Live.Run(async () =>
    {
        var options = new RedisQueueOptions { MaxDeliveries = 3 };
        var (queue, counts) = (Here.Queue<string>("q", options), new List<int>());
        queue.Put("poison");
        for (var i = 0; i < 3; i++)
        {
            var delivery = await queue.Take();
            counts.Add(delivery.Count);
            await delivery.NackAsync(error: $"error {i}");
        }

        var letter = (await queue.DeadLetters()).Single();
        Assert.That((counts, letter.Value.ToText(), letter.Count, letter.Error), Is.EqualTo((new[] { 1, 2, 3 }, "\"poison\"", 3, "error 2")));
        Assert.That((await queue.Length(), (await queue.DeadLetters(after: letter.Id)).Count), Is.EqualTo((0L, 0)));
    });

    [Test]
    public void What_nobody_has_seen_goes_back_to_its_place() => Live.Run(async () =>
    {
        var queue = Here.Queue<int>("q");
        for (var i = 0; i < 30; i++)
        {
            queue.Put(i);
        }

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => queue.Take().AsTask()));
        var back = taken.OrderBy(delivery => delivery.Value * 7 % 20).Select(delivery => (Bytes)$"x 1 0 {delivery.Id} ");
        await Redis.Command("FCALL", ["diesel_queue_settle", 1, "{shop:queue:q}", 1, 86_400_000, 30_000, 10, 10, "another", 1, .. back]);
        var again = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => queue.Take().AsTask()));
        Assert.That(again.Select(delivery => (delivery.Value, delivery.Count)), Is.EqualTo(Enumerable.Range(0, 30).Select(n => (n, 1))));
    });

    [Test]
    public void A_step_that_a_later_one_has_overtaken_is_not_done() => Live.Run(async () =>
    {
        await Here.Queue<int>("q").PutAsync(0);
        await Put(2);
        await Put(2);
        Assert.That(await Failure(Put(1).Select(static _ => (object?)null)), Is.InstanceOf<RedisErrorException>().With.Property(nameof(RedisErrorException.Code)).EqualTo("DIESELLATE"));
        await Put(3);
        Assert.That(await Here.Queue<int>("q").Length(), Is.EqualTo(3));

        Awaitable<RespValue> Put(int number) => Redis.Command("FCALL", "diesel_queue_put", 1, "{shop:queue:q}", 1, 86_400_000, 0, 1000, "another", number, "7", "", 0);
    });

    [Test]
    public void Who_does_not_renew_is_doubled_and_its_acknowledgement_fails() => Live.Run(async () =>
    {
        var options = new RedisQueueOptions { VisibilityTimeout = TimeSpan.FromMilliseconds(200) };
        var (here, there) = (Here.Queue<int>("q", options), There.Queue<int>("q", options));
        here.Put(1);
        var first = await here.Take();
        var again = await there.Take(timeout: TimeSpan.FromSeconds(10));
        Assert.That((again.Count, again.IsRedelivered), Is.EqualTo((2, true)));
        Assert.That(await Failure(first.AckAsync().Select(static _ => (object?)null)), Is.InstanceOf<DeliveryLostException>());
        await again.AckAsync();
    });

    [Test]
    public void Losing_a_race_again_and_again_loses_and_doubles_nothing() => TestContext.Out.WriteLine(Live.Run(async () =>
    {
        var (rounds, got, marked) = (Live.IsSoak ? 150_000 : 3000, new List<int>(), 0);
        var (here, there) = (Here.Queue<int>("q"), There.Queue<int>("q"));
        var random = new Random(3);
        _ = Live.Hub.Fork(async () =>
        {
            for (var i = 0; i < rounds / 3; i++)
            {
                there.Put(i);
                await Live.Hub.Sleep(TimeSpan.FromTicks(random.Next(5_000)));
            }
        });
        var losses = 0;
        for (var i = 0; i < rounds || got.Count < rounds / 3; i++)
        {
            var won = await First.Of(here.Take(), Live.Hub.Sleep(TimeSpan.FromTicks(random.Next(10_000))));
            if (won.TryFirst(out var delivery))
            {
                got.Add(delivery.Value);
                marked += delivery.IsRedelivered ? 1 : 0;
                delivery.Ack();
            }
            else
            {
                losses++;
            }
        }

        Assert.That((got.Order(), marked), Is.EqualTo((Enumerable.Range(0, rounds / 3), 0)));
        Assert.That(losses, Is.GreaterThan(rounds / 10));
        await here.PutAsync(-1);
        Assert.That(await here.Get(), Is.EqualTo(-1));
        return $"{losses} races lost.";
    }));

    [Test]
    public void A_thousand_who_wait_cost_three_connections_and_no_command() => Live.Run(async () =>
    {
        using var held = await There.Lock("l0", TimeSpan.FromMinutes(1)).Acquire();
        var before = (await Redis.ClientList()).Count;
        using var client = Client();
        using var shared = new RedisCoordination(client, "shop");
        var stories = Enumerable.Range(0, 1000).Select(i => (i % 100) switch
        {
            < 50 and var n => Story.Of(shared.Queue<int>($"q{n}").Get().Select(static _ => 0)),
            < 75 and var n => Story.Of(shared.Event($"e{n}").Wait().Select(static _ => 0)),
            < 99 and var n => Story.Of(shared.Countdown($"c{n}", 2).Wait().Select(static _ => 0)),
            _ => Story.Of(shared.Lock("l0").Acquire().Select(static _ => 0)),
        }).ToArray();
        await Live.Hub.Sleep(TimeSpan.FromSeconds(1));
        Assert.That((await Redis.ClientList()).Count - before, Is.LessThanOrEqualTo(3));
        await Redis.Command("CONFIG RESETSTAT");
        await Live.Hub.Sleep(TimeSpan.FromSeconds(3));
        var calls = (await Redis.Info("commandstats")).Split("cmdstat_").Skip(1).Where(line => !line.StartsWith("config", StringComparison.Ordinal)).ToArray();
        Assert.That(calls.Where(line => !line.StartsWith("ping", StringComparison.Ordinal)), Is.Empty);
        Assert.That(stories.Any(story => story.IsOver), Is.False);
    });

    [Test]
    public void All_keys_are_under_the_prefix_and_end_with_their_object() => Live.Run(async () =>
    {
        Here.Event("e").Set();
        await There.Event("e").Wait();
        Here.Countdown("c", 2).Tick("x");
        Here.Countdown("c", 2).Tick();
        await There.Countdown("c", 2).Wait();
        var queue = Here.Queue<int>("q");
        await queue.PutAsync(1, key: "k");
        await queue.PutAsync(2, delay: TimeSpan.FromMilliseconds(50));
        await queue.Get();
        var second = await queue.Take();
        await second.NackAsync(error: "why");
        await (await queue.Take()).AckAsync();
        using (await Here.Lock("l").Acquire())
        {
            var next = Story.Of(There.Lock("l").Acquire());
            await Live.Hub.Sleep(TimeSpan.FromMilliseconds(100));
            next.Subscription!.Dispose();
        }

        using (await Here.Semaphore("s", 2).Acquire())
        {
            await Live.Hub.Sleep(TimeSpan.FromMilliseconds(100));
        }

        await Live.Hub.Sleep(TimeSpan.FromMilliseconds(100));
        var keys = await Redis.Keys("*");
        Assert.That(keys, Has.Count.GreaterThan(5));
        foreach (var key in keys)
        {
            var left = await Redis.Ttl(key);
            Assert.That(key.ToText(), Does.StartWith("{shop:"));
            Assert.That(left, Is.Not.Null.And.LessThan(TimeSpan.FromDays(2)), $"{key}");
        }
    });

    [Test]
    public void What_nobody_uses_is_forgotten_and_what_one_waits_for_is_not() => Live.Run(async () =>
    {
        using var shared = new RedisCoordination(Redis, "brief", new RedisCoordinationOptions { KeepFor = TimeSpan.FromSeconds(1) });
        await shared.Event("forgotten").SetAsync();
        await shared.Countdown("forgotten", 2).TickAsync();
        await shared.Queue<int>("forgotten").PutAsync(1);
        await shared.Queue<int>("forgotten").Get();
        await shared.Queue<int>("kept").PutAsync(1);
        await shared.Fanout<int>("forgotten").PublishAsync(1);
        await shared.Countdown("kept", 2).TickAsync();
        using var waiting = Story.Of(shared.Countdown("kept", 2).Wait()).Subscription;
        await Live.Hub.Sleep(TimeSpan.FromSeconds(2));
        var left = (await Redis.Keys("{brief:*")).Select(key => key.ToText()).Where(key => !key.Contains(":w:", StringComparison.Ordinal));
        Assert.That(left.Order(StringComparer.Ordinal), Is.EqualTo(new[] { "{brief:countdown:kept}", "{brief:queue:kept}" }));
    });

    [Test]
    public void What_is_something_else_at_the_server_is_a_clear_error() => Live.Run(async () =>
    {
        await Redis.Set("{shop:event:e}", "text");
        await Redis.Set("{shop:queue:q}", "text");
        Assert.That(await Failure(Here.Event("e").SetAsync().Select(static _ => (object?)null)), Is.InstanceOf<InvalidOperationException>().With.Message.Contains("the event 'shop:e'").And.Message.Contains("WRONGTYPE"));
        Assert.That(await Failure(Here.Queue<int>("q").Take()), Is.InstanceOf<InvalidOperationException>().With.Message.Contains("the queue 'shop:q'"));
        await Here.Countdown("c", 2).TickAsync();
        Assert.That(await Failure(There.Countdown("c", 3).Wait().Select(static _ => (object?)null)), Is.InstanceOf<InvalidOperationException>().With.Message.Contains("began with 2"));
    });

    [Test]
    public void Foreign_entries_of_a_queue_are_dead_letters_and_are_told() => Live.Run(async () =>
    {
        var errors = Story.Of(Here.Errors);
        await Redis.Command("XADD", "{shop:queue:q}", "*", "somebody", "else");
        var queue = Here.Queue<int>("q");
        await queue.PutAsync(1);
        Assert.That(await queue.Get(), Is.EqualTo(1));
        Assert.That((errors.Values.Count, (await queue.DeadLetters()).Single().Error), Is.EqualTo((1, "it is no item of a queue: it has no field v")));
    });

    [Test]
    public void Older_functions_are_replaced_and_newer_ones_refuse() => Live.Run(async () =>
    {
        var code = new FunctionLibrary("event").Code.ToText();
        await Redis.FunctionLoad(code.Replace("VERSION = 1", "VERSION = 0", StringComparison.Ordinal), replace: true);
        await Here.Event("e").SetAsync();
        await Redis.FunctionLoad(code.Replace("VERSION = 1", "VERSION = 2", StringComparison.Ordinal), replace: true);
        Assert.That(await Failure(Here.Event("e").ClearAsync().Select(static _ => (object?)null)), Is.InstanceOf<InvalidOperationException>().With.Message.Contains("bring it up to date"));
        await Redis.FunctionLoad(code, replace: true);
        await Here.Event("e").ClearAsync();
    });

    [Test]
    public void Twenty_who_contend_get_equal_shares_soon_and_for_few_commands() => TestContext.Out.WriteLine(Live.Run(async () =>
    {
        const int Waiters = 20;
        var (shares, handed, released) = (new int[Waiters], new List<TimeSpan>(), 0L);
        var over = Live.Hub.Now + TimeSpan.FromSeconds(Live.IsSoak ? 30 : 3);
        await Redis.Command("CONFIG RESETSTAT");
        await Task.WhenAll(Enumerable.Range(0, Waiters).Select(async n =>
        {
            var contended = (n % 2 == 0 ? Here : There).Lock("l");
            while (Live.Hub.Now < over)
            {
                using var lease = await contended.Acquire();
                if (released != 0)
                {
                    handed.Add(Stopwatch.GetElapsedTime(released));
                }

                shares[n]++;
                await Live.Hub.Sleep(TimeSpan.FromMilliseconds(1));
                released = Stopwatch.GetTimestamp();
            }
        }));
        var asked = (await Redis.Info("commandstats")).Split("cmdstat_").Skip(1).Sum(line => line.StartsWith("eval", StringComparison.Ordinal) || line.StartsWith("ssubscribe", StringComparison.Ordinal) || line.StartsWith("sunsubscribe", StringComparison.Ordinal)
            ? long.Parse(line.Split("calls=")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture) : 0);
        Assert.That(shares.Max(), Is.LessThanOrEqualTo(2.0 * shares.Sum() / Waiters));
        Assert.That(shares.Min(), Is.GreaterThanOrEqualTo(0.5 * shares.Sum() / Waiters));
        Assert.That(asked / (double)shares.Sum(), Is.LessThanOrEqualTo(6));
        Assert.That(handed.Order().ElementAt(handed.Count / 2), Is.LessThan(TimeSpan.FromMilliseconds(20)));
        return $"{shares.Sum()} acquisitions, shares {shares.Min()}-{shares.Max()}, {asked / (double)shares.Sum():f2} commands each, handed over within {handed.Order().ElementAt(handed.Count / 2).TotalMilliseconds:f2} ms.";
    }));
}
