namespace Diesel.Reactive.Tests;

/// <summary>Calls that all have the same time.</summary>
public class TimedCallTests
{
    private static readonly Func<string, Exception> Late = static what => new TimeoutException($"too late: {what}");

    private World _world = null!;
    private CallQueue<Said> _queue = null!;
    private ICalls<Said> _timed = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new World();
        _queue = new CallQueue<Said>(hub: _world.Hub);
        _timed = _queue.Timeout(TimeSpan.FromSeconds(1), Late);
    }

    [TearDown]
    public void TearDown()
    {
        _queue.Dispose();
        _world.Dispose();
    }

    [Test]
    public void Each_has_its_time_from_when_it_was_sent()
    {
        var first = Says("a");
        _world.Passes(0.5);
        var second = Says("b");
        _world.Passes(0.49);
        Assert.That(($"{first}", $"{second}", _queue.Count), Is.EqualTo(("", "", 2)));
        _world.Passes(0.02);
        Assert.That((first.Error?.Message, $"{second}", _queue.Count), Is.EqualTo(("too late: say a", "", 1)));
        _world.Passes(0.5);
        Assert.That(($"{second}", _queue.Count), Is.EqualTo(("#TimeoutException", 0)));
    }

    [Test]
    public void Never_before_its_time()
    {
        var (random, wrong) = (new Random(1), new List<double>());
        for (var i = 0; i < 200; i++)
        {
            var asked = _world.Now;
            _world.Do(() => _timed.Ask(new Say(Tongue.InOrder, "a")).Subscribe(_ => { }, _ => wrong.Add(_world.Now - asked - 1)));
            _world.Passes(random.NextDouble() / 20);
        }

        _world.Passes(2);
        Assert.That(wrong, Has.Count.EqualTo(200).And.All.InRange(0, 0.002));
    }

    [Test]
    public void What_is_answered_in_time_is_told_nothing_more()
    {
        using var it = new Speaking(Tongue.InOrder, queue: _queue, world: _world);
        var (one, many) = (Says("a"), _world.Watch(_timed.Stream(new SayOn(Tongue.InOrder, "b"))));
        it.Hears("A", "1+", "2");
        _world.Passes(3);
        Assert.That(($"{one}", $"{many}", _world.Errors.Count, it.Pipeline.IsIdle), Is.EqualTo(("A |", "11+ 22 |", 0, true)));
    }

    [Test]
    public void What_is_late_in_flight_is_drained_and_others_are_unharmed()
    {
        using var it = new Speaking(Tongue.InOrder, new() { DrainTimeout = TimeSpan.FromSeconds(10) }, _queue, _world);
        var (one, many, patient) = (Says("a"), _world.Watch(_timed.Stream(new SayOn(Tongue.InOrder, "b"))), it.Says("c"));
        _world.Passes(1.1);
        Assert.That(($"{one}", $"{many}", it.Pipeline.Counts.Abandoned), Is.EqualTo(("#TimeoutException", "#TimeoutException", 2)));
        it.Hears("A", "B", "C");
        Assert.That(($"{one}", $"{many}", $"{patient}"), Is.EqualTo(("#TimeoutException", "#TimeoutException", "C |")));
    }

    [Test]
    public void The_first_in_line_takes_a_silent_connection_with_it_so_that_nobody_gets_its_reply()
    {
        using var it = new Speaking(Tongue.InOrder, new() { ReplyTimeout = TimeSpan.FromSeconds(1) }, _queue, _world);
        var (first, lost) = (Says("a"), Says("b"));
        it.Hears("A");
        _world.Passes(0.999);
        Assert.That(($"{first}", $"{lost}", it.IsClosed), Is.EqualTo(("A |", "#TimeoutException", true)));
    }

    [Test]
    public void A_call_of_any_kind_is_late_once()
    {
        var call = new Bare(Tongue.InOrder, "a");
        _world.Do(() => _timed.Send(call));
        _world.Passes(5);
        Assert.That((call.Told, _queue.Count), Is.EqualTo((new[] { "#TimeoutException" }, 0)));
    }

    [Test]
    public void Who_is_told_may_ask_again()
    {
        var (asked, over) = (0, new List<double>());
        _world.Do(Ask);
        _world.Passes(3.5);
        Assert.That((asked, over.Count, _queue.Count), Is.EqualTo((4, 3, 1)));

        void Ask()
        {
            asked++;
            _timed.Ask(new Say(Tongue.InOrder, "a")).Subscribe(_ => { }, _ =>
            {
                over.Add(_world.Now);
                if (asked < 4)
                {
                    Ask();
                }
            });
        }
    }

    [Test]
    public void Of_those_who_have_left_none_is_kept()
    {
        var left = Leaves();
        _world.Passes(0.3);
        GC.Collect();
        Assert.That(left.IsAlive, Is.False);
    }

    [Test]
    public void Who_waits_for_long_wakes_the_hub_seldom()
    {
        var story = _world.Watch(_queue.Timeout(TimeSpan.FromMinutes(1), Late).Ask(new Say(Tongue.InOrder, "a")));
        var turns = _world.Hub.Sight.Turns;
        _world.Passes(59);
        Assert.That($"{story}", Is.Empty);
        Assert.That(_world.Hub.Sight.Turns - turns, Is.LessThan(20));
        _world.Passes(1.1);
        Assert.That($"{story}", Is.EqualTo("#TimeoutException"));
    }

    [Test]
    public void Other_threads_have_the_same_time()
    {
        using var live = new Live();
        var timed = new CallQueue<Said>(hub: live.Hub).Timeout(TimeSpan.FromMilliseconds(50), Late);
        var all = Enumerable.Range(0, 100).Select(_ => Task.Run(async () => await timed.Ask(new Say(Tongue.InOrder, "a")))).ToArray();
        foreach (var each in all)
        {
            Assert.That(() => live.Await(each), Throws.InstanceOf<TimeoutException>());
        }
    }

    [Test]
    public void One_that_leaves_on_its_way_from_another_thread_is_not_sent()
    {
        var (stays, leaves) = (Story.Of(_timed.Ask(new Say(Tongue.InOrder, "a"))), Story.Of(_timed.Ask(new Say(Tongue.InOrder, "b"))));
        leaves.Subscription!.Dispose();
        _world.Passes(0.5);
        Assert.That((_queue.Count, $"{stays}"), Is.EqualTo((1, "")));
        _world.Passes(0.6);
        Assert.That((_queue.Count, $"{stays}", $"{leaves}", _world.Trouble), Is.EqualTo((0, "#TimeoutException", "", "")));
    }

    [Test]
    public void Nor_is_it_where_it_would_be_sent_at_once()
    {
        using var it = new Speaking(Tongue.InOrder, queue: _queue, world: _world);
        var (stays, leaves) = (Story.Of(_timed.Ask(new Say(Tongue.InOrder, "a"))), Story.Of(_timed.Ask(new Say(Tongue.InOrder, "b"))));
        leaves.Subscription!.Dispose();
        _world.Passes(0.1);
        it.Hears("A");
        Assert.That((it.Heard, $"{stays}", $"{leaves}", _world.Trouble), Is.EqualTo(("a", "A |", "", "")));
    }

    [Test]
    public void Whoever_is_behind_may_hand_on_later_also_what_comes_from_another_thread()
    {
        using var it = new Speaking(Tongue.InOrder, queue: _queue, world: _world);
        var later = new Later(_queue);
        var timed = later.Timeout(TimeSpan.FromSeconds(1), Late);
        var (stays, leaves) = (Story.Of(timed.Ask(new Say(Tongue.InOrder, "a"))), Story.Of(timed.Ask(new Say(Tongue.InOrder, "b"))));
        _world.Passes(0.1);
        leaves.Subscription!.Dispose();
        _world.Passes(0.1);
        _world.Do(later.HandOn);
        it.Hears("A", "B");
        Assert.That(($"{stays}", $"{leaves}", _world.Trouble, it.Pipeline.IsIdle), Is.EqualTo(("A |", "", "", true)));
    }

    [Test]
    public void One_that_was_sent_is_not_sent_again_from_anywhere()
    {
        var call = new Bare(Tongue.InOrder, "a");
        _timed.Send(call);
        Assert.That(() => _timed.Send(call), Throws.InvalidOperationException);
        _world.Passes(0.1);
        Assert.That(() => _timed.Send(call), Throws.InvalidOperationException);
        Assert.That(_world.Do(() => Assert.Catch<InvalidOperationException>(() => _timed.Send(call))), Is.Not.Null);
    }

    [Test]
    public void An_error_that_cannot_be_made_is_the_error()
    {
        var timed = _queue.Timeout(TimeSpan.FromSeconds(1), static _ => throw new FormatException());
        var story = _world.Watch(timed.Ask(new Say(Tongue.InOrder, "a")));
        _world.Passes(2);
        Assert.That($"{story}", Is.EqualTo("#FormatException"));
    }

    [Test]
    public void Limits_are_checked()
    {
        Assert.That(() => _queue.Timeout(TimeSpan.Zero, Late), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(_queue.Timeout(Timeout.InfiniteTimeSpan, Late), Is.SameAs(_queue));
    }

    private Story<string> Says(string text) => _world.Watch(_timed.Ask(new Say(Tongue.InOrder, text)));

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private WeakReference Leaves()
    {
        var call = new Say(Tongue.InOrder, "a");
        _world.Watch(_timed.Ask(call)).Subscription!.Dispose();
        return new WeakReference(call);
    }

    // Keeps calls until it is told to hand them on.
    private sealed class Later(ICalls<Said> calls) : ICalls<Said>
    {
        private readonly List<Call<Said>> _kept = [];

        public Hub Hub => calls.Hub;

        public IDisposable Send(Call<Said> call)
        {
            _kept.Add(call);
            return call;
        }

        public void HandOn() => _kept.ForEach(call => calls.Send(call));
    }
}
