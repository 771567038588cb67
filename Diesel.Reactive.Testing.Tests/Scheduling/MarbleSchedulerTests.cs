using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MarbleSchedulerTests
{
    private readonly MarbleScheduler _scheduler = new();
    private readonly List<string> _told = [];

    [Test]
    public void Work_without_a_delay_stays_in_its_instant()
    {
        Observable.Range(0, 3, _scheduler).Delay(TimeSpan.Zero, _scheduler).Subscribe(Tell);
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "0@0", "1@0", "2@0" }));
    }

    [Test]
    public void An_interval_is_exact()
    {
        Observable.Interval(Ms(3), _scheduler).Take(3).Subscribe(Tell);
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "0@3", "1@6", "2@9" }));
    }

    [Test]
    public void Work_of_one_instant_runs_in_the_order_it_was_scheduled()
    {
        foreach (var i in Enumerable.Range(0, 200))
        {
            _scheduler.Schedule(Ms(5), () => Tell(i));
        }

        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(Enumerable.Range(0, 200).Select(i => $"{i}@5")));
    }

    [Test]
    public void Lanes_go_before_the_order_of_scheduling()
    {
        _scheduler.Schedule(Ms(5), () => Tell("work"));
        _scheduler.ScheduleAt(Ms(5), MarbleLane.Hot, () => Tell("hot"));
        _scheduler.ScheduleAt(Ms(5), MarbleLane.Subscribe, () => Tell("^"));
        _scheduler.ScheduleAt(Ms(5), MarbleLane.Unsubscribe, () => Tell("!"));
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "!@5", "^@5", "hot@5", "work@5" }));
    }

    [Test]
    public void Work_for_an_instant_that_passed_runs_now()
    {
        _scheduler.AdvanceTo(Ms(5).Ticks);
        _scheduler.Schedule(MarbleScheduler.Epoch, () => Tell("late"));
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "late@5" }));
    }

    [Test]
    public void Advancing_includes_its_last_instant()
    {
        _scheduler.Schedule(Ms(5), () => Tell("a"));
        _scheduler.Schedule(Ms(6), () => Tell("b"));
        _scheduler.AdvanceBy(Ms(5).Ticks);
        Assert.That((string.Join(' ', _told), _scheduler.Elapsed), Is.EqualTo(("a@5", Ms(5))));
    }

    [Test]
    public void An_instant_before_zero_has_a_date()
    {
        _scheduler.ScheduleAt(Ms(-3), MarbleLane.Hot, () => Tell(_scheduler.Now.Year));
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "1999@-3" }));
    }

    [Test]
    public void What_an_action_throws_escapes_once_and_the_next_start_goes_on()
    {
        _scheduler.Schedule(Ms(1), () => throw new FormatException());
        _scheduler.Schedule(Ms(2), () => Tell("next"));
        Assert.That(_scheduler.Start, Throws.TypeOf<FormatException>());
        _scheduler.Start();
        Assert.That(_told, Is.EqualTo(new[] { "next@2" }));
    }

    [Test]
    public void Cancelled_work_does_not_run_and_leaves_the_queue_at_once()
    {
        foreach (var timeout in Enumerable.Range(0, 1000).Select(_ => _scheduler.Schedule(TimeSpan.FromSeconds(5), () => Tell("late"))))
        {
            timeout.Dispose();
        }

        Assert.That(_scheduler.QueueLength, Is.Zero);
        _scheduler.Start();
        Assert.That(_told, Is.Empty);
    }

    [Test]
    public void Disposing_of_work_that_ran_ends_what_it_began()
    {
        var begun = new BooleanDisposable();
        var work = _scheduler.Schedule(0, (_, _) => begun);
        _scheduler.Start();
        work.Dispose();
        Assert.That(begun.IsDisposed);
    }

    [Test]
    public void Work_that_is_disposed_of_while_it_runs_ends_what_it_begins()
    {
        var (begun, work) = (new BooleanDisposable(), new SerialDisposable());
        work.Disposable = _scheduler.Schedule(0, (_, _) =>
        {
            work.Dispose();
            return begun;
        });
        _scheduler.Start();
        Assert.That(begun.IsDisposed);
    }

    [Test]
    public void Time_that_stands_still_is_an_error_that_says_so()
    {
        Observable.Interval(TimeSpan.Zero, _scheduler).Subscribe();
        Assert.That(_scheduler.Start, Throws.TypeOf<EndlessRunException>().With.Message.Contains("Time stands still")
            .And.Message.Contains("100000 actions"));
    }

    [Test]
    public void A_timer_for_ever_is_an_error_that_says_where_it_was()
    {
        _scheduler.MaxActions = 10;
        Observable.Interval(Ms(1), _scheduler).Subscribe();
        Assert.That(_scheduler.Start, Throws.TypeOf<EndlessRunException>().With.Message.Contains("\"^---!\"")
            .And.Message.Contains("it is 11 ms"));
    }

    [Test]
    public void Every_call_may_run_the_most_actions()
    {
        _scheduler.MaxActions = 10;
        Observable.Interval(Ms(1), _scheduler).Subscribe(Tell);
        _scheduler.AdvanceBy(Ms(9).Ticks);
        _scheduler.AdvanceBy(Ms(9).Ticks);
        Assert.That(_told, Has.Count.EqualTo(18));
    }

    [Test]
    public void Work_of_another_thread_fails_the_run()
    {
        _scheduler.Schedule(() => RunElsewhere(() => _scheduler.Schedule(() => Tell("leak"))));
        Assert.That(_scheduler.Start, Throws.InvalidOperationException.With.Message.Contains("real scheduler leaked"));
        Assert.That(_told, Is.Empty);
    }

    [Test]
    public void Cancelling_on_another_thread_is_no_leak()
    {
        var timeout = _scheduler.Schedule(Ms(5), () => Tell("late"));
        _scheduler.Schedule(() => RunElsewhere(timeout.Dispose));
        _scheduler.Start();
        Assert.That(_told, Is.Empty);
    }

    [FsCheck.NUnit.Property]
    public bool The_queue_sorts_whatever_is_taken_back((byte Time, byte Lane, bool Cancelled)[] work)
    {
        var scheduler = new MarbleScheduler();
        var ran = new List<(byte, int, int)>();
        var items = work.Select((w, i) => (Key: (w.Time, w.Lane % 4, i), w.Cancelled)).ToArray();
        var taken = items.Select(w => scheduler.ScheduleAt(Ms(w.Key.Time), (MarbleLane)w.Key.Item2, () => ran.Add(w.Key))).ToArray();
        foreach (var (item, disposable) in items.Zip(taken).Where(pair => pair.First.Cancelled))
        {
            disposable.Dispose();
        }

        scheduler.Start();
        return ran.SequenceEqual(items.Where(w => !w.Cancelled).Select(w => w.Key).Order());
    }

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    private static void RunElsewhere(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    private void Tell<T>(T what) => _told.Add(FormattableString.Invariant($"{what}@{_scheduler.Elapsed.TotalMilliseconds}"));
}
