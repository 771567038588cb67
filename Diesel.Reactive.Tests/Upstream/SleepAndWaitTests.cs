using System.Diagnostics;

namespace Diesel.Reactive.Tests;

/// <summary>What diesel's <c>test_sleep</c> and <c>test_wait</c> ask for; there, timers came up to 30 ms early.</summary>
public class SleepAndWaitTests
{
    [TestCase(HubKind.Epoll)]
    [TestCase(HubKind.Portable)]
    public void A_sleep_takes_its_time_and_is_never_early(HubKind kind)
    {
        using var hub = new EndingHub(kind);
        using var live = new Live(hub.Hub);
        var slept = live.Run(async () =>
        {
            var began = Stopwatch.GetTimestamp();
            await live.Hub.Sleep(TimeSpan.FromSeconds(0.3));
            return Stopwatch.GetElapsedTime(began);
        });
        Assert.That(slept, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(0.3)));
    }

    [Test]
    public void A_sleep_takes_its_time_to_the_tick()
    {
        using var world = new World();
        var woken = new List<double>();
        world.Hub.Fork(async () =>
        {
            await world.Hub.Sleep(TimeSpan.FromSeconds(0.3));
            woken.Add(world.Now);
        });
        world.Passes(1);
        Assert.That(woken.Single(), Is.EqualTo(0.3).Within(1e-6));
    }

    [Test]
    public void Sleeps_are_independent()
    {
        using var world = new World();
        var woken = new List<int>();
        foreach (var tenths in new[] { 3, 1, 2 })
        {
            world.Hub.Fork(async () =>
            {
                await world.Hub.Sleep(TimeSpan.FromSeconds(tenths / 10.0));
                woken.Add(tenths);
            });
        }

        world.Passes(1);
        Assert.That(woken, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void A_sleep_without_a_time_gives_exactly_one_turn()
    {
        using var world = new World();
        var order = new List<string>();
        foreach (var name in new[] { "a", "b" })
        {
            world.Hub.Fork(async () =>
            {
                for (var i = 0; i < 3; i++)
                {
                    order.Add($"{name}{i}");
                    await world.Hub.Sleep();
                }
            });
        }

        world.Settle();
        Assert.That(order, Is.EqualTo(new[] { "a0", "b0", "a1", "b1", "a2", "b2" }));
    }

    [Test]
    public void Waits_do_not_accumulate()
    {
        using var world = new World();
        var signals = new Signals(world.Hub);
        var (loop, _) = world.Runs(async () =>
        {
            while (true)
            {
                await First.Of(signals.Wait("never"), signals.Wait("often"));
            }
        });
        for (var i = 0; i < 100; i++)
        {
            world.Do(() => signals.Fire("often"));
            Assert.That((loop.WaitCount, signals.TopicCount), Is.EqualTo((1, 2)));
        }
    }
}
