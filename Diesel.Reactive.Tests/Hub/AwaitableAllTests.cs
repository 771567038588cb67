using System.Reactive;

namespace Diesel.Reactive.Tests;

/// <summary><see cref="Awaitable"/>: waiting for several at once.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class AwaitableAllTests
{
    private readonly AwaitableSource<int>[] _promises = [.. Enumerable.Range(0, 3).Select(i => new AwaitableSource<int>($"promise {i}"))];

    [Test]
    public void Gives_all_values_in_the_order_of_the_sources_when_the_last_is_there()
    {
        var story = Story.Of(Awaitable.All(_promises));
        Array.ForEach([2, 0], i => _promises[i].TrySetResult(i));
        Assert.That(story.ToString(), Is.EqualTo(""));
        _promises[1].TrySetResult(1);
        Assert.That((story.Last, story.IsCompleted), Is.EqualTo((new[] { 0, 1, 2 }, true)));
    }

    [Test]
    public void Gives_values_of_different_types()
    {
        var (text, flag, unit) = (Observable.Return("a"), Observable.Return(true), Observable.Return(Unit.Default));
        Array.ForEach(_promises, promise => promise.TrySetResult(1));
        Assert.That(Story.Of(Awaitable.All(_promises[0], text)).Last, Is.EqualTo((1, "a")));
        Assert.That(Story.Of(Awaitable.All(_promises[0], text, flag)).Last, Is.EqualTo((1, "a", true)));
        Assert.That(Story.Of(Awaitable.All(_promises[0], text, flag, unit)).Last, Is.EqualTo((1, "a", true, Unit.Default)));
    }

    [Test]
    public void Of_nothing_it_is_done_at_once()
    {
        Assert.That(Story.Of(Awaitable.All<int>()).Last, Is.Empty);
        Assert.That(Awaitable.All(new List<Awaitable<int>>()).AsValueTask().IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void The_first_error_ends_it_and_the_others_are_left()
    {
        var left = new List<string>();
        var (first, last) = (new AwaitableSource<int>(abandoned: () => left.Add("first")), new AwaitableSource<int>(abandoned: () => left.Add("last")));
        var story = Story.Of(Awaitable.All(first, _promises[0], last));
        _promises[0].TrySetException(new FormatException());
        Assert.That((story.ToString(), string.Join(' ', left)), Is.EqualTo(("#FormatException", "first last")));
    }

    [Test]
    public void Who_is_told_of_the_error_finds_the_others_left()
    {
        using var world = new World();
        var queue = new AsyncQueue<int>(hub: world.Hub);
        var waiters = -1;
        world.Do(() => Awaitable.All(queue.Get(), _promises[0]).Subscribe(static _ => { }, _ => waiters = queue.Waiters));
        world.Do(() => _promises[0].TrySetException(new FormatException()));
        Assert.That(waiters, Is.Zero);
    }

    [Test]
    public void What_failed_already_keeps_those_behind_it_from_being_asked()
    {
        var asked = 0;
        _promises[0].TrySetException(new FormatException());
        var story = Story.Of(Awaitable.All(_promises[0], Observable.Defer(() => Observable.Return(asked++))));
        Assert.That((story.ToString(), asked), Is.EqualTo(("#FormatException", 0)));
    }

    [Test]
    public void One_that_ends_without_a_value_is_named()
    {
        var task = Awaitable.All(_promises[0], Observable.Empty<int>().ToAwaitable("a row")).AsTask();
        Assert.That(async () => await task, Throws.TypeOf<EndOfStreamException>().With.Message.StartsWith("Source 2 of 2 gave nothing").And.Message.Contains("a row"));
    }

    [Test]
    public void Of_a_stream_the_first_value_counts_and_the_rest_is_not_waited_for()
    {
        using var world = new World();
        var ticks = world.Watch(Awaitable.All(Observable.Interval(TimeSpan.FromSeconds(1), world.Hub), _promises[0]));
        world.Passes(3.5).Do(() => _promises[0].TrySetResult(1));
        Assert.That(ticks.Last, Is.EqualTo((0L, 1)));
    }

    [Test]
    public void Given_up_it_leaves_all()
    {
        using var world = new World();
        var queue = new AsyncQueue<int>(hub: world.Hub);
        var story = world.Watch(Awaitable.All(queue.Get(), queue.Get(), queue.Get()));
        Assert.That(queue.Waiters, Is.EqualTo(3));
        world.Do(story.Subscription!.Dispose);
        Assert.That((queue.Waiters, story.ToString()), Is.EqualTo((0, "")));
    }

    [Test]
    public void It_waits_as_long_as_the_longest()
    {
        using var world = new World();
        var at = 0.0;
        world.Runs(async () =>
        {
            await Awaitable.All(world.Hub.Sleep(TimeSpan.FromSeconds(1)), world.Hub.Sleep(TimeSpan.FromSeconds(3)));
            at = world.Now;
        });
        world.Passes(5);
        Assert.That(at, Is.EqualTo(3).Within(0.01));
    }

    [Test]
    public void Each_subscription_waits_anew()
    {
        using var world = new World();
        var queue = new AsyncQueue<int>(hub: world.Hub);
        var both = Awaitable.All(queue.Get(), queue.Get());
        var (one, two) = (world.Watch(both), world.Watch(both));
        world.Do(() => Array.ForEach([1, 2, 3, 4], n => queue.Put(n)));
        Assert.That((one.Last, two.Last), Is.EqualTo(((1, 2), (3, 4))));
    }

    [Test]
    public void A_loop_that_ends_leaves_all_it_waits_for()
    {
        using var world = new World();
        var queue = new AsyncQueue<int>(hub: world.Hub);
        var (loop, end) = world.Runs(async () => await Awaitable.All(queue.Get(), queue.Get()));
        world.Do(loop.Dispose);
        Assert.That((queue.Waiters, end.ToString(), world.Trouble), Is.EqualTo((0, "|", "")));
    }

    [Test]
    public void Off_the_hub_it_takes_one_turn_to_begin_and_may_be_left_before()
    {
        using var world = new World();
        var queue = new AsyncQueue<int>(hub: world.Hub);
        var (stays, leaves) = (Story.Of(Awaitable.All(queue.Get(), queue.Get())), Story.Of(Awaitable.All(queue.Get(), queue.Get())));
        leaves.Subscription!.Dispose();
        Assert.That(queue.Waiters, Is.Zero);
        world.Settle();
        Assert.That((queue.Waiters, stays.IsOver, leaves.IsOver), Is.EqualTo((2, false, false)));
    }

    [Test]
    public void Values_from_many_threads_come_together()
    {
        for (var round = 0; round < 500; round++)
        {
            var promises = Enumerable.Range(0, 4).Select(static _ => new AwaitableSource<int>()).ToArray();
            var all = Awaitable.All(promises).AsTask();
            Parallel.For(0, 4, i => promises[i].TrySetResult(i));
            Assert.That(all.WaitAsync(Live.Patience).Result, Is.EqualTo(new[] { 0, 1, 2, 3 }));
        }
    }

    [Test]
    public void A_source_that_refuses_to_be_subscribed_is_an_error_as_any_other() =>
        Assert.That(
            Story.Of(Awaitable.All(_promises[0], Observable.Create<int>(static IDisposable (_) => throw new FormatException()))).ToString(),
            Is.EqualTo("#FormatException"));

    [Test]
    public void Null_is_refused_by_the_call()
    {
        Assert.That(() => Awaitable.All<int>(null!), Throws.ArgumentNullException);
        Assert.That(() => Awaitable.All([_promises[0], null!]), Throws.ArgumentNullException);
        Assert.That(() => Awaitable.All(_promises[0], (IObservable<int>)null!), Throws.ArgumentNullException);
    }
}
