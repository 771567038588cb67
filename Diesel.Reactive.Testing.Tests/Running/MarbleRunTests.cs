using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>How a marble test fails, and when it does not.</summary>
public class MarbleRunTests
{
    [Test]
    public void A_difference_fails_and_says_where() =>
        Assert.That(Differs(t => t.ExpectObservable(t.Hot("-a").Select(x => x)).ToBe("-b")),
            Does.Contain("t.Hot(\"-a\").Select(x => x)"));

    [Test]
    public void Sources_are_shown_by_their_names_unless_nobody_listened()
    {
        var message = Differs(t =>
        {
            t.Cold("--nobody-|");
            t.ExpectObservable(t.Hot("-a").Named("keys").Merge(t.Cold("--b"))).ToBe("-b");
        });
        Assert.That(message, Does.Contain("keys").And.Contain("cold 2").And.Not.Contain("nobody"));
    }

    [Test]
    public void All_differences_are_told_together() => Assert.That(
        Differs(t =>
        {
            t.ExpectObservable(t.Hot("-a")).ToBe("-b");
            t.ExpectObservable(t.Hot("-c")).ToBe("-c");
            t.ExpectObservable(t.Hot("-d")).ToBe("-e");
        }).Split("Marbles differ"), Has.Length.EqualTo(3));

    [TestCase("-a-b|", "-a-b|", null)]
    [TestCase("-a-b|", "-a--b|", "late")]
    [TestCase("-a-b|", "-a|", "early end")]
    [TestCase("-a-b|", "-a-b#", "other end")]
    [TestCase("-a-b|", "-a-b", "no end")]
    [TestCase("-a-b|", "-a-c|", "other value")]
    [TestCase("-a-b#", "-a-b#", null)]
    [TestCase("[ab]", "[ba]", "order")]
    [TestCase("[ab]", "{ba}", null)]
    [TestCase("", "-a", "missing")]
    [TestCase("-a", "", "unexpected")]
    public void Compares(string actual, string expected, string? difference)
    {
        void Run() => MarbleTest.Run(t => t.ExpectObservable(t.Cold(actual)).ToBe(expected));
        Assert.That(Run, difference is null ? Throws.Nothing : Throws.TypeOf<MarblesDifferException>(), difference);
    }

    [Test]
    public void A_wait_in_real_time_is_guessed_at() => Assert.That(
        Differs(t => t.ExpectObservable(t.Hot("-a").Delay(TimeSpan.FromMilliseconds(1))).ToBe("--a")), Does.Contain("Nothing came at all").And.Contain("t.Scheduler"));

    [Test]
    public void An_error_nobody_named_says_how_to_expect_it() => Assert.That(
        Differs(t => t.ExpectObservable(t.Hot("-#", new FormatException("x"))).ToBe("-#")), Does.Contain("WithError"));

    [Test]
    public void An_expectation_without_ToBe_fails() =>
        Assert.That(Differs(t => t.ExpectObservable(t.Hot("-a"))), Does.Contain("say .ToBe(...)").And.Contain("MarbleRunTests.cs:"));

    [Test]
    public void An_expectation_of_bytes_without_ToBe_fails() =>
        Assert.That(Differs(t => t.ExpectBytes(t.HotBytes("-a"))), Does.Contain("say .ToBe(...)"));

    [Test]
    public void An_expectation_of_subscriptions_without_ToBe_fails() =>
        Assert.That(Differs(t => t.ExpectSubscriptions(t.Hot("-a"))), Does.Contain("say .ToBe(...)"));

    [Test]
    public void A_second_ToBe_is_refused() => MarbleTest.Run(t =>
    {
        var expectation = t.ExpectObservable(t.Hot("-a"));
        expectation.ToBe("-a");
        Assert.That(() => expectation.ToBe("-b"), Throws.InvalidOperationException);
    });

    [Test]
    public void A_test_that_expects_nothing_fails() =>
        Assert.That(Differs(t => t.Hot("-a").Subscribe()), Does.Contain("expects nothing"));

    [Test]
    public void A_test_may_assert_by_other_means() =>
        MarbleTest.Run(_ => { }, new MarbleOptions { ExpectNothing = true });

    [Test]
    public void What_the_body_throws_wins() =>
        Assert.That(() => MarbleTest.Run(t =>
        {
            t.ExpectObservable(t.Hot("-a")).ToBe("-b");
            throw new FormatException();
        }), Throws.TypeOf<FormatException>());

    [Test]
    public void What_the_code_under_test_throws_wins() =>
        Assert.That(() => MarbleTest.Run(t =>
        {
            t.ExpectObservable(t.Hot("-a")).ToBe("-b");
            t.Hot("-a").Subscribe(_ => throw new FormatException());
        }), Throws.TypeOf<FormatException>());

    [Test]
    public void What_disposing_throws_fails_a_test_that_passed() =>
        Assert.That(() => MarbleTest.Run(t => t.ExpectObservable(Throwing(t)).ToBe("-a")), Throws.TypeOf<FormatException>());

    [Test]
    public void What_disposing_throws_does_not_hide_a_difference() =>
        Assert.That(() => MarbleTest.Run(t => t.ExpectObservable(Throwing(t)).ToBe("-b")), Throws.TypeOf<MarblesDifferException>());

    [Test]
    public void An_endless_observable_is_an_error_that_proposes_a_subscription() =>
        Assert.That(() => MarbleTest.Run(t => t.ExpectObservable(Observable.Interval(TimeSpan.FromMilliseconds(1), t.Scheduler)).ToBe("-01"),
                new MarbleOptions { MaxActions = 50 }),
            Throws.TypeOf<EndlessRunException>().With.Message.Contains("\"^---!\"").And.Message.Contains("Observable.Interval").And.Message.Contains("-0123456789"));

    [Test]
    public void An_end_ends_what_is_endless() =>
        MarbleTest.Run(t => t.ExpectObservable(Observable.Interval(TimeSpan.FromMilliseconds(1), t.Scheduler)).ToBe("-012"),
            new MarbleOptions { End = TimeSpan.FromMilliseconds(3) });

    [Test]
    public void What_never_ends_is_unsubscribed_at_the_end()
    {
        var disposed = 0;
        MarbleTest.Run(t => t.ExpectObservable(t.Hot("-a").Finally(() => disposed++)).ToBe("-a"));
        Assert.That(disposed, Is.EqualTo(1));
    }

    [Test]
    public void What_never_ends_was_never_unsubscribed() => MarbleTest.Run(t =>
    {
        var cold = t.Cold("-a");
        t.ExpectObservable(cold).ToBe("-a");
        t.ExpectSubscriptions(cold).ToBe("^");
    });

    [Test]
    public void A_notification_of_another_thread_fails_the_test() =>
        Assert.That(() => MarbleTest.Run(t =>
            {
                var leak = new Subject<string>();
                t.ExpectObservable(leak.Select(x => x)).ToBe("-a");
                t.On("-a", name => RunElsewhere(() => leak.OnNext(name)));
            }),
            Throws.InvalidOperationException.With.Message.Contains("real scheduler leaked").And.Message.Contains("leak.Select(x => x) told a value")
                .And.Message.Contains("t.Scheduler or t.TimeProvider"));

    [Test]
    public void Scheduling_on_another_thread_fails_the_test() =>
        Assert.That(() => MarbleTest.Run(t =>
            {
                t.ExpectObservable(t.Hot("-a")).ToBe("-a");
                RunElsewhere(() => t.Scheduler.Schedule(() => { }));
            }), Throws.InvalidOperationException.With.Message.Contains("work was scheduled"));

    [Test]
    public void A_diagram_of_the_past_is_refused() => MarbleTest.Run(t =>
    {
        t.AdvanceTo(TimeSpan.FromMilliseconds(3));
        Assert.That(() => t.Hot("-a"), Throws.ArgumentException.With.Message.Contains("past"));
        Assert.That(() => t.On("-a", _ => { }), Throws.ArgumentException);
        Assert.That(() => t.ExpectObservable(t.Cold("-a"), "-^"), Throws.ArgumentException);
        t.ExpectObservable(t.Cold("-a")).ToBe("----a");
    });

    [Test]
    public void Time_is_advanced_step_by_step() => MarbleTest.Run(t =>
    {
        var told = t.Record(t.Hot("a-b-c-d"));
        t.AdvanceBy(TimeSpan.Zero);
        Assert.That(told, Has.Count.EqualTo(1));
        t.AdvanceBy(TimeSpan.FromMilliseconds(1));
        Assert.That(told, Has.Count.EqualTo(1));
        t.AdvanceTo(TimeSpan.FromMilliseconds(4));
        Assert.That(told, Has.Count.EqualTo(3));
        t.Flush();
        Assert.That(told.ToString(), Is.EqualTo("a-b-c-d"));
    });

    [Test]
    public void Time_cannot_be_run_from_within() =>
        Assert.That(() => MarbleTest.Run(t =>
        {
            t.ExpectObservable(t.Hot("-a")).ToBe("-a");
            t.On("-a", _ => t.Flush());
        }), Throws.InvalidOperationException.With.Message.Contains("runs already"));

    [Test]
    public void Errors_of_the_hub_fail_the_test()
    {
        void Run(MarbleTest t)
        {
            t.ExpectObservable(t.Hot("-a")).ToBe("-a");
            t.Hub.Schedule(() => throw new FormatException("lost"));
        }

        Assert.That(Differs(Run), Does.Contain("FormatException: lost"));
        MarbleTest.Run(Run, new MarbleOptions { IgnoreHubErrors = true });
    }

    [Test]
    public void The_hub_is_disposed_at_the_end()
    {
        Hub? hub = null;
        MarbleTest.Run(t => (hub = t.Hub).Schedule(() => { }), new MarbleOptions { ExpectNothing = true });
        Assert.That(hub!.IsDisposed);
    }

    [Test]
    public void What_does_not_end_is_shown_also_when_it_breaks_the_rules() =>
        Assert.That(() => MarbleTest.Run(t => t.ExpectObservable(new Endless(t)).ToBe("a"), new MarbleOptions { MaxActions = 50 }),
            Throws.TypeOf<EndlessRunException>().With.Message.Contains("  |aaaaaaaaa"));

    [Test]
    public void Nothing_is_expected_when_the_test_is_over()
    {
        MarbleTest? over = null;
        MarbleTest.Run(t => over = t, new MarbleOptions { ExpectNothing = true });
        Assert.That(() => over!.ExpectObservable(over.Cold("a")), Throws.InvalidOperationException.With.Message.StartsWith("The test is over"));
    }

    private static string Differs(Action<MarbleTest> body) => Assert.Throws<MarblesDifferException>(() => MarbleTest.Run(body))!.Message;

    private static IObservable<string> Throwing(MarbleTest t) => t.Hot("-a").Finally(() => throw new FormatException());

    private static void RunElsewhere(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    private sealed class Endless(MarbleTest test) : IObservable<string>
    {
        public IDisposable Subscribe(IObserver<string> observer)
        {
            observer.OnCompleted();
            return Observable.Interval(TimeSpan.FromMilliseconds(1), test.Scheduler).Subscribe(_ => observer.OnNext("a"));
        }
    }
}
