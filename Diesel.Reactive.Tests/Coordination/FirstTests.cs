using System.Reactive.Subjects;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class FirstTests
{
    [Test]
    public void The_first_notification_wins() => MarbleTest.Run(t =>
    {
        var slow = t.Cold("--a-");
        var fast = t.Cold("-b--");
        var subs = "       ^!";
        var want = "       -[1|]";
        t.ExpectObservable(First.Of(slow, fast).Select(static won => won.Index)).ToBe(want);
        t.ExpectSubscriptions(slow).ToBe(subs);
        t.ExpectSubscriptions(fast).ToBe(subs);
    });

    [Test]
    public void One_that_is_ready_wins_at_once_and_those_behind_it_are_not_asked()
    {
        var asked = false;
        var behind = Observable.Defer(() =>
        {
            asked = true;
            return Observable.Return("late");
        });
        var won = new World().Watch(First.Of(Observable.Return(1), behind));
        Assert.That((won.Last.Match(n => $"first {n}", s => $"second {s}"), asked), Is.EqualTo(("first 1", false)));
    }

    [Test]
    public void Arguments_are_in_priority_order()
    {
        using var world = new World();
        var story = world.Watch(First.Of(Observable.Never<int>(), Observable.Return(2), Observable.Return(3), Observable.Return(4)));
        Assert.That(story.ToString(), Is.EqualTo("(1, 2) |"));
    }

    [Test]
    public void The_result_tells_who_won_by_its_type()
    {
        var two = new World().Watch(First.Of(Observable.Never<int>(), Observable.Return("b"))).Last;
        Assert.That((two.Index, two.TryFirst(out _), two.TrySecond(out var b), b), Is.EqualTo((1, false, true, "b")));
        var three = new World().Watch(First.Of(Observable.Never<int>(), Observable.Never<string>(), Observable.Return('c'))).Last;
        Assert.That(
            (three.Index, three.TryFirst(out _), three.TrySecond(out _), three.TryThird(out var c), c, three.Match(_ => "1", _ => "2", v => $"3 {v}")),
            Is.EqualTo((2, false, false, true, 'c', "3 c")));
    }

    [Test]
    public void The_winners_value_is_a_property_and_a_losers_tells_who_won()
    {
        var two = new World().Watch(First.Of(Observable.Never<int>(), Observable.Return("b"))).Last;
        Assert.That((two.IsFirst, two.IsSecond, two.Second, two.ToString()), Is.EqualTo((false, true, "b", "Second won: b")));
        Assert.That(() => two.First, Throws.InvalidOperationException.With.Message.EqualTo(
            "First has no value: Second won the race. Look at Index or IsFirst first, or use Match or TryFirst."));
        var three = new World().Watch(First.Of(Observable.Never<int>(), Observable.Never<string>(), Observable.Return('c'))).Last;
        Assert.That((three.IsFirst, three.IsSecond, three.IsThird, three.Third, three.ToString()), Is.EqualTo((false, false, true, 'c', "Third won: c")));
        Assert.That(() => three.Second, Throws.InvalidOperationException.With.Message.StartsWith("Second has no value: Third won the race."));
    }

    [Test]
    public void The_result_can_be_taken_apart()
    {
        var (two, number, text) = new World().Watch(First.Of(Observable.Never<int>(), Observable.Return("b"))).Last;
        Assert.That((two, number, text), Is.EqualTo((1, 0, "b")));
        var (three, _, nothing, sign) = new World().Watch(First.Of(Observable.Never<int>(), Observable.Never<string>(), Observable.Return('c'))).Last;
        Assert.That((three, nothing, sign), Is.EqualTo((2, (string?)null, 'c')));
    }

    [Test]
    public void The_losers_are_unsubscribed_before_the_winner_is_told()
    {
        using var winner = new Subject<int>();
        using var loser = new Subject<int>();
        bool? observed = null;
        First.Of(winner, loser).Subscribe(_ => observed = loser.HasObservers);
        winner.OnNext(1);
        Assert.That(observed, Is.False);
    }

    [Test]
    public void One_that_cannot_be_subscribed_to_leaves_none_of_the_others_subscribed()
    {
        using var first = new Subject<int>();
        var second = new Subject<int>();
        second.Dispose();
        Assert.That(() => First.Of(first, second).Subscribe(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(first.HasObservers, Is.False);
    }

    [Test]
    public void A_reading_that_loses_leaves_its_bytes()
    {
        var wire = new Wire();
        var race = wire.Watch(c => First.Of(c.Read(Framing.UntilEol()), wire.Hub.Sleep(TimeSpan.FromSeconds(1))).Select(r => r.Index));
        wire.Peer.Sends("HAL");
        wire.Passes(1).Peer.Sends("LO\r\n");
        Assert.That((race.ToString(), wire.Lines().ToString()), Is.EqualTo(("1 |", "HALLO")));
    }

    [Test]
    public void A_reading_that_is_ready_beats_a_timer_that_is_due_at_once()
    {
        var wire = new Wire();
        wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("A\r\nB\r\n");
        var race = wire.Watch(c => First.Of(c.Read(Framing.UntilEol()), wire.Hub.Sleep()).Select(r => r.Index));
        Assert.That(race.ToString(), Is.EqualTo("0 |"));
    }

    [Test]
    public void What_the_winner_triggers_may_read_at_once()
    {
        var wire = new Wire();
        var lines = wire.Watch(c => First.Of(wire.Hub.Sleep(TimeSpan.FromSeconds(1)), c.Read(Framing.UntilEol())).SelectMany(_ => c.Read(Framing.UntilEol())));
        wire.Passes(1).Peer.Sends("A\r\n");
        Assert.That(lines.ToString(), Is.EqualTo("A |"));
    }

    [Test]
    public void A_datagram_is_not_taken_by_who_loses()
    {
        using var world = new World();
        var socket = world.Watch(Udp.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 9), hub: world.Hub)).Last;
        world.Watch(First.Of(socket.Receive(), world.Hub.Sleep(TimeSpan.FromSeconds(1))));
        world.Passes(1).Mate().Sends("A", 9);
        Assert.That(world.Watch(socket.Receive()).ToString(), Is.EqualTo("A |"));
    }

    [Test]
    public void A_source_that_fails_fails_the_race() => Assert.That(
        new World().Watch(First.Of(Observable.Never<int>(), Observable.Throw<int>(new FormatException()))).Error, Is.InstanceOf<FormatException>());

    [Test]
    public void A_source_that_completes_empty_ends_the_race() => Assert.That(
        new World().Watch(First.Of(Observable.Never<int>(), Observable.Empty<string>())).ToString(), Is.EqualTo("|"));

    [Test]
    public void Awaiting_a_race_that_ended_empty_tells_who_ended_it_and_what_to_do()
    {
        var wire = new Wire();
        var (_, end) = wire.World.Runs(async () => await First.Of(wire.Hub.Sleep(TimeSpan.FromSeconds(9)), wire.Connection.Read(Framing.UntilEol())));
        wire.Peer.Ends();
        Assert.That(end.Error, Is.InstanceOf<EndOfStreamException>().With.Message.EqualTo(
            "Source 2 of a race, reading connection 10.0.0.1:40000 to 10.0.0.1:7, ended without a value, and the race with it. " +
            "Catch this where an end is expected, give the source a value for its end (DefaultIfEmpty), or let the others go on without it (Concat with Observable.Never)."));
    }

    [Test]
    public void An_unsubscribed_race_leaves_all_its_sources()
    {
        using var first = new Subject<int>();
        using var second = new Subject<int>();
        First.Of(first, second).Subscribe().Dispose();
        Assert.That((first.HasObservers, second.HasObservers), Is.EqualTo((false, false)));
    }

    [Test]
    public void A_race_is_cold_and_can_be_run_again()
    {
        var wire = new Wire();
        var race = First.Of(wire.Connection.Read(Framing.UntilEol()), wire.Hub.Sleep(TimeSpan.FromSeconds(1))).Select(r => r.Index);
        wire.Peer.Sends("A\r\n");
        var (line, timeout) = (wire.World.Watch(race), wire.World.Watch(race));
        wire.Passes(1);
        Assert.That((line.ToString(), timeout.ToString()), Is.EqualTo(("0 |", "1 |")));
    }

    [Test]
    public void A_race_of_nothing_is_refused() =>
        Assert.That(static () => First.Of<int>(), Throws.ArgumentException.With.Message.StartsWith("A race of nothing would never end: name at least one source."));
}
