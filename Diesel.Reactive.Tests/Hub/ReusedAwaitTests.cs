using System.Reactive.Disposables;

namespace Diesel.Reactive.Tests;

/// <summary>An await that got its value is used again by the next: whatever comes late for the first does not reach the second.</summary>
public class ReusedAwaitTests
{
    private World _world = null!;

    [SetUp]
    public void SetUp() => _world = new World();

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void One_that_got_its_value_is_the_next_ones_and_one_that_did_not_is_nobodys()
    {
        var (one, two, failed, last) = (new Telling("one"), new Telling("two"), new Telling("failed"), new Telling("last"));
        var heard = new List<string>();
        _world.Runs(async () =>
        {
            foreach (var each in (Telling[])[one, two, failed, last])
            {
                try
                {
                    heard.Add($"{await each}");
                }
                catch (FormatException)
                {
                    heard.Add("no");
                }
            }
        });
        _world.Do(() => one.Tells(1)).Do(() => two.Tells(2)).Do(() => failed.Fails(new FormatException())).Do(() => last.Tells(4));
        Assert.That(heard, Is.EqualTo(new[] { "1", "2", "no", "4" }));
        Assert.That((two.Observer == one.Observer, failed.Observer == one.Observer, last.Observer == one.Observer), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void The_end_of_the_loop_that_had_it_is_not_the_next_ones()
    {
        var (one, two) = (new Telling("one"), new Telling("two"));
        var (loop, _) = _world.Runs(async () =>
        {
            await one;
            await new TaskCompletionSource().Task;
        });
        _world.Do(() => one.Tells(1));
        var heard = Hears(two);
        _world.Do(loop.Dispose);
        Assert.That((two.Observer == one.Observer, $"{heard}"), Is.EqualTo((true, "")));
        _world.Do(() => two.Tells(2));
        Assert.That($"{heard}", Is.EqualTo("2 |"));
    }

    [Test]
    public void The_end_of_a_loop_with_several_does_not_reach_one_that_came_out_meanwhile()
    {
        var (one, two, next) = (new Telling("one"), new Telling("two"), new Telling("next"));
        var heard = default(Story<int>);
        async Task First()
        {
            try
            {
                await one;
            }
            finally
            {
                // As the loop ends: the other has its value, and is used again by somebody else.
                two.Tells(2);
                heard = Hears(next);
            }
        }

        async Task Second() => await two;

        var (loop, _) = _world.Runs(() => Task.WhenAll(First(), Second()));
        _world.Do(loop.Dispose);
        _world.Settle();
        _world.Do(() => next.Tells(3));
        Assert.That($"{heard}", Is.EqualTo("3 |"));
    }

    [Test]
    public void Who_unsubscribes_late_unsubscribes_nobody_else()
    {
        var (one, two) = (new Telling("one"), new Telling("two"));
        var first = Hears(one);
        _world.Do(() => one.Tells(1));
        var second = Hears(two);
        _world.Do(() => one.Subscription.Dispose());
        Assert.That((two.Observer == one.Observer, two.Subscription.IsDisposed), Is.EqualTo((true, false)));
        _world.Do(() => two.Tells(2));
        Assert.That(($"{first}", $"{second}"), Is.EqualTo(("1 |", "2 |")));
    }

    [Test]
    public void A_result_that_is_asked_for_twice_is_an_error()
    {
        var (one, message) = (new Telling("one"), "");
        _world.Runs(() =>
        {
            var awaiter = one.GetAwaiter();
            awaiter.OnCompleted(() =>
            {
                awaiter.GetResult();
                message = Assert.Throws<InvalidOperationException>(() => awaiter.GetResult())!.Message;
            });
            return new TaskCompletionSource().Task;
        });
        _world.Do(() => one.Tells(1));
        Assert.That(message, Does.Contain("await, instead of calling GetResult"));
    }

    [Test]
    public void What_comes_late_for_a_call_does_not_reach_the_next()
    {
        var queue = new CallQueue<Said>(hub: _world.Hub);
        using var it = new Speaking(Tongue.InOrder, queue: queue, world: _world);
        var timed = queue.Timeout(TimeSpan.FromSeconds(1), static what => new TimeoutException(what));
        var (one, two) = (timed.Ask(new Say(Tongue.InOrder, "a")), it.Pipeline.Ask(new Say(Tongue.InOrder, "b")));
        var first = Hears(one);
        it.Hears("A");
        var second = Hears(two);

        // The time of the first is up; it is told nothing, and neither is who has its await now.
        _world.Passes(3);
        Assert.That(($"{first}", $"{second}"), Is.EqualTo(("A |", "")));
        it.Hears("B");
        Assert.That(($"{second}", it.Pipeline.IsIdle, _world.Trouble), Is.EqualTo(("B |", true, "")));
    }

    [Test]
    public void A_reply_that_nobody_asked_for_is_not_taken_for_the_next_ones()
    {
        using var it = new Speaking(Tongue.InOrder, world: _world);
        var first = Hears(it.Pipeline.Ask(new Say(Tongue.InOrder, "a")));
        it.Hears("A").HearsAt(0, "A");
        var second = Hears(it.Pipeline.Ask(new Say(Tongue.InOrder, "b")));
        Assert.That($"{first}", Is.EqualTo("A |"));
        Assert.That($"{second}", Does.StartWith("#"));
    }

    [Test]
    public void The_end_of_the_hub_is_told_once_and_to_who_waits()
    {
        var (one, two) = (new Telling("one"), new Telling("two"));
        var first = Hears(one);
        _world.Do(() => one.Tells(1));
        var second = Hears(two);
        _world.Hub.Dispose();
        Assert.That(($"{first}", $"{second}"), Is.EqualTo(("1 |", "#OperationCanceledException")));
    }

    // What a loop of its own gets that awaits it.
    private Story<T> Hears<T>(Awaitable<T> source)
    {
        var story = new Story<T>();
        _world.Hub.Fork(async () =>
        {
            try
            {
                story.OnNext(await source);
                story.OnCompleted();
            }
            catch (Exception error)
            {
                story.OnError(error);
            }
        });
        _world.Settle();
        return story;
    }

    // Keeps what a call promises: who got the value is told nothing more, and known to nobody.
    private sealed class Telling(string name) : Awaitable<int>
    {
        private IObserver<int>? _told;

        public IObserver<int>? Observer { get; private set; }

        public BooleanDisposable Subscription { get; } = new();

        protected internal override bool TellsOnce => true;

        public override IDisposable Subscribe(IObserver<int> observer)
        {
            (Observer, _told) = (observer, observer);
            return Subscription;
        }

        public void Tells(int value) => Take()?.OnNext(value);

        public void Fails(Exception error) => Take()?.OnError(error);

        public override string ToString() => name;

        private IObserver<int>? Take() => Interlocked.Exchange(ref _told, null);
    }
}
