using System.Reactive;

namespace Diesel.Reactive.Tests;

/// <summary><c>AsTask</c> and <c>AsValueTask</c>: the way out of a hub.</summary>
public class AwaitableTaskTests
{
    [Test]
    public void A_task_gives_the_value_that_comes()
    {
        var promise = new AwaitableSource<int>();
        var (task, value) = (promise.AsTask(), promise.AsValueTask());
        Assert.That((task.IsCompleted, value.IsCompleted), Is.EqualTo((false, false)));
        promise.TrySetResult(3);
        Assert.That((task.Result, value.Result), Is.EqualTo((3, 3)));
    }

    [Test]
    public void A_value_that_is_there_makes_a_completed_task()
    {
        var promise = new AwaitableSource<int>();
        promise.TrySetResult(3);
        Assert.That((promise.AsTask().IsCompletedSuccessfully, promise.AsValueTask().IsCompletedSuccessfully), Is.EqualTo((true, true)));
    }

    [Test]
    public void An_error_makes_a_failed_task_also_when_it_is_there_already([Values] bool there)
    {
        var promise = new AwaitableSource<int>();
        var task = there ? null : promise.AsTask();
        promise.TrySetException(new FormatException());
        Assert.That(async () => await (task ?? promise.AsTask()), Throws.TypeOf<FormatException>());
        Assert.That(async () => await promise.AsValueTask(), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_cancellation_makes_a_cancelled_task_that_throws_the_very_exception()
    {
        var (promise, cancelled) = (new AwaitableSource<int>(), new CancellationToken(true));
        var error = new OperationCanceledException("why", cancelled);
        var task = promise.AsTask();
        promise.TrySetException(error);
        Assert.That(async () => await task, Throws.Exception.SameAs(error));
        Assert.That(task.IsCanceled, Is.True);
    }

    [Test]
    public void An_end_without_a_value_is_named()
    {
        var task = Observable.Empty<int>().ToAwaitable("a row").AsTask();
        Assert.That(async () => await task, Throws.TypeOf<EndOfStreamException>().With.Message.Contains("a row"));
    }

    [Test]
    public void An_end_in_a_race_tells_whose_it_was()
    {
        var task = First.Of(Observable.Never<int>(), Observable.Empty<int>().ToAwaitable("a row")).Timeout(TimeSpan.FromHours(1)).AsTask();
        Assert.That(async () => await task, Throws.TypeOf<EndOfStreamException>().With.Message.Contains("Source 2 of a race, a row"));
    }

    [Test]
    public void A_task_is_hot_it_waits_from_the_call_on()
    {
        using var world = new World();
        var queue = new AsyncQueue<int>(hub: world.Hub);
        var task = queue.Get().AsTask();
        world.Settle();
        Assert.That(queue.Waiters, Is.EqualTo(1));
        world.Do(() => queue.Put(7));
        Assert.That(task.Result, Is.EqualTo(7));
    }

    [Test]
    public async Task Code_that_awaits_a_task_is_not_moved_onto_the_hub([Values] bool captures)
    {
        using var live = new Live();
        await live.Hub.Sleep(TimeSpan.FromMilliseconds(1)).AsTask().ConfigureAwait(captures);
        Assert.That((Hub.Current, SynchronizationContext.Current as HubContext), Is.EqualTo(((Hub?)null, (HubContext?)null)));
        await live.Hub.Sleep(TimeSpan.FromMilliseconds(1)).AsValueTask().ConfigureAwait(captures);
        Assert.That(Hub.Current, Is.Null);
    }

    [Test]
    public void The_hub_does_not_run_what_awaits_a_task_while_it_sets_the_outcome()
    {
        using var live = new Live();
        var promise = new AwaitableSource<int>();
        async Task<Hub?> Waits()
        {
            await promise.AsTask().ConfigureAwait(false);
            return Hub.Current;
        }

        var waits = Waits();
        live.Do(() =>
        {
            SynchronizationContext.SetSynchronizationContext(null);
            promise.TrySetResult(1);
        });
        Assert.That(live.Await(waits), Is.Null);
    }

    [Test]
    public void In_a_loop_a_task_is_awaited_as_any_other()
    {
        using var live = new Live();
        Assert.That(live.Run(async () =>
        {
            await live.Hub.Sleep(TimeSpan.FromMilliseconds(1)).AsTask();
            return (Hub.Current, Loop.Current is not null);
        }), Is.EqualTo((live.Hub, true)));
    }

    [Test]
    public void A_loops_end_reaches_a_task_by_its_token_only()
    {
        using var world = new World();
        (Task<Unit> Alone, Task<Unit> Bound) waits = (null!, null!);
        var (loop, _) = world.Runs(async () =>
        {
            var sleep = world.Hub.Sleep(TimeSpan.FromSeconds(2));
            waits = (sleep.AsTask(), sleep.Until(Loop.Current!.Token).AsTask());
            await sleep;
        });
        world.Passes(1);
        loop.Dispose();
        world.Settle();
        Assert.That((waits.Alone.IsCompleted, waits.Bound.IsCanceled), Is.EqualTo((false, true)));
        world.Passes(2);
        Assert.That(waits.Alone.IsCompletedSuccessfully, Is.True);
    }
}
