namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeadlineTests : IDisposable
{
    private readonly World _world = new();
    private readonly List<double> _missed = [];
    private readonly Deadline _deadline;

    public DeadlineTests() => _deadline = new Deadline(_world.Hub, _ => _missed.Add(Math.Round(_world.Now, 2)));

    public void Dispose() => _world.Dispose();

    [Test]
    public void Made_it_is_not_set()
    {
        _world.Passes(5);
        Assert.That((_deadline.IsActive, _missed.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void It_comes_due_once_and_not_before_its_time()
    {
        Sets(1);
        Assert.That(_deadline.IsActive, Is.True);
        _world.Passes(0.998);
        Assert.That(_missed, Is.Empty);
        _world.Passes(5);
        Assert.That((_missed.Single(), _deadline.IsActive), Is.EqualTo((1.0, false)));
    }

    [Test]
    public void Moved_to_a_later_time_it_comes_due_then()
    {
        Sets(1);
        _world.Passes(0.5);
        Sets(2);
        _world.Passes(0.5);
        Sets(4);
        _world.Passes(10);
        Assert.That(_missed, Is.EqualTo(new[] { 5.0 }));
    }

    [Test]
    public void Moved_to_an_earlier_time_it_comes_due_then()
    {
        Sets(10);
        Sets(1);
        _world.Passes(20);
        Assert.That(_missed, Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void Delayed_it_comes_due_that_much_later()
    {
        Sets(1);
        _world.Passes(0.5).Do(() => _deadline.Delay(TimeSpan.FromSeconds(2)));
        _world.Passes(10);
        Assert.That(_missed, Is.EqualTo(new[] { 3.0 }));
    }

    [Test]
    public void One_that_is_not_active_cannot_be_delayed() =>
        Assert.That(() => _world.Do(() => Assert.That(() => _deadline.Delay(TimeSpan.FromSeconds(1)), Throws.InvalidOperationException.With.Message.Contains("Reset"))), Throws.Nothing);

    [Test]
    public void Cancelled_it_does_not_come_due_and_may_be_set_again()
    {
        Sets(1);
        _world.Do(_deadline.Cancel).Do(_deadline.Cancel);
        Assert.That(_deadline.IsActive, Is.False);
        _world.Passes(5);
        Assert.That(_missed, Is.Empty);
        Sets(1);
        _world.Passes(5);
        Assert.That(_missed, Has.Count.EqualTo(1));
    }

    [Test]
    public void Set_to_infinite_it_is_cancelled()
    {
        Sets(1);
        _world.Do(() => _deadline.Reset(Timeout.InfiniteTimeSpan)).Passes(5);
        Assert.That((_deadline.IsActive, _missed.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Set_to_zero_it_comes_due_in_a_coming_turn()
    {
        _world.Do(() =>
        {
            _deadline.Reset(TimeSpan.Zero);
            Assert.That(_missed, Is.Empty);
        });
        Assert.That(_missed, Has.Count.EqualTo(1));
    }

    [Test]
    public void It_may_set_itself_again_when_it_comes_due()
    {
        Deadline? ticker = null;
        ticker = new Deadline(_world.Hub, _ =>
        {
            _missed.Add(Math.Round(_world.Now, 2));
            ticker!.Reset(TimeSpan.FromSeconds(1));
        });
        _world.Do(() => ticker.Reset(TimeSpan.FromSeconds(1))).Passes(3.5);
        Assert.That(_missed, Is.EqualTo(new[] { 1.0, 2, 3 }));
    }

    [Test]
    public void What_came_in_a_late_turn_may_still_move_it()
    {
        var (loop, missed) = (new HandLoop(), 0);
        var hub = new Hub(loop, null);
        var deadline = new Deadline(hub, _ => missed++);
        void Sets(double seconds) => deadline.Reset(TimeSpan.FromSeconds(seconds));
        hub.Post(_ => Sets(1));
        hub.Post(_ => Sets(2));
        loop.Turn(at: 0);
        hub.Post(_ => loop.Elapsed = TimeSpan.FromSeconds(3));
        loop.Turn(at: 1.5);
        hub.Post(_ => Sets(2));
        loop.Turn(at: 3);
        loop.Turn(at: 4.9);
        Assert.That((missed, deadline.IsActive), Is.EqualTo((0, true)));
        loop.Turn(at: 5);
        Assert.That((missed, deadline.IsActive), Is.EqualTo((1, false)));
    }

    [Test]
    public void To_a_later_time_it_is_moved_without_a_timer_and_without_allocating()
    {
        Sets(1);
        var allocated = _world.Do(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 1; i <= 1000; i++)
            {
                _deadline.Reset(TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(i));
                _deadline.Delay(TimeSpan.FromMilliseconds(1));
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.That(allocated, Is.Zero);
        _world.Passes(5);
        Assert.That(_missed, Is.EqualTo(new[] { 2.0 }));
    }

    [Test]
    public void It_belongs_to_its_hubs_thread()
    {
        Assert.That(() => _deadline.Reset(TimeSpan.FromSeconds(1)), Throws.InvalidOperationException.With.Message.Contains("hub's thread"));
        Assert.That(_deadline.Cancel, Throws.Nothing);
        Sets(1);
        Assert.That(_deadline.Cancel, Throws.InvalidOperationException);
        Assert.That(() => _deadline.Delay(TimeSpan.FromSeconds(1)), Throws.InvalidOperationException);
    }

    [Test]
    public void Times_are_checked()
    {
        Assert.That(() => _deadline.Reset(TimeSpan.FromSeconds(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _deadline.Delay(TimeSpan.FromSeconds(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _world.Do(() => _deadline.Reset(TimeSpan.MaxValue)), Throws.Nothing);
        Assert.That((_deadline.IsActive, _world.Trouble), Is.EqualTo((true, "")));
    }

    [Test]
    public void What_it_calls_may_throw_and_is_named_by_its_state()
    {
        var broken = new Deadline(_world.Hub, static _ => throw new FormatException("no"), _world.Hub.Fork(static () => { }, "who"));
        _world.Do(() => broken.Reset(TimeSpan.FromSeconds(1))).Passes(2);
        Assert.That((_world.Errors.Single().ToString(), broken.IsActive), Is.EqualTo(("loop 'who': FormatException: no", false)));
    }

    [Test]
    public void It_ends_with_its_hub_without_coming_due()
    {
        Sets(1);
        _world.Hub.Dispose();
        Assert.That((_deadline.IsActive, _missed.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void On_a_real_clock_it_is_never_early_however_it_is_moved()
    {
        using var live = new Live();
        var early = live.Run(async () =>
        {
            var (early, done) = (0, new AwaitableSource<int>());
            var until = TimeSpan.Zero;
            var deadline = new Deadline(live.Hub, _ =>
            {
                early += live.Hub.Elapsed < until ? 1 : 0;
                done.TrySetResult(0);
            });
            for (var i = 0; i < 50; i++)
            {
                until = live.Hub.Elapsed + TimeSpan.FromMilliseconds(3);
                deadline.Reset(TimeSpan.FromMilliseconds(3));
                await live.Hub.Sleep(TimeSpan.FromMilliseconds(i % 3));
            }

            await done;
            return early;
        });
        Assert.That(early, Is.Zero);
    }

    private void Sets(double seconds) => _world.Do(() => _deadline.Reset(TimeSpan.FromSeconds(seconds)));
}
