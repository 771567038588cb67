using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What goes first at one instant: as in RxJS.</summary>
public class SameFrameOrderTests
{
    [Test]
    public void Unsubscribing_excludes_a_hot_value_of_its_instant() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b-|"), "^--!").ToBe("-a"));

    [Test]
    public void Unsubscribing_excludes_a_cold_value_of_its_instant() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Cold("-a-b-|"), "^--!").ToBe("-a"));

    [Test]
    public void Unsubscribing_excludes_a_completion_of_its_instant() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-|"), "^--!").ToBe("-a"));

    [Test]
    public void Subscribing_includes_a_hot_value_of_its_instant() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a-b-|"), "---^").ToBe("---b-|"));

    [Test]
    public void A_subscription_of_one_instant_is_made_and_disposed() => MarbleTest.Run(t =>
    {
        var hot = t.Hot("--a");
        t.ExpectObservable(hot, "--[^!]").ToBe("");
        t.ExpectSubscriptions(hot).ToBe("--[^!]");
    });

    [Test]
    public void Hot_sources_tell_in_the_order_they_were_made() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a").Merge(t.Hot("-b"))).ToBe("-[ab]"));

    [Test]
    public void A_hot_value_comes_before_a_timer_of_its_instant() => MarbleTest.Run(t =>
        t.ExpectObservable(t.Hot("-a--b").Throttle(t.Time("---|"), t.Scheduler)).ToBe("-------b"));

    [Test]
    public void A_cold_value_comes_after_a_timer_that_was_set_before_it_was_subscribed() => MarbleTest.Run(t =>
    {
        var timer = Observable.Timer(t.Time("---|"), t.Scheduler).Select(_ => "t");
        t.ExpectObservable(timer.Merge(t.Cold("---a"))).ToBe("---[ta]");
    });

    [Test]
    public void The_last_value_of_a_subject_reaches_who_subscribes_in_its_instant() => MarbleTest.Run(t =>
    {
        var state = new BehaviorSubject<string>("0");
        t.On("--a", state.OnNext);
        t.ExpectObservable(state, "^---!").ToBe("0-a");
        t.ExpectObservable(state, "--^-!").ToBe("--[0a]");
        t.ExpectObservable(state, "---^!").ToBe("---a");
    });

    [Test]
    public void What_happens_before_the_instant_zero_reaches_who_subscribed_in_the_body() => MarbleTest.Run(t =>
    {
        var last = new ReplaySubject<string>(1);
        t.Hot("a-b-^--c|").Subscribe(last);
        t.ExpectObservable(last).ToBe("b--c|");
    });
}
