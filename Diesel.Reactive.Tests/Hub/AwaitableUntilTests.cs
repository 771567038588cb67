namespace Diesel.Reactive.Tests;

/// <summary><c>Until</c>: a wait that a token ends.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AwaitableUntilTests : IDisposable
{
    private readonly World _world = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly AsyncQueue<int> _queue;

    public AwaitableUntilTests() => _queue = new AsyncQueue<int>(hub: _world.Hub);

    public void Dispose() => _world.Dispose();

    [Test]
    public void Cancelled_it_fails_with_the_token_and_leaves_nothing_behind()
    {
        var story = Story.Of(_queue.Get().Until(_cancel.Token));
        _world.Settle();
        Assert.That(_queue.Waiters, Is.EqualTo(1));
        _cancel.Cancel();
        _world.Settle();
        Assert.That((story.ToString(), _queue.Waiters), Is.EqualTo(("#OperationCanceledException", 0)));
        Assert.That(((OperationCanceledException)story.Error!).CancellationToken, Is.EqualTo(_cancel.Token));
    }

    [Test]
    public void A_value_that_comes_first_is_given_and_the_token_is_let_go_of()
    {
        var story = _world.Watch(_queue.Get().Until(_cancel.Token));
        _world.Do(() => _queue.Put(1));
        _cancel.Cancel();
        _world.Settle();
        Assert.That(story.ToString(), Is.EqualTo("1 |"));
    }

    [Test]
    public void Cancelled_before_it_begins_it_takes_not_even_what_is_ready()
    {
        _world.Do(() => _queue.Put(1));
        _cancel.Cancel();
        var story = _world.Watch(_queue.Get().Until(_cancel.Token));
        var (_, end) = _world.Runs(async () => await _queue.Get().Until(_cancel.Token));
        Assert.That((story.ToString(), end.ToString(), _queue.Count), Is.EqualTo(("#OperationCanceledException", "#TaskCanceledException", 1)));
    }

    [Test]
    public void A_value_that_is_ready_is_taken_without_waiting()
    {
        _world.Do(() => _queue.Put(1));
        Assert.That(_world.Do(() => _queue.Get().Until(_cancel.Token).AsTask()).Result, Is.EqualTo(1));
    }

    [Test]
    public void Another_thread_that_cancels_leaves_the_rest_to_the_hub()
    {
        var story = _world.Watch(_queue.Get().Until(_cancel.Token));
        _cancel.Cancel();
        Assert.That((story.ToString(), _queue.Waiters), Is.EqualTo(("", 1)));
        _world.Settle();
        Assert.That((story.ToString(), _queue.Waiters), Is.EqualTo(("#OperationCanceledException", 0)));
    }

    [Test]
    public void On_the_hub_it_is_over_when_the_cancelling_call_returns()
    {
        var story = _world.Watch(_queue.Get().Until(_cancel.Token));
        Assert.That(_world.Do(() =>
        {
            _cancel.Cancel();
            return (story.ToString(), _queue.Waiters);
        }), Is.EqualTo(("#OperationCanceledException", 0)));
    }

    [Test]
    public void What_lives_on_no_hub_is_left_at_once()
    {
        var abandoned = 0;
        var promise = new AwaitableSource<int>("work", () => abandoned++);
        var task = promise.Until(_cancel.Token).AsTask();
        _cancel.Cancel();
        Assert.That((task.IsCanceled, abandoned), Is.EqualTo((true, 1)));
    }

    [Test]
    public void Left_by_its_observer_it_is_told_nothing()
    {
        var story = _world.Watch(_queue.Get().Until(_cancel.Token));
        _world.Do(story.Subscription!.Dispose);
        _cancel.Cancel();
        _world.Settle();
        Assert.That((story.ToString(), _queue.Waiters), Is.EqualTo(("", 0)));
    }

    [Test]
    public void A_token_that_cannot_be_cancelled_changes_nothing()
    {
        var get = _queue.Get();
        Assert.That(get.Until(CancellationToken.None), Is.SameAs(get));
    }

    [Test]
    public void It_races_and_times_out_as_what_it_waits_for()
    {
        var race = _world.Watch(First.Of(_queue.Get().Until(_cancel.Token), _world.Hub.Sleep(TimeSpan.FromSeconds(1))));
        var late = _world.Watch(_queue.Get().Until(_cancel.Token).Timeout(TimeSpan.FromSeconds(1)));
        _world.Passes(2);
        Assert.That((race.Last.IsSecond, late.ToString(), _queue.Waiters), Is.EqualTo((true, "#TimeoutException", 0)));
    }

    [Test]
    public void A_token_cancelled_as_the_hub_ends_is_heard_of()
    {
        var story = Story.Of(_queue.Get().Until(_cancel.Token));
        _world.Settle();
        _cancel.Cancel();
        _world.Hub.Dispose();
        Assert.That(story.IsOver, Is.True);
    }
}
