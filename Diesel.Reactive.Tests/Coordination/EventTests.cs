using System.Reactive;

namespace Diesel.Reactive.Tests;

public class EventTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Wakes_all_who_wait_and_lets_latecomers_pass() => World.Run(async hub =>
    {
        var (happened, passed) = (new Event(hub), 0);
        async Task Wait()
        {
            await happened.Wait();
            passed++;
        }

        _ = hub.Fork(Wait);
        _ = hub.Fork(Wait);
        await hub.Sleep(Second);
        happened.Set();
        _ = hub.Fork(Wait);
        await hub.Sleep(Second);
        Assert.That((passed, happened.IsSet, happened.Waiters), Is.EqualTo((3, true, 0)));
    });

    [Test]
    public void Runs_no_other_loop_inside_Set() => World.Run(async hub =>
    {
        var (happened, woken) = (new Event(hub), false);
        _ = hub.Fork(async () =>
        {
            await happened.Wait();
            woken = true;
        });
        await hub.Sleep();
        happened.Set();
        Assert.That(woken, Is.False);
        await hub.Sleep();
        Assert.That(woken, Is.True);
    });

    [Test]
    public void Set_and_clear_is_a_pulse_that_wakes_those_who_wait_now() => World.Run(async hub =>
    {
        var (pulse, woken) = (new Event(hub), 0);
        pulse.Wait().Subscribe(_ => woken++);
        pulse.Set();
        pulse.Clear();
        pulse.Wait().Subscribe(_ => woken++);
        await hub.Sleep(Second);
        Assert.That((woken, pulse.Waiters), Is.EqualTo((1, 1)));
    });

    [Test]
    public void A_timeout_of_zero_means_now_or_never() => World.Run(async hub =>
    {
        var happened = new Event(hub);
        await Assert.ThatAsync(async () => await happened.Wait(TimeSpan.Zero), Throws.InstanceOf<TimeoutException>());
        happened.Set();
        await happened.Wait(TimeSpan.Zero);
    });

    [Test]
    public void Times_out_to_the_tick_and_leaves_nothing_behind() => World.Run(async hub =>
    {
        var (happened, start, late) = (new Event(hub), hub.Now, TimeSpan.Zero);
        happened.Wait(Second).Subscribe(_ => { }, _ => late = hub.Now - start);
        await hub.Sleep(2 * Second);
        Assert.That((late, happened.Waiters), Is.EqualTo((Second, 0)));
    });

    [Test]
    public void Can_be_set_and_waited_for_from_other_threads()
    {
        using var hub = new Hub();
        var happened = new Event(hub);
        new Thread(happened.Set).Start();
        Assert.That(happened.Wait(TimeSpan.FromSeconds(30)).Wait(), Is.EqualTo(Unit.Default));
    }

    [Test]
    public void Rx_operators_apply() => World.Run(async hub =>
    {
        var (happened, seen) = (new Event(hub), new List<string>());
        happened.Wait().Select(_ => "set").Merge(happened.Wait().Delay(Second, hub).Select(_ => "later")).Subscribe(seen.Add);
        happened.Set();
        await hub.Sleep(2 * Second);
        Assert.That(seen, Is.EqualTo((string[])["set", "later"]));
    });

    [Test]
    public void A_loop_that_waits_for_a_set_event_again_and_again_does_not_starve_the_others() => World.Run(async hub =>
    {
        var (happened, over) = (new Event(hub), false);
        happened.Set();
        _ = hub.Fork(async () =>
        {
            while (!over)
            {
                await happened.Wait();
            }
        });
        await hub.Sleep();
        over = true;
    });

    [Test]
    public void A_countdown_is_set_by_its_last_tick_and_no_later_one_counts() => World.Run(async hub =>
    {
        var done = new Countdown(2, hub);
        done.Tick();
        await Assert.ThatAsync(async () => await done.Wait(TimeSpan.Zero), Throws.InstanceOf<TimeoutException>());
        done.Tick();
        done.Tick();
        Assert.That(await done.Wait(), Is.EqualTo(Unit.Default));
        Assert.That(done.Remaining, Is.Zero);
    });

    [Test]
    public void A_countdown_from_zero_is_set() => World.Run(async hub => await new Countdown(0, hub).Wait(TimeSpan.Zero));
}
