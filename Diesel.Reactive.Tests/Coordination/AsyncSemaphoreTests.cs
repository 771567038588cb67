namespace Diesel.Reactive.Tests;

public class AsyncSemaphoreTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Lets_as_many_in_as_it_has_permits() => World.Run(async hub =>
    {
        var (semaphore, inside, most) = (new AsyncSemaphore(3, hub), 0, 0);
        for (var i = 0; i < 10; i++)
        {
            _ = hub.Fork(async () =>
            {
                using var permit = await semaphore.Acquire();
                most = Math.Max(most, ++inside);
                await hub.Sleep(Second);
                inside--;
            });
        }

        await hub.Sleep(10 * Second);
        Assert.That((most, semaphore.Available, semaphore.Waiters), Is.EqualTo((3, 3, 0)));
    });

    [Test]
    public void A_released_permit_passes_to_the_first_in_line() => World.Run(async hub =>
    {
        var (semaphore, order) = (new AsyncSemaphore(hub: hub), new List<int>());
        for (var i = 0; i < 5; i++)
        {
            var me = i;
            _ = hub.Fork(async () =>
            {
                for (var n = 0; n < 3; n++)
                {
                    using var permit = await semaphore.Acquire();
                    order.Add(me);
                    await hub.Sleep();
                }
            });
        }

        await hub.Sleep(Second);
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, 15).Select(n => n % 5)));
    });

    [Test]
    public void A_permit_released_twice_counts_once() => World.Run(async hub =>
    {
        var semaphore = new AsyncSemaphore(2, hub);
        var permit = await semaphore.Acquire();
        permit.Dispose();
        permit.Dispose();
        Assert.That(semaphore.Available, Is.EqualTo(2));
    });

    [Test]
    public void A_timeout_of_zero_means_now_or_never() => World.Run(async hub =>
    {
        var semaphore = new AsyncSemaphore(hub: hub);
        using (await semaphore.Acquire(TimeSpan.Zero))
        {
            await Assert.ThatAsync(async () => await semaphore.Acquire(TimeSpan.Zero), Throws.InstanceOf<TimeoutException>());
        }

        Assert.That((semaphore.IsLocked, semaphore.Waiters), Is.EqualTo((false, 0)));
    });

    [Test]
    public void One_that_timed_out_takes_no_permit() => World.Run(async hub =>
    {
        var semaphore = new AsyncSemaphore(hub: hub);
        var held = await semaphore.Acquire();
        await Assert.ThatAsync(async () => await semaphore.Acquire(Second), Throws.InstanceOf<TimeoutException>());
        held.Dispose();
        Assert.That(semaphore.Available, Is.EqualTo(1));
    });

    [Test]
    public void Equal_keys_are_one_lock_and_unused_ones_are_freed() => World.Run(async hub =>
    {
        var held = await new Synchronized("key", hub).Acquire();
        await new Synchronized("other", hub).Acquire();
        await Assert.ThatAsync(async () => await new Synchronized("key", hub).Acquire(Second), Throws.InstanceOf<TimeoutException>());
        Assert.That(Synchronized.CountOn(hub), Is.EqualTo(2));
        held.Dispose();
        Assert.That((Synchronized.CountOn(hub), new Synchronized("key", hub).IsLocked), Is.EqualTo((1, false)));
    });

    [Test]
    public void Waiters_for_a_key_pass_the_lock_on_until_it_is_freed() => World.Run(async hub =>
    {
        var order = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            var me = i;
            _ = hub.Fork(async () =>
            {
                using var _ = await new Synchronized(hub: hub).Acquire();
                order.Add(me);
                await hub.Sleep(Second);
            });
        }

        await hub.Sleep(10 * Second);
        Assert.That((string.Join(",", order), Synchronized.CountOn(hub)), Is.EqualTo(("0,1,2,3", 0)));
    });
}
