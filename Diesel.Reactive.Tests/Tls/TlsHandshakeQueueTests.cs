namespace Diesel.Reactive.Tests;

/// <summary><see cref="TlsHandshakeQueue"/> on real threads.</summary>
public class TlsHandshakeQueueTests
{
    [Test]
    public void No_more_steps_run_at_a_time_than_may_and_none_is_forgotten([Values(1, 2, 3)] int most)
    {
        const int Steps = 2000;
        var queue = new TlsHandshakeQueue(most);
        using var all = new CountdownEvent(Steps);
        var (running, highest) = (0, 0);
        Parallel.For(0, Steps, _ => queue.Add(
            _ =>
            {
                var now = Interlocked.Increment(ref running);
                for (var seen = highest; now > seen; seen = Interlocked.CompareExchange(ref highest, now, seen))
                {
                }

                Thread.SpinWait(100);
                Interlocked.Decrement(ref running);
                all.Signal();
            },
            null));
        Assert.That((all.Wait(Live.Patience), highest <= most), Is.EqualTo((true, true)), $"{highest} at a time");
    }

    [Test]
    public void Who_came_first_is_served_first_and_nobody_beside_whoever_is()
    {
        var queue = new TlsHandshakeQueue(1);
        using var goes = new ManualResetEventSlim();
        using var all = new CountdownEvent(100);
        var order = new List<int>();
        queue.Add(_ => goes.Wait(Live.Patience), null);
        for (var i = 0; i < 100; i++)
        {
            queue.Add(
                n =>
                {
                    order.Add((int)n!);
                    all.Signal();
                },
                i);
        }

        var before = order.Count;
        goes.Set();
        Assert.That((all.Wait(Live.Patience), before), Is.EqualTo((true, 0)));
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void A_pool_whose_threads_are_all_blocked_holds_nobody_up()
    {
        var queue = new TlsHandshakeQueue(1);
        using var ran = new ManualResetEventSlim();
        var isOfThePool = true;
        queue.Add(
            _ =>
            {
                isOfThePool = Thread.CurrentThread.IsThreadPoolThread;
                ran.Set();
            },
            null);
        Assert.That((ran.Wait(Live.Patience), isOfThePool), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Who_has_waited_for_something_else_goes_on_in_its_turn()
    {
        var queue = new TlsHandshakeQueue(1);
        using var goes = new ManualResetEventSlim();
        var isFirstOver = false;
        queue.Add(
            _ =>
            {
                goes.Wait(Live.Patience);
                isFirstOver = true;
            },
            null);
        var second = Second();
        var before = second.IsCompleted;
        goes.Set();
        Assert.That((await second.WaitAsync(Live.Patience), before), Is.EqualTo((true, false)));

        async Task<bool> Second()
        {
            await queue.Turn();
            return isFirstOver;
        }
    }
}
