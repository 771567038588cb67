using System.Collections.Concurrent;
using System.Reactive;

namespace Diesel.Reactive.Tests;

public class AwaitableSourceTests
{
    [Test]
    public void The_first_outcome_counts_and_later_ones_are_refused()
    {
        var promise = new AwaitableSource<int>();
        var early = Story.Of(promise);
        Assert.That((promise.TrySetResult(1), promise.TrySetResult(2), promise.TrySetException(new FormatException())), Is.EqualTo((true, false, false)));
        Assert.That((early.ToString(), Story.Of(promise).ToString(), promise.IsCompleted), Is.EqualTo(("1 |", "1 |", true)));
    }

    [Test]
    public void An_error_is_there_for_everybody()
    {
        var promise = new AwaitableSource<int>();
        var early = Story.Of(promise);
        promise.TrySetException(new FormatException());
        Assert.That((early.ToString(), Story.Of(promise).ToString()), Is.EqualTo(("#FormatException", "#FormatException")));
    }

    [Test]
    public void Who_has_left_is_told_nothing_and_the_others_are([Values(0, 1, 2)] int leaves)
    {
        var promise = new AwaitableSource<int>();
        var stories = Enumerable.Range(0, 3).Select(_ => Story.Of(promise)).ToArray();
        stories[leaves].Subscription!.Dispose();
        stories[leaves].Subscription!.Dispose();
        promise.TrySetResult(1);
        Assert.That(stories.Select((story, i) => story.ToString() == (i == leaves ? "" : "1 |")), Is.All.True);
    }

    [Test]
    public void One_who_came_twice_leaves_once()
    {
        var (promise, told) = (new AwaitableSource<int>(), 0);
        var observer = Observer.Create<int>(_ => told++);
        promise.Subscribe(observer).Dispose();
        var first = promise.Subscribe(observer);
        promise.Subscribe(observer);
        first.Dispose();
        first.Dispose();
        promise.TrySetResult(1);
        Assert.That(told, Is.EqualTo(1));
    }

    [Test]
    public void It_is_abandoned_once_when_the_last_has_left_before_the_outcome()
    {
        var abandoned = 0;
        var promise = new AwaitableSource<int>("work", () => abandoned++);
        var (one, two) = (Story.Of(promise), Story.Of(promise));
        one.Subscription!.Dispose();
        Assert.That(abandoned, Is.Zero);
        two.Subscription!.Dispose();
        Assert.That((abandoned, promise.TrySetResult(1), Story.Of(promise).ToString()), Is.EqualTo((1, false, "#OperationCanceledException")));
    }

    [Test]
    public void Leaving_after_the_outcome_abandons_nothing()
    {
        var abandoned = 0;
        var promise = new AwaitableSource<int>("work", () => abandoned++);
        var story = Story.Of(promise);
        promise.TrySetResult(1);
        story.Subscription!.Dispose();
        Assert.That(abandoned, Is.Zero);
    }

    [Test]
    public void One_observer_that_throws_keeps_nothing_from_the_others()
    {
        var promise = new AwaitableSource<int>();
        var before = Story.Of(promise);
        promise.Subscribe(static _ => throw new FormatException());
        var after = Story.Of(promise);
        Assert.That(() => promise.TrySetResult(1), Throws.TypeOf<AggregateException>().With.InnerException.TypeOf<FormatException>());
        Assert.That((before.ToString(), after.ToString()), Is.EqualTo(("1 |", "1 |")));
    }

    [Test]
    public void It_is_awaited_without_a_hub_and_resumes_with_the_value()
    {
        var promise = new AwaitableSource<int>();
        async Task<int> Gets() => await promise;
        var gets = Gets();
        promise.TrySetResult(3);
        Assert.That(gets.WaitAsync(Live.Patience).Result, Is.EqualTo(3));
    }

    [Test]
    public void Of_threads_that_set_it_one_succeeds_and_everybody_is_told_the_same()
    {
        for (var round = 0; round < 500; round++)
        {
            var promise = new AwaitableSource<int>();
            var (told, succeeded) = (new ConcurrentQueue<int>(), 0);
            Parallel.For(0, 6, i =>
            {
                promise.Subscribe(told.Enqueue);
                if (i % 2 == 0 && promise.TrySetResult(i))
                {
                    Interlocked.Increment(ref succeeded);
                }
            });
            Assert.That((succeeded, told.Count, told.Distinct().Count()), Is.EqualTo((1, 6, 1)));
        }
    }
}
