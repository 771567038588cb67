using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What goes wrong where nobody looks fails the test, and says so.</summary>
public class UnseenFailureTests
{
    private static readonly MarbleOptions NothingExpected = new() { ExpectNothing = true };

    [Test]
    public void A_forgotten_task_that_throws_while_the_body_awaits() => Fails(async t =>
    {
        _ = Lose(t, 1);
        await Task.Delay(Ms(5), t.TimeProvider);
    }, "A task that nobody awaits failed: FormatException: lost", "Await the task");

    [Test]
    public void A_forgotten_task_that_throws_beside_an_expectation_that_is_met() => Fails(t =>
    {
        _ = Lose(t, 1);
        t.ExpectObservable(t.Hot("-a--|")).ToBe("-a--|");
    }, "A task that nobody awaits failed: FormatException: lost");

    [Test]
    public void A_forgotten_task_that_throws_at_once() => Fails(t => { _ = Lose(t, 0); }, "A task that nobody awaits failed: FormatException: lost");

    [Test]
    public void A_forgotten_task_that_waited_for_one_that_failed() =>
        Fails(t => { _ = Task.CompletedTask.ContinueWith(_ => Lose(t, 0).Wait(), TaskScheduler.Current); }, "A task that nobody awaits failed: FormatException: lost");

    [Test]
    public void A_forgotten_task_that_throws_several_errors_as_one() => Fails(
        t => { _ = Failed(new AggregateException(new FormatException("one"), new FormatException("two"))); }, "A task that nobody awaits failed: AggregateException", "(one) (two)");

    [Test]
    public void A_forgotten_task_that_somebody_had_for_a_while([Values(0, 1)] int collected) => Fails(async t =>
    {
        List<Task> known = [Lose(t, 1)];
        await Task.Delay(Ms(2), t.TimeProvider);
        GC.Collect(collected);
        Assert.That(known[0].IsFaulted);
        known.Clear();
    }, "A task that nobody awaits failed: FormatException: lost");

    [Test]
    public void An_async_void_method_that_would_throw_after_the_body() => Fails(async t =>
    {
        async void Fire()
        {
            await Task.Delay(Ms(10), t.TimeProvider);
            throw new FormatException("lost");
        }

        Fire();
        await Task.Delay(Ms(5), t.TimeProvider);
    }, "lost");

    [Test]
    public void An_async_void_method_that_never_ends() => Fails(async t =>
    {
        static async void Hang() => await new TaskCompletionSource().Task;
        Hang();
        await Task.Delay(Ms(5), t.TimeProvider);
    }, "An async void method had not ended when the test did, at 5 ms", "make it return a task");

    [Test]
    public Task An_async_void_method_that_ends_is_no_harm() => MarbleTest.RunAsync(static async t =>
    {
        async void Fire() => await Task.Delay(Ms(2), t.TimeProvider);
        Fire();
        await Task.Delay(Ms(5), t.TimeProvider);
    });

    [Test]
    public void An_async_void_method_that_an_end_cuts_off() => Fails(t =>
    {
        async void Fire()
        {
            await Task.Delay(Ms(10), t.TimeProvider);
            throw new FormatException("lost");
        }

        t.Hot("-a").Subscribe(_ => Fire());
        t.ExpectObservable(t.Hot("-a")).ToBe("-a");
    }, new MarbleOptions { End = Ms(5) }, "An async void method had not ended when the test did, at 5 ms");

    [Test]
    public void An_assertion_in_a_subscription_that_is_due_after_the_body() => Fails(async t =>
    {
        t.Hot("----------a").Subscribe(value => Check(value == "b", "it was " + value));
        await Task.Delay(Ms(5), t.TimeProvider);
    }, "it was a");

    [Test]
    public void An_assertion_behind_an_operator_that_waits_past_the_body() => Fails(async t =>
    {
        Observable.Timer(Ms(10), t.Scheduler).Subscribe(_ => Check(false, "too late"));
        await Task.Delay(Ms(5), t.TimeProvider);
    }, "too late");

    [Test]
    public Task What_was_recorded_ends_with_the_body_all_the_same()
    {
        Recording<string>? told = null;
        MarbleTest.RunAsync(async t =>
        {
            told = t.Record(t.Hot("-a----b"));
            await Task.Delay(Ms(3), t.TimeProvider);
        }).GetAwaiter().GetResult();
        Assert.That(told!.ToString(), Is.EqualTo("-a"));
        return Task.CompletedTask;
    }

    [Test]
    public void A_forgotten_Task_Run_that_throws() => Fails(t => { Forget(static () => Check(false, "lost")); }, "A task that nobody awaits failed", "lost");

    [Test]
    public void A_forgotten_Task_Run_that_throws_after_a_while() => Fails(t =>
    {
        Forget(static () =>
        {
            Thread.Sleep(50);
            Check(false, "lost");
        });
    }, "A task that nobody awaits failed", "lost");

    [Test]
    public void A_forgotten_Task_Run_that_does_not_end()
    {
        using var end = new ManualResetEventSlim();
        Fails(t => { Forget(end.Wait); }, "Something that the test began still runs on another thread when it is over, by Task.Run");
        end.Set();
    }

    [Test]
    public void A_thread_of_its_own_may_live_on()
    {
        using var end = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            begun.Set();
            end.Wait();
        });
        MarbleTest.Run(t =>
        {
            thread.Start();
            begun.Wait();
            t.ExpectObservable(t.Hot("-a")).ToBe("-a");
        });
        end.Set();
        thread.Join();
    }

    [Test]
    public void A_forgotten_Task_Run_that_tells_what_is_recorded() => Fails(t =>
    {
        var subject = new Subject<int>();
        t.Record(subject, "subject");
        Forget(() => subject.OnNext(1));
    }, "A real scheduler leaked into virtual time: subject told a value on another thread, by Task.Run");

    [Test]
    public void A_forgotten_Task_Run_that_tells_what_is_expected_to_be_silent() => Fails(t =>
    {
        var subject = new Subject<int>();
        t.ExpectObservable(subject).ToBe("-");
        Forget(() =>
        {
            Thread.Sleep(20);
            subject.OnNext(1);
        });
    }, "A real scheduler leaked into virtual time: subject told a value on another thread, by Task.Run");

    [Test]
    public void A_timer_of_the_system_that_would_tell_what_is_recorded()
    {
        Timer? timer = null;
        Fails(t =>
        {
            var subject = new Subject<int>();
            t.Record(subject, "subject");
            timer = new Timer(_ => subject.OnNext(1), null, 60_000, Timeout.Infinite);
        }, "A real timer leaked into virtual time: a System.Threading.Timer is still to come", "t.TimeProvider.CreateTimer");
        timer!.Dispose();
    }

    [Test]
    public void A_timer_of_the_system_that_tells_while_the_test_runs()
    {
        using var told = new ManualResetEventSlim();
        Timer? timer = null;
        Fails(t =>
        {
            var subject = new Subject<int>();
            t.ExpectObservable(subject).ToBe("-");
            timer = new Timer(_ =>
            {
                subject.OnNext(1);
                told.Set();
            }, null, 1, Timeout.Infinite);
            t.On("-x", _ => told.Wait());
        }, "A real scheduler leaked into virtual time: subject told a value on another thread, by a timer in real time");
        timer!.Dispose();
    }

    [Test]
    public void A_timer_of_the_system_that_is_no_more_is_no_harm() => MarbleTest.Run(static t =>
    {
        using var timer = new Timer(static _ => { }, null, 60_000, Timeout.Infinite);
        t.ExpectObservable(t.Hot("-a")).ToBe("-a");
    });

    [Test]
    public void A_timer_of_another_test_is_no_harm()
    {
        using var timer = new Timer(static _ => { }, null, 60_000, Timeout.Infinite);
        MarbleTest.Run(static t => t.ExpectObservable(t.Hot("-a")).ToBe("-a"));
    }

    [Test]
    public void An_operator_without_a_scheduler_where_nothing_is_expected([Values("Timer", "Throttle", "Delay", "Interval")] string name) => Fails(t =>
    {
        var source = t.Hot("-a");
        var minute = TimeSpan.FromMinutes(1);
        t.On("--x", static _ => Thread.Sleep(50));
        t.ExpectObservable(name switch
        {
            "Timer" => Observable.Timer(minute).Select(static _ => "x"),
            "Throttle" => source.Throttle(minute),
            "Delay" => source.Delay(minute),
            _ => Observable.Interval(minute).Select(static _ => "x"),
        }).ToBe("-");
    }, "an operator of Rx without a scheduler");

    [Test]
    public void A_wait_for_a_while_that_virtual_time_cannot_end([Values] bool isTask) => Fails(t =>
    {
        if (isTask)
        {
            // Longer than it looks, busy, before it waits.
            Task.Delay(Ms(10), t.TimeProvider).Wait(1000);
        }
        else
        {
            new ManualResetEvent(false).WaitOne(50);
        }
    }, "A blocking wait (Task.Wait, Result, First, ...) holds the only thread of virtual time");

    [Test]
    public void A_wait_that_takes_no_time_is_none() => MarbleTest.Run(static t =>
    {
        using var never = new ManualResetEvent(false);
        Assert.That((Task.Delay(Ms(10), t.TimeProvider).Wait(0), never.WaitOne(0)), Is.EqualTo((false, false)));
    }, NothingExpected);

    [Test]
    public void What_is_said_of_an_error_that_is_not_expected([Values] bool isBytes) => Fails(t =>
    {
        if (isBytes)
        {
            t.ExpectBytes(t.HotBytes("-a|")).WithError(static e => e is FormatException).ToBe("-a|");
        }
        else
        {
            t.ExpectObservable(t.Hot("-a|").Select(static x => x)).WithError(static e => e is FormatException).ToBe("-a|");
        }
    }, "is expected WithError, which says what # stands for, but no # is expected of it", "UnseenFailureTests.cs:");

    [Test]
    public void What_other_tests_forget_is_no_harm()
    {
        _ = Task.FromException(new FormatException("another test's"));
        MarbleTest.Run(static t =>
        {
            Assert.That(static () => Check(false, "seen"), Throws.InstanceOf<FormatException>());
            t.ExpectObservable(t.Hot("-a")).ToBe("-a");
        });
    }

    [Test]
    public void An_error_that_somebody_sees_is_no_harm() => MarbleTest.RunAsync(static async t =>
    {
        var failing = Lose(t, 1);
        await Task.Delay(Ms(5), t.TimeProvider);
        Assert.That(failing.Exception, Is.Not.Null);
    });

    private static async Task Failed(Exception error)
    {
        await Task.CompletedTask;
        throw error;
    }

    private static async Task Lose(MarbleTest t, int after)
    {
        if (after > 0)
        {
            await Task.Delay(Ms(after), t.TimeProvider);
        }

        throw new FormatException("lost");
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException(what);
        }
    }

    // It has begun, so that no pool that is busy with other tests makes a difference.
    private static void Forget(Action act)
    {
        using var begun = new ManualResetEventSlim();
        _ = Task.Run(() =>
        {
            begun.Set();
            act();
        });
        begun.Wait();
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static void Fails(Func<MarbleTest, Task> body, params string[] because) => Says(() => MarbleTest.RunAsync(body), because);

    private static void Fails(Action<MarbleTest> body, params string[] because) => Fails(body, NothingExpected, because);

    private static void Fails(Action<MarbleTest> body, MarbleOptions options, params string[] because) => Says(() => MarbleTest.Run(body, options), because);

    private static void Says(Action run, string[] because)
    {
        var message = Assert.Catch(run)!.Message;
        Assert.That(because.Where(part => !message.Contains(part, StringComparison.Ordinal)), Is.Empty, message);
    }
}
