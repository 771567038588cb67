using System.Globalization;

namespace Diesel.Reactive.Tests;

/// <summary>Laws 2 and 3: what becomes of calls that nobody waits for any more.</summary>
public class AbandonLawTests
{
    [TestCaseSource(typeof(Tongue), nameof(Tongue.WithPolicies))]
    public void Law_2_abandoned_before_it_was_written_it_is_never_written(object tongue, Abandoned policy)
    {
        using var it = new Speaking((Tongue)tongue, new() { Abandoned = policy, MaxInFlight = 1 });
        var (first, second, third) = (it.Says("a"), it.Says("b"), it.Says("c"));
        it.Leaves(second).Hears("A", "C");
        Assert.That((it.Heard, $"{first}", $"{second}", $"{third}"), Is.EqualTo(("a c", "A |", "", "C |")));
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.Both))]
    public void Law_2_drained_its_reply_is_read_and_dropped(object tongue)
    {
        using var it = new Speaking((Tongue)tongue);
        var (first, second) = (it.Says("a"), it.Says("b"));
        it.Leaves(first);
        Assert.That((it.Pipeline.Counts.Abandoned, it.Pipeline.IsIdle), Is.EqualTo((1, false)));
        it.Hears("A", "B");
        Assert.That(($"{first}", $"{second}", it.IsClosed), Is.EqualTo(("", "B |", false)));
        Assert.That((it.Pipeline.Counts.Abandoned, it.Pipeline.Counts.InFlight, it.Pipeline.Counts.DrainedBytes), Is.EqualTo((0, 0, it.Tongue.Answer("0:a", "A").Length)));
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.Both))]
    public void Law_2_drained_all_its_replies_are_read_and_dropped(object tongue)
    {
        using var it = new Speaking((Tongue)tongue);
        var (all, next) = (it.SaysOn("a"), it.Says("b"));
        it.Hears("1+").Leaves(all).Hears("2+", "3", "B");
        Assert.That(($"{all}", $"{next}"), Is.EqualTo(("11+", "B |")));
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.Both))]
    public void Law_2_closed_it_takes_the_connection_with_it(object tongue)
    {
        using var it = new Speaking((Tongue)tongue, new() { Abandoned = Abandoned.Close });
        var (first, second) = (it.Says("a"), it.Says("b"));
        it.Leaves(first);
        Assert.That(($"{first}", $"{second}", it.IsClosed, it.End), Is.EqualTo(("", "#ReplyLostException", true, "#ConnectionException")));
    }

    [Test]
    public void Law_2_forgotten_its_id_is_not_used_again_while_its_reply_could_still_come()
    {
        var ids = new Queue<int>([1, 1, 2, 1]);
        using var world = new World();
        var wire = world.Wire();
        var correlation = Correlation.ById<Said, int>(static said => said.Id, ids.Dequeue);
        var pipeline = world.Do(() => new Pipeline<Said>(wire.Connection, Tongue.ById.Framing, correlation, new() { Abandoned = Abandoned.Forget }));
        var first = world.Watch(pipeline.Ask(new Say(Tongue.ById, "a")));
        world.Do(() => first.Subscription!.Dispose());
        var second = world.Watch(pipeline.Ask(new Say(Tongue.ById, "b")));
        Assert.That((wire.Peer.Received, pipeline.Counts.Abandoned), Is.EqualTo(("1:a\r\n2:b\r\n", 1)));
        wire.Peer.Sends("1:A\r\n2:B\r\n");
        var third = world.Watch(pipeline.Ask(new Say(Tongue.ById, "c")));
        wire.Peer.Sends("1:C\r\n");
        Assert.That(($"{first}", $"{second}", $"{third}", pipeline.IsIdle), Is.EqualTo(("", "B |", "C |", true)));
    }

    [Test]
    public void Law_2_more_forgotten_than_may_be_in_flight_end_the_connection()
    {
        using var it = new Speaking(Tongue.ById, new() { Abandoned = Abandoned.Forget, MaxInFlight = 2 });
        for (var i = 0; i < 2; i++)
        {
            it.Leaves(it.Says("a"));
        }

        Assert.That(it.IsClosed, Is.False);
        it.Leaves(it.Says("a"));
        Assert.That((it.IsClosed, it.End), Is.EqualTo((true, "#ConnectionException")));
    }

    [Test]
    public void Law_2_when_all_ids_are_forgotten_ones_the_connection_ends()
    {
        using var world = new World();
        var wire = world.Wire();
        var correlation = Correlation.ById<Said, int>(static said => said.Id, static () => 1, dropsUnasked: true);
        var pipeline = world.Do(() => new Pipeline<Said>(wire.Connection, Tongue.ById.Framing, correlation, new() { Abandoned = Abandoned.Forget }));
        var first = world.Watch(pipeline.Ask(new Say(Tongue.ById, "a")));
        world.Do(() => first.Subscription!.Dispose());
        wire.Peer.Sends("2:nobody's\r\n");
        var next = world.Watch(pipeline.Ask(new Say(Tongue.ById, "b")));
        Assert.That(($"{next}", wire.Peer.IsReset), Is.EqualTo(("#ConnectionException", true)));
        Assert.That(next.Error!.Message, Does.Contain("all its ids"));
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.Both))]
    public void Law_2_abandoned_by_another_thread_before_it_came_it_is_never_written(object tongue)
    {
        using var it = new Speaking((Tongue)tongue);
        it.Pipeline.Ask(new Say(it.Tongue, "a")).Subscribe().Dispose();
        var next = it.Says("b");
        it.HearsAt(0, "B");
        Assert.That((it.Heard, $"{next}", it.Pipeline.IsIdle), Is.EqualTo(("b", "B |", true)));
    }

    [Test]
    public void What_comes_in_order_cannot_be_forgotten()
    {
        using var world = new World();
        var wire = world.Wire();
        Assert.That(
            () => new Pipeline<Said>(wire.Connection, Tongue.InOrder.Framing, Tongue.InOrder.Correlation, new() { Abandoned = Abandoned.Forget }),
            Throws.ArgumentException);
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.WithPolicies))]
    public void Who_leaves_when_told_abandons_nothing(object tongue, Abandoned policy)
    {
        using var it = new Speaking((Tongue)tongue, new() { Abandoned = policy });
        var (first, on) = (it.World.Watch(it.Pipeline.Ask(new Say(it.Tongue, "a")).Take(1)), it.World.Watch(it.Pipeline.Stream(new SayOn(it.Tongue, "b")).Take(1)));
        it.Hears("A", "B");
        Assert.That(($"{first}", $"{on}", it.IsClosed, it.Pipeline.Counts.Abandoned), Is.EqualTo(("A |", "1B |", false, 0)));
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.Both))]
    public void Law_3_more_bytes_for_abandoned_calls_than_may_be_close_the_connection(object tongue)
    {
        using var it = new Speaking((Tongue)tongue, new() { MaxDrainedBytes = 100 });
        var (all, next) = (it.SaysOn("a"), it.Says("b"));
        it.Leaves(all).Hears($"{new string('x', 60)}+");
        Assert.That(it.IsClosed, Is.False);
        it.Hears($"{new string('x', 60)}+");
        Assert.That((it.IsClosed, it.End, $"{next}"), Is.EqualTo((true, "#ConnectionException", "#ReplyLostException")));
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.Both))]
    public void Law_3_the_bytes_of_a_reply_that_has_only_begun_count(object tongue)
    {
        using var it = new Speaking((Tongue)tongue, new() { MaxDrainedBytes = 100 });
        it.Leaves(it.Says("a"));
        it.Peer.Sends(it.Tongue.Answer("0:a", new string('x', 200))[..101]);
        Assert.That((it.IsClosed, it.End), Is.EqualTo((true, "#ConnectionException")));
    }

    [TestCase(Abandoned.Drain)]
    [TestCase(Abandoned.Forget)]
    public void Law_3_what_is_read_for_nobody_behind_the_head_is_bounded(Abandoned policy)
    {
        using var it = new Speaking(Tongue.ById, new() { MaxDrainedBytes = 100, Abandoned = policy });
        it.Says("head");
        var all = it.SaysOn("a");
        it.Leaves(all).HearsAt(1, $"{new string('x', 60)}+");
        Assert.That(it.IsClosed, Is.False);
        it.HearsAt(1, $"{new string('x', 60)}+");
        Assert.That((it.IsClosed, it.End), Is.EqualTo((true, "#ConnectionException")));
    }

    [Test]
    public void Law_3_what_was_read_for_nobody_long_ago_does_not_count()
    {
        using var it = new Speaking(Tongue.ById, new() { MaxDrainedBytes = 100, ReplyTimeout = Timeout.InfiniteTimeSpan });
        var head = it.Says("head");
        for (var n = 0; n < 10; n++)
        {
            it.Leaves(it.Says("left")).HearsAt((2 * n) + 1, new string('x', 60));
            it.Says("next");
            it.HearsAt((2 * n) + 2, "B");
        }

        it.Leaves(head);
        Assert.That(it.IsClosed, Is.False);
    }

    [Test]
    public void Law_10_what_is_drained_behind_the_head_gives_it_no_time()
    {
        using var it = new Speaking(Tongue.ById, new() { ReplyTimeout = TimeSpan.FromSeconds(1) });
        it.Says("head");
        for (var n = 1; n <= 30 && !it.IsClosed; n++)
        {
            it.Leaves(it.Says("left")).HearsAt(n, "x").Passes(0.05);
        }

        Assert.That(it.IsClosed, Is.True);
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.Both))]
    public void Law_3_a_head_that_is_drained_for_too_long_closes_the_connection(object tongue)
    {
        using var it = new Speaking((Tongue)tongue, new() { DrainTimeout = TimeSpan.FromSeconds(1) });
        var first = it.Says("a");
        it.Passes(3).Leaves(first).Passes(0.9);
        Assert.That(it.IsClosed, Is.False);
        it.Passes(0.4);
        Assert.That((it.IsClosed, it.End), Is.EqualTo((true, "#ConnectionException")));
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.Both))]
    public void Law_3_abandoned_heads_one_after_the_other_share_one_time(object tongue)
    {
        using var it = new Speaking((Tongue)tongue, new() { DrainTimeout = TimeSpan.FromSeconds(1) });
        var stories = Enumerable.Range(0, 10).Select(n => it.Says(n.ToString(CultureInfo.InvariantCulture))).ToArray();
        Array.ForEach(stories, story => it.Leaves(story));
        for (var n = 0; n < 4 && !it.IsClosed; n++)
        {
            it.Passes(0.5).Hears("x");
        }

        Assert.That(it.IsClosed, Is.True);
    }

    [TestCaseSource(typeof(Tongue), nameof(Tongue.Both))]
    public void Law_3_is_no_matter_when_the_reply_comes_in_time(object tongue)
    {
        using var it = new Speaking((Tongue)tongue, new() { DrainTimeout = TimeSpan.FromSeconds(1), MaxDrainedBytes = 100 });
        for (var n = 0; n < 10; n++)
        {
            var (left, next) = (it.Says("a"), it.Says("b"));
            it.Leaves(left).Passes(0.5).Hears(new string('x', 60), "B");
            Assert.That((it.IsClosed, $"{next}"), Is.EqualTo((false, "B |")));
        }
    }
}
