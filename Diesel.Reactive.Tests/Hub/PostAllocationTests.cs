namespace Diesel.Reactive.Tests;

public class PostAllocationTests
{
    private const int Posts = 1000;

    private static readonly Action<object?> Nothing = static _ => { };

    [Test]
    public void Work_posted_from_another_thread_allocates_nothing_there([Values] bool wakes)
    {
        if (!EpollLoop.IsSupported)
        {
            Assert.Ignore("The portable loop is woken through its scheduler, which allocates once a turn.");
        }

        using var live = new Live();
        var least = Enumerable.Range(0, 6).Min(_ => Post(live, wakes));
        Assert.That(least, Is.LessThan(Posts), "Not even a byte each.");
    }

    // The watchdog looks at each.
    [Test]
    public void A_turn_allocates_nothing()
    {
        using var live = new Live(new HubOptions { SlowTurn = TimeSpan.FromMinutes(1) });
        var left = 0;
        Action<object?> again = null!;
        again = _ => Volatile.Write(ref left, left - 1 is var next && next > 0 && live.Hub.Post(again) ? next : 0);
        long Turns(int count)
        {
            var before = live.Do(GC.GetAllocatedBytesForCurrentThread);
            Volatile.Write(ref left, count);
            live.Hub.Post(again);
            Assert.That(() => Volatile.Read(ref left), Is.Zero.After((int)Live.Patience.TotalMilliseconds, 1));
            return live.Do(GC.GetAllocatedBytesForCurrentThread) - before;
        }

        Turns(Posts);
        Assert.That(Turns(10 * Posts), Is.LessThan(10 * Posts), "Not even a byte each.");
    }

    [Test]
    public void Work_posted_on_the_hub_allocates_nothing()
    {
        using var world = new World();
        long Posting() => world.Do(() => Bytes(() => world.Hub.Post(Nothing)));
        Posting();
        Posting();
        Assert.That(Posting(), Is.LessThan(Posts), "Not even a byte each: the first has a turn scheduled.");
    }

    // Either each post wakes the hub, which has run the one before, or all come while it is busy.
    private static long Post(Live live, bool wakes)
    {
        var (ran, held) = (0, !wakes);
        Action<object?> count = _ => Volatile.Write(ref ran, ran + 1);
        live.Hub.Post(_ => SpinWait.SpinUntil(() => !Volatile.Read(ref held), Live.Patience));
        var bytes = Bytes(() =>
        {
            var before = Volatile.Read(ref ran);
            live.Hub.Post(count);
            while (wakes && Volatile.Read(ref ran) == before)
            {
                Thread.SpinWait(1);
            }
        });
        Volatile.Write(ref held, false);
        Assert.That(() => Volatile.Read(ref ran), Is.EqualTo(Posts).After((int)Live.Patience.TotalMilliseconds, 1));
        return bytes;
    }

    private static long Bytes(Action step)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Posts; i++)
        {
            step();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
