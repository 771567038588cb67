namespace Diesel.Reactive.Tests;

public class SignalsTests
{
    private static readonly Topic<int> Number = new("number");

    [Test]
    public void All_who_wait_get_the_value_and_the_topic_is_freed() => World.Run(async hub =>
    {
        var (signals, seen) = (new Signals(hub), new List<int>());
        _ = hub.Fork(async () => seen.Add(await signals.Wait(Number)));
        _ = hub.Fork(async () => seen.Add(await signals.Wait(Number)));
        await hub.Sleep();
        signals.Fire(Number, 7);
        await hub.Sleep();
        Assert.That((string.Join(",", seen), signals.TopicCount), Is.EqualTo(("7,7", 0)));
    });

    [Test]
    public void Two_loops_that_wait_again_see_each_signal() => World.Run(async hub =>
    {
        var (signals, seen) = (new Signals(hub), new List<int>());
        async Task Watch()
        {
            for (var i = 0; i < 3; i++)
            {
                seen.Add(await signals.Wait(Number));
            }
        }

        _ = hub.Fork(Watch);
        _ = hub.Fork(Watch);
        for (var i = 0; i < 3; i++)
        {
            await hub.Sleep(TimeSpan.FromSeconds(1));
            signals.Fire(Number, i);
        }

        await hub.Sleep();
        Assert.That(seen, Is.EqualTo((int[])[0, 0, 1, 1, 2, 2]));
    });

    [Test]
    public void What_nobody_waits_for_is_lost_and_keeps_nothing() => World.Run(async hub =>
    {
        var signals = new Signals(hub);
        signals.Fire("nobody", 1);
        Assert.That(signals.TopicCount, Is.Zero);
        await hub.Sleep();
    });

    [Test]
    public void An_unrelated_signal_wakes_nobody() => World.Run(async hub =>
    {
        var signals = new Signals(hub);
        _ = hub.Fork(async () =>
        {
            await hub.Sleep();
            signals.Fire("other");
            signals.Fire(new Topic<int>("thing"), 1);
        });
        await Assert.ThatAsync(async () => await signals.Wait("thing", TimeSpan.FromSeconds(1)), Throws.InstanceOf<TimeoutException>());
        Assert.That(signals.TopicCount, Is.Zero);
    });

    [Test]
    public void A_fired_exception_is_a_value() => World.Run(async hub =>
    {
        var (signals, error) = (new Signals(hub), new InvalidOperationException());
        _ = hub.Fork(async () =>
        {
            await hub.Sleep();
            signals.Fire("thing", error);
        });
        Assert.That(await signals.Wait("thing"), Is.SameAs(error));
    });

    [Test]
    public void A_stream_of_a_topic_ends_when_it_is_unsubscribed() => World.Run(async hub =>
    {
        var (signals, seen) = (new Signals(hub), new List<int>());
        using (signals.On(Number).Where(n => n % 2 == 0).Subscribe(seen.Add))
        {
            Enumerable.Range(0, 5).ToList().ForEach(n => signals.Fire(Number, n));
        }

        signals.Fire(Number, 6);
        await hub.Sleep();
        Assert.That((string.Join(",", seen), signals.TopicCount), Is.EqualTo(("0,2,4", 0)));
    });

    [Test]
    public void Those_who_come_while_a_signal_is_fired_wait_for_the_next() => World.Run(async hub =>
    {
        var (signals, seen) = (new Signals(hub), new List<int>());
        signals.Wait(Number).Repeat(2).Subscribe(seen.Add);
        signals.Fire(Number, 1);
        signals.Fire(Number, 2);
        await hub.Sleep();
        Assert.That(seen, Is.EqualTo((int[])[1, 2]));
    });

    [Test]
    public void An_observer_that_throws_harms_no_other()
    {
        var (world, seen) = (new World(), new List<int>());
        world.Play(async () =>
        {
            var signals = new Signals(world.Hub);
            signals.On(Number).Subscribe(_ => throw new InvalidOperationException("mine"));
            signals.On(Number).Subscribe(seen.Add);
            signals.Fire(Number, 1);
            signals.Fire(Number, 2);
            await world.Hub.Sleep();
        });
        Assert.That((string.Join(",", seen), world.Errors.Count), Is.EqualTo(("1,2", 1)));
    }
}
