using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

public class TurnTests
{
    [Test]
    public void What_is_queued_runs_in_order()
    {
        using var world = new World();
        var order = new List<int>();
        world.Do(() => Array.ForEach([1, 2, 3], n => world.Hub.Schedule(() => order.Add(n))));
        Assert.That(order, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void What_a_turn_queues_waits_for_the_next_turn()
    {
        using var world = new World();
        var order = new List<string>();
        world.Hub.Schedule(() =>
        {
            world.Hub.Schedule(() => order.Add("queued by A"));
            order.Add("A");
        });
        world.Hub.Schedule(() => order.Add("B"));
        world.Settle();
        Assert.That(order, Is.EqualTo(new[] { "A", "B", "queued by A" }));
    }

    [Test]
    public void Endless_work_does_not_starve_timers_and_connections()
    {
        using var world = new World();
        var (wire, rung) = (world.Wire().Do(c => c.UntilEol().Subscribe(c)), false);
        world.Do(() => world.Hub.Schedule(self => self()));
        world.Hub.Schedule(TimeSpan.FromMilliseconds(1), () => rung = true);
        world.Passes(0.002);
        wire.Peer.Sends("A\r\n");
        Assert.That((rung, wire.Peer.Story), Is.EqualTo((true, "A ")));
    }

    [Test]
    public void Cancelled_work_does_not_run()
    {
        using var world = new World();
        var ran = false;
        world.Do(() => world.Hub.Schedule(() => ran = true).Dispose());
        Assert.That(ran, Is.False);
    }

    [Test]
    public void Work_that_throws_shows_in_Errors_and_the_rest_of_the_turn_runs()
    {
        using var world = new World();
        var ran = false;
        world.Hub.Schedule(() => throw new FormatException());
        world.Hub.Schedule(() => ran = true);
        world.Settle();
        Assert.That((world.Trouble, ran), Is.EqualTo((nameof(FormatException), true)));
    }

    [Test]
    public void An_error_tells_the_method_it_came_from()
    {
        using var world = new World();
        world.Do(Fails);
        Assert.That(world.Errors[0].Source, Is.EqualTo("Diesel.Reactive.Tests.TurnTests.Fails"));
        Assert.That(world.Errors[0].ToString(), Is.EqualTo("Diesel.Reactive.Tests.TurnTests.Fails: FormatException: no number"));
    }

    [Test]
    public void Current_is_the_hub_inside_a_turn_and_null_outside()
    {
        using var world = new World();
        Assert.That((world.Do(() => Hub.Current), Hub.Current), Is.EqualTo((world.Hub, (Hub?)null)));
    }

    [Test]
    public void Work_of_many_threads_runs_one_at_a_time_in_each_threads_order()
    {
        using var live = new Live();
        var (running, overlaps, seen) = (0, 0, new List<(int Thread, int Number)>());
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() => Array.ForEach(Enumerable.Range(0, 1000).ToArray(), n => live.Hub.Schedule(() =>
        {
            overlaps += Interlocked.Increment(ref running) - 1;
            seen.Add((t, n));
            Interlocked.Decrement(ref running);
        })))).ToList();
        threads.ForEach(static t => t.Start());
        threads.ForEach(static t => t.Join());
        live.Do(static () => { });
        Assert.That((overlaps, seen.Count), Is.EqualTo((0, 4000)));
        Assert.That(seen.GroupBy(s => s.Thread).All(g => g.Select(s => s.Number).SequenceEqual(Enumerable.Range(0, 1000))), Is.True);
    }

    private static void Fails() => throw new FormatException("no number");
}
