namespace Diesel.Reactive.Tests;

/// <summary>What waiting costs, in bytes, on one thread.</summary>
public class AwaitAllocationTests
{
    private const int Times = 1000;

    // Of a promise.
    private const int Subscription = 40;

    [Test]
    public void An_await_of_a_promise_that_waits_allocates_at_most_96_bytes()
    {
        var promises = Promises();
        Assert.That(InALoop(promises), Is.LessThanOrEqualTo(96));
    }

    [Test]
    public void A_value_task_of_what_is_there_allocates_nothing()
    {
        var promises = Promises();
        Array.ForEach(promises, static promise => promise.TrySetResult(1000));
        Assert.That(Each(i => _ = promises[i].AsValueTask().Result), Is.Zero);
    }

    [Test]
    public void A_task_of_what_is_not_there_allocates_itself_and_the_subscription()
    {
        var promises = Promises();
        Assert.That(Each(i => _ = promises[i].AsTask()), Is.LessThanOrEqualTo(Subscription + 130));
    }

    [Test]
    public void Until_a_token_is_cancelled_costs_a_wait_and_a_registration()
    {
        var (promises, cancel) = (Promises(), new CancellationTokenSource());
        Assert.That(Each(i =>
        {
            var wait = promises[i].Until(cancel.Token).Subscribe(Ignores);
            promises[i].TrySetResult(1);
            wait.Dispose();
        }), Is.LessThanOrEqualTo(Subscription + 140));
    }

    [Test]
    public void Waiting_for_two_allocates_less_than_racing_them()
    {
        var promises = Promises();
        var all = Each(i => Awaitable.All(promises[i], promises[i]).Subscribe(Ignores));
        promises = Promises();
        var race = Each(i => First.Of(promises[i], promises[i]).Subscribe(Ignores));
        Assert.That(all, Is.LessThan(race));
    }

    private static readonly Ignoring Ignores = new();

    private static AwaitableSource<int>[] Promises() => [.. Enumerable.Range(0, 2 * Times).Select(static _ => new AwaitableSource<int>())];

    /// <summary>Bytes for each, after as many to warm up.</summary>
    private static long Each(Action<int> step)
    {
        var before = 0L;
        for (var i = 0; i < 2 * Times; i++)
        {
            if (i == Times)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            step(i);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
    }

    /// <summary>Bytes for each await of a loop whose promise is kept after it waits, within one turn.</summary>
    private static long InALoop(AwaitableSource<int>[] promises)
    {
        using var world = new World();
        world.Runs(async () =>
        {
            foreach (var promise in promises)
            {
                await promise;
            }
        });
        return world.Do(() => Each(i => promises[i].TrySetResult(i)));
    }

    private sealed class Ignoring : IObserver<int>, IObserver<(int, int)>, IObserver<FirstOf<int, int>>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(int value)
        {
        }

        public void OnNext((int, int) value)
        {
        }

        public void OnNext(FirstOf<int, int> value)
        {
        }
    }
}
