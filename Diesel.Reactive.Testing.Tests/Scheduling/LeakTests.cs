using System.Reactive.Concurrency;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What another thread does to virtual time is dropped, and fails the run.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LeakTests
{
    private readonly MarbleScheduler _scheduler = new();

    [Test]
    public void Async_code_that_resumes_elsewhere() => Leaks("async code resumed", () =>
    {
        var source = new TaskCompletionSource();
        async Task Waits() => await source.Task;
        _ = Waits();
        Elsewhere(source.SetResult);
    });

    [Test]
    public void A_timer_that_is_set_elsewhere() => Leaks("a timer was set", () =>
        Elsewhere(() => _scheduler.TimeProvider.CreateTimer(_ => { }, null, TimeSpan.Zero, TimeSpan.Zero)));

    [Test]
    public void A_timer_may_be_disposed_of_elsewhere()
    {
        var timer = _scheduler.TimeProvider.CreateTimer(_ => Assert.Fail("late"), null, TimeSpan.FromMilliseconds(5), TimeSpan.Zero);
        _scheduler.Schedule(() => Elsewhere(timer.Dispose));
        Assert.That(_scheduler.Start, Throws.Nothing);
    }

    [Test]
    public void A_scheduler_at_rest_changes_threads()
    {
        var ran = 0;
        Elsewhere(() => _scheduler.Schedule(() => ran++));
        _scheduler.Start();
        _scheduler.Schedule(() => ran++);
        Elsewhere(_scheduler.Start);
        Assert.That(ran, Is.EqualTo(2));
    }

    [Test]
    public void A_run_goes_on_after_a_leak()
    {
        A_timer_that_is_set_elsewhere();
        Assert.That(_scheduler.Start, Throws.Nothing);
    }

    private void Leaks(string what, Action action)
    {
        _scheduler.Schedule(action);
        Assert.That(_scheduler.Start, Throws.InvalidOperationException.With.Message.Contains(what).And.Message.Contains("t.TimeProvider"));
    }

    private static void Elsewhere(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }
}
