using System.Reactive.Concurrency;


namespace Diesel.Reactive.Tests;

public class LosingTests
{
    [FsCheck.NUnit.Property(MaxTest = 300, QuietOnSuccess = true)]
    public void Losing_never_consumes(int seed) => new CoordinationRaces(seed).Run();

    [Test]
    public void A_ready_one_wins_and_those_behind_it_are_not_even_asked() => World.Run(async hub =>
    {
        var (first, second) = (new AsyncQueue<int>(hub: hub), new AsyncQueue<int>(hub: hub));
        first.Put(1);
        second.Put(2);
        var won = await First.Of(first.Get(), second.Get());
        Assert.That((won.Index, first.Count, second.Count), Is.EqualTo((0, 0, 1)));
    });

    [Test]
    public void A_permit_beats_a_timer_that_is_due_later_in_the_same_tick() => World.Run(async hub =>
    {
        var queue = new AsyncQueue<int>(hub: hub);
        hub.Schedule(TimeSpan.FromSeconds(1), () => queue.Put(1));
        var won = await First.Of(hub.Sleep(TimeSpan.FromSeconds(1)), queue.Get());
        Assert.That((won.Index, queue.Waiters), Is.EqualTo((1, 0)));
    });

    [Test]
    public void A_race_from_another_thread_loses_nothing()
    {
        using var hub = new Hub();
        var (queue, got) = (new AsyncQueue<int>(hub: hub), 0);
        for (var i = 0; i < 2000; i++)
        {
            queue.Put(i);
            var won = First.Of(hub.Sleep(), queue.Get()).Wait();
            got += won.Index;
        }

        Assert.That(got + queue.Count, Is.EqualTo(2000));
    }
}
