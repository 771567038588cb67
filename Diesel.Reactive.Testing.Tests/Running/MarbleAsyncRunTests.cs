using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class MarbleAsyncRunTests
{
    [Test]
    public Task Time_runs_while_the_body_awaits() => MarbleTest.RunAsync(async t =>
    {
        var told = t.Record(t.Hot("-a-b-c"));
        await Task.Delay(TimeSpan.FromMilliseconds(4), t.TimeProvider);
        Assert.That((told.ToString(), t.Scheduler.Elapsed.TotalMilliseconds), Is.EqualTo(("-a-b", 4.0)));
    });

    [Test]
    public Task Expectations_are_met_after_the_body() => MarbleTest.RunAsync(async t =>
    {
        var state = new Subject<int>();
        t.ExpectObservable(state).ToBe("--12");
        await Task.Delay(TimeSpan.FromMilliseconds(2), t.TimeProvider);
        state.OnNext(1);
        await Task.Delay(TimeSpan.FromMilliseconds(1), t.TimeProvider).ConfigureAwait(false);
        state.OnNext(2);
    });

    [Test]
    public Task An_observable_is_awaited() => MarbleTest.RunAsync(async t =>
    {
        Assert.That(await t.Cold("-a-b|"), Is.EqualTo("b"));
        Assert.That(t.Scheduler.Elapsed.TotalMilliseconds, Is.EqualTo(4));
    });

    [Test]
    public Task Loops_of_the_hub_are_awaited() => MarbleTest.RunAsync(async t =>
    {
        var queue = new AsyncQueue<int>(hub: t.Hub);
        _ = t.Hub.Fork(async () =>
        {
            await t.Hub.Sleep(TimeSpan.FromMilliseconds(5));
            queue.Put(7);
        });
        Assert.That((await queue.Get(), t.Scheduler.Elapsed.TotalMilliseconds), Is.EqualTo((7, 5.0)));
    });

    [Test]
    public void A_body_that_awaits_nothing_must_expect_something() =>
        Assert.That(() => MarbleTest.RunAsync(_ => Task.CompletedTask), Throws.TypeOf<MarblesDifferException>().With.Message.Contains("expects nothing"));

    [Test]
    public void A_body_without_a_task_is_an_error() =>
        Assert.That(() => MarbleTest.RunAsync(_ => null!), Throws.InvalidOperationException.With.Message.Contains("gave no task"));

    [Test]
    public void What_the_body_throws_is_the_tests_error() =>
        Assert.That(() => MarbleTest.RunAsync(async t =>
        {
            t.ExpectObservable(t.Hot("-a")).ToBe("-b");
            await Task.Delay(TimeSpan.FromMilliseconds(1), t.TimeProvider);
            throw new FormatException();
        }), Throws.TypeOf<FormatException>());

    [Test]
    public void What_it_expected_is_compared() =>
        Assert.That(() => MarbleTest.RunAsync(async t =>
        {
            await Task.Yield();
            t.ExpectObservable(t.Hot("-a")).ToBe("-b");
        }), Throws.TypeOf<MarblesDifferException>());

    [Test]
    public void A_test_that_drops_the_task_fails_too() =>
        Assert.That(() => { _ = MarbleTest.RunAsync(_ => Task.FromException(new FormatException())); }, Throws.TypeOf<FormatException>());

    [Test]
    public void A_body_that_nothing_completes_is_an_error() =>
        Assert.That(() => MarbleTest.RunAsync(_ => new TaskCompletionSource().Task),
            Throws.InvalidOperationException.With.Message.Contains("awaits something that nothing in virtual time will complete"));

    [Test]
    public void A_body_that_waits_for_a_thread_of_the_pool_is_an_error()
    {
        using var gate = new ManualResetEventSlim();
        Assert.That(() => MarbleTest.RunAsync(async _ => await Task.Run(gate.Wait)), Throws.InvalidOperationException.With.Message.Contains("virtual time"));
        gate.Set();
    }

    [Test]
    public void A_body_that_is_not_done_at_the_end_is_an_error() =>
        Assert.That(() => MarbleTest.RunAsync(t => Task.Delay(TimeSpan.FromMilliseconds(9), t.TimeProvider),
            new MarbleOptions { End = TimeSpan.FromMilliseconds(5) }), Throws.InvalidOperationException.With.Message.Contains("MarbleOptions.End"));

    [Test]
    public Task What_repeats_for_ever_ends_with_the_body() => MarbleTest.RunAsync(async t =>
    {
        var told = t.Record(Observable.Interval(TimeSpan.FromMilliseconds(1), t.Scheduler));
        await Task.Delay(TimeSpan.FromMilliseconds(3), t.TimeProvider);
        Assert.That(told.ToString(), Is.EqualTo("-01"));
    });

    [Test]
    public Task Time_is_not_advanced_by_hand_while_it_runs() => MarbleTest.RunAsync(async t =>
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), t.TimeProvider);
        Assert.That(() => t.AdvanceBy(TimeSpan.FromMilliseconds(1)), Throws.InvalidOperationException.With.Message.Contains("await Task.Delay"));
    });

    [Test]
    public void A_body_that_is_async_by_mistake_is_an_error() =>
        Assert.That(() => MarbleTest.Run(async t => await Task.Delay(TimeSpan.FromMilliseconds(1), t.TimeProvider)),
            Throws.InvalidOperationException.With.Message.Contains("use MarbleTest.RunAsync"));

    [Test]
    public void A_blocking_wait_is_an_error_and_no_hang() =>
        Assert.That(() => MarbleTest.RunAsync(t =>
        {
            Task.Delay(TimeSpan.FromMilliseconds(1), t.TimeProvider).Wait();
            return Task.CompletedTask;
        }), Throws.InvalidOperationException.With.Message.Contains("blocking wait"));

    [Test]
    public Task What_is_expected_comes_at_its_time_although_the_body_ended_before() => MarbleTest.RunAsync(async t =>
    {
        t.ExpectObservable(Observable.Timer(TimeSpan.FromMilliseconds(10), t.Scheduler).Select(_ => "x")).ToBe(" 10ms [x|]");
        await Task.Delay(TimeSpan.FromMilliseconds(5), t.TimeProvider);
    }, new MarbleOptions { End = TimeSpan.FromMilliseconds(1000) });

    [Test]
    public void The_end_of_a_run_is_no_action() => MarbleTest.Run(t => t.ExpectObservable(t.Hot("ab")).ToBe("ab"),
        new MarbleOptions { End = TimeSpan.FromMilliseconds(5), MaxActions = 3 });
}
