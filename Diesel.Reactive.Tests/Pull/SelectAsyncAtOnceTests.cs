using System.Reactive.Subjects;

namespace Diesel.Reactive.Tests;

/// <summary>Methods that are done when they return their task.</summary>
public class SelectAsyncAtOnceTests
{
    private const int Items = 1000;

    // What an await in the method would find.
    private const int Context = 40;

    [TestCase(true)]
    [TestCase(false)]
    public void A_method_that_is_done_at_once_costs_its_task_and_next_to_nothing(bool ordered) =>
        Assert.That(AllocatedPerItem((source, hub) => source.SelectAsync(static _ => Task.FromResult(1), 1, ordered, hub: hub)), Is.LessThanOrEqualTo(Context));

    [Test]
    public void A_method_that_makes_its_task_costs_no_more_than_that() =>
        Assert.That(
            AllocatedPerItem(static (source, hub) => source.SelectAsync(static async item => item * 1000, 1, hub: hub)),
            Is.LessThanOrEqualTo(Context + 72));

    [Test]
    public void A_method_without_a_result_costs_the_same() =>
        Assert.That(
            AllocatedPerItem(static (source, hub) => source.SelectAsync(static _ => Task.CompletedTask, 1, hub: hub).Select(static _ => 1)),
            Is.LessThanOrEqualTo(Context));

    [Test]
    public void A_method_that_awaits_what_is_there_is_done_at_once()
    {
        var promise = new AwaitableSource<int>();
        promise.TrySetResult(1000);
        Assert.That(
            AllocatedPerItem((source, hub) => source.SelectAsync(async _ => await promise, 1, hub: hub)),
            Is.LessThanOrEqualTo(Context + 72));
    }

    [Test]
    public void Its_loop_is_there_when_it_asks()
    {
        using var world = new World();
        var loops = new List<Loop>();
        var source = new Subject<int>();
        var story = world.Watch(source.SelectAsync(
            item =>
            {
                loops.Add(Loop.Current!);
                loops.Add(Loop.Current!);
                Assert.That(loops[^1].IsRunning, Is.True);
                return Task.FromResult(item);
            }, 1, hub: world.Hub));
        world.Do(() => source.OnNext(1)).Do(() => source.OnNext(2));
        Assert.That((loops[0] == loops[1], loops[0] == loops[2], loops.Any(loop => loop.IsRunning)), Is.EqualTo((true, false, false)));
        Assert.That((loops[0].Name, loops[0].Token.IsCancellationRequested, story.ToString()), Is.EqualTo((loops[0].Name, true, "1 2")));
    }

    [Test]
    public void Many_that_wait_are_done_without_growing_the_stack() => FramingStack.OnSmall(static () =>
    {
        using var world = new World();
        var (source, first) = (new Subject<int>(), new TaskCompletionSource<int>());
        var story = world.Watch(source.SelectAsync(item => item == 0 ? first.Task : Task.FromResult(item), 1, capacity: 20_000, hub: world.Hub));
        world.Do(() => Enumerable.Range(0, 20_000).ToList().ForEach(source.OnNext));
        world.Do(() => first.SetResult(0));
        Assert.That(story.Values, Has.Count.EqualTo(20_000));
    });

    [Test]
    public void Who_leaves_within_an_items_call_ends_its_method()
    {
        using var world = new World();
        var (source, ended) = (new Subject<int>(), false);
        Story<int> story = null!;
        story = world.Watch(source.SelectAsync(
            async item =>
            {
                story.Subscription!.Dispose();
                try
                {
                    await world.Hub.Sleep(TimeSpan.FromSeconds(1));
                }
                catch (OperationCanceledException)
                {
                    ended = true;
                    throw;
                }

                return item;
            }, 1, hub: world.Hub));
        world.Do(() => source.OnNext(1));
        Assert.That((ended, story.ToString(), world.Trouble), Is.EqualTo((true, "", "")));
    }

    private static long AllocatedPerItem(Func<IObservable<int>, Hub, IObservable<int>> select)
    {
        using var world = new World();
        var (source, results, allocated) = (new Subject<int>(), 0, 0L);
        world.Do(() =>
        {
            using var subscription = select(source, world.Hub).Subscribe(_ => results++);
            Push(source);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Push(source);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.That(results, Is.EqualTo(2 * Items));
        return (long)Math.Ceiling(allocated / (double)Items);
    }

    private static void Push(Subject<int> source)
    {
        for (var i = 0; i < Items; i++)
        {
            source.OnNext(i);
        }
    }
}
