using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>Laws 10, 11 and 12: how a pipeline ends, and what its calls are told.</summary>
[TestFixtureSource(typeof(Tongue), nameof(Tongue.Both))]
public class EndLawTests(object tongue)
{
    private static readonly PipelineOptions Quick = new() { ReplyTimeout = TimeSpan.FromSeconds(1) };

    private readonly Tongue _tongue = (Tongue)tongue;

    [Test]
    public void Law_10_a_head_without_a_reply_ends_the_connection()
    {
        using var it = new Speaking(_tongue, Quick);
        var stories = it.SaysAll("a", "b");
        it.Passes(0.9);
        Assert.That(it.IsClosed, Is.False);
        it.Passes(0.3);
        Assert.That((it.IsClosed, $"{stories[0]}", $"{stories[1]}", it.End), Is.EqualTo((true, "#ReplyLostException", "#ReplyLostException", "#ConnectionException")));
        Assert.That(stories[0].Error!.Message, Does.Contain("say a, the first in line, got no reply within 00:00:01").And.Contain("2 in flight"));
    }

    [Test]
    public void Law_10_each_head_has_its_own_time()
    {
        using var it = new Speaking(_tongue, Quick);
        it.SaysAll("a", "b", "c");
        it.Passes(0.8).Hears("A").Passes(0.8).Hears("B").Passes(0.8);
        Assert.That(it.IsClosed, Is.False);
        it.Passes(0.4);
        Assert.That(it.IsClosed, Is.True);
    }

    [Test]
    public void Law_10_the_time_of_one_who_comes_to_an_empty_line_begins_anew()
    {
        using var it = new Speaking(_tongue, Quick);
        it.Says("a");
        it.Passes(0.7).Hears("A");
        it.Passes(0.25);
        it.Says("b");
        it.Passes(0.8);
        Assert.That(it.IsClosed, Is.False);
        it.Passes(0.4);
        Assert.That(it.IsClosed, Is.True);
    }

    [Test]
    public void Law_10_those_who_leave_behind_the_head_give_it_no_time()
    {
        using var it = new Speaking(_tongue, Quick);
        var first = it.Says("a");
        for (var n = 0; n < 30; n++)
        {
            it.Leaves(it.Says("b")).Passes(0.05);
        }

        Assert.That((it.IsClosed, $"{first}"), Is.EqualTo((true, "#ReplyLostException")));
    }

    [Test]
    public void Law_10_pushes_are_no_reply()
    {
        using var it = new Speaking(_tongue, Quick);
        it.Says("a");
        for (var n = 0; n < 3; n++)
        {
            it.Passes(0.4);
            it.Peer.Sends("!news\r\n");
        }

        Assert.That(it.IsClosed, Is.True);
    }

    [Test]
    public void Law_10_a_reply_that_makes_progress_is_waited_for()
    {
        using var it = new Speaking(_tongue, Quick);
        var story = it.Says("a");
        it.Peer.Sends(_tongue.Answer("0:a", "")[..^2]);
        for (var n = 0; n < 40; n++)
        {
            it.Passes(0.1);
            it.Peer.Sends("x");
        }

        it.Peer.Sends("\r\n");
        Assert.That(($"{story}", it.IsClosed), Is.EqualTo(($"{new string('x', 40)} |", false)));
    }

    [Test]
    public void Law_10_what_the_call_at_the_head_waits_for_is_added()
    {
        using var it = new Speaking(_tongue, Quick);
        var story = it.World.Watch(it.Pipeline.Ask(new Say(_tongue, "a") { Blocks = TimeSpan.FromSeconds(5) }));
        it.Passes(5.9);
        Assert.That(it.IsClosed, Is.False);
        it.Passes(0.3);
        Assert.That((it.IsClosed, $"{story}"), Is.EqualTo((true, "#ReplyLostException")));
    }

    [Test]
    public void Law_10_one_that_waits_for_ever_is_waited_for()
    {
        using var it = new Speaking(_tongue, Quick);
        var story = it.World.Watch(it.Pipeline.Ask(new Say(_tongue, "a") { Blocks = Timeout.InfiniteTimeSpan }));
        it.Passes(1000);
        var next = it.Says("b");
        it.Hears("A").Passes(1.2);
        Assert.That(($"{story}", $"{next}", it.IsClosed), Is.EqualTo(("A |", "#ReplyLostException", true)));
    }

    [Test]
    public void A_call_that_writes_nothing_waits_for_a_greeting()
    {
        using var it = new Speaking(Tongue.InOrder);
        var greeting = it.World.Watch(it.Pipeline.Ask(new Greeting()));
        it.Peer.Sends("hello\r\n");
        Assert.That($"{greeting}", Is.EqualTo("hello |"));
    }

    [Test]
    public void Law_11_what_was_never_sent_moves_to_the_next_connection_in_its_order()
    {
        using var world = new World();
        var queue = world.Do(() => new CallQueue<Said>(hub: world.Hub));
        var first = new Speaking(_tongue, new() { MaxInFlight = 2 }, queue, world);
        var stories = first.SaysAll("a", "b", "c", "d");
        first.Peer.Resets();
        Assert.That(stories.Select(story => $"{story}"), Is.EqualTo(["#ReplyLostException", "#ReplyLostException", "", ""]));
        var later = world.Watch(queue.Ask(new Say(_tongue, "e")));
        var second = new Speaking(_tongue, new(), queue, world);
        Assert.That((queue.Count, second.Heard), Is.EqualTo((0, "c d e")));
        second.Hears("C", "D", "E");
        Assert.That(($"{stories[2]}", $"{stories[3]}", $"{later}"), Is.EqualTo(("C |", "D |", "E |")));
    }

    [Test]
    public void Law_11_what_may_be_repeated_is_sent_again_before_the_others()
    {
        using var world = new World();
        var queue = world.Do(() => new CallQueue<Said>(hub: world.Hub));
        var first = new Speaking(_tongue, new() { MaxInFlight = 3 }, queue, world);
        Story<string> Says(string text, bool repeats) => world.Watch(queue.Ask(new Say(_tongue, text) { Repeats = repeats }));
        var (a, b, c, d) = (Says("a", true), Says("b", false), Says("c", true), Says("d", true));
        first.Peer.Resets();
        Assert.That((first.Heard, $"{a}", $"{b}", $"{c}", $"{d}"), Is.EqualTo(("a b c", "", "#ReplyLostException", "", "")));
        var second = new Speaking(_tongue, new(), queue, world);
        second.Hears("A", "C", "D");
        Assert.That((second.Heard, $"{a}", $"{c}", $"{d}"), Is.EqualTo(("a c d", "A |", "C |", "D |")));
    }

    [Test]
    public void Law_11_what_was_written_and_has_not_left_was_never_sent()
    {
        using var world = new World();
        var queue = world.Do(() => new CallQueue<Said>(hub: world.Hub));
        var first = new Speaking(_tongue, new(), queue, world);
        var story = new Story<string>();
        world.Do(() =>
        {
            queue.Ask(new Say(_tongue, "a")).Subscribe(story);
            first.Wire.Connection.Abort();
        });
        var second = new Speaking(_tongue, new(), queue, world);
        second.Hears("A");
        Assert.That((first.Heard, second.Heard, $"{story}"), Is.EqualTo(("", "a", "A |")));
    }

    [Test]
    public void Law_11_abandoned_calls_move_nowhere()
    {
        using var world = new World();
        var queue = world.Do(() => new CallQueue<Said>(hub: world.Hub));
        var first = new Speaking(_tongue, new() { MaxInFlight = 1 }, queue, world);
        var stories = first.SaysAll("a", "b", "c");
        world.Do(() => stories[1].Subscription!.Dispose());
        first.Peer.Resets();
        world.Do(() => stories[0].Subscription!.Dispose());
        var second = new Speaking(_tongue, new(), queue, world);
        Assert.That(second.Heard, Is.EqualTo("c"));
    }

    [Test]
    public void Law_11_a_call_that_its_connection_cannot_hold_fails_instead_of_ending_one_after_the_other()
    {
        using var world = new World();
        var queue = world.Do(() => new CallQueue<Said>(hub: world.Hub));
        var first = new Speaking(_tongue, new(), queue, world, new() { MaxPendingBytes = 100_000 });
        var (huge, next) = (first.Says(new string('x', 200_000)), first.Says("b"));
        Assert.That(($"{huge}", $"{next}", queue.Count), Is.EqualTo(("#ConnectionException", "#ConnectionException", 0)).Or.EqualTo(("#ConnectionException", "#ObjectDisposedException", 0)));
        Assert.That(huge.Error!.InnerException, Is.TypeOf<SlowConsumerException>());
    }

    [Test]
    public void Law_11_with_no_next_connection_what_was_never_sent_says_so()
    {
        using var it = new Speaking(_tongue, new() { MaxInFlight = 1 });
        var stories = it.SaysAll("a", "b");
        it.Peer.Resets();
        Assert.That(stories.Select(story => $"{story}"), Is.EqualTo(["#ReplyLostException", "#ConnectionException"]));
        Assert.That(stories[1].Error!.Message, Does.StartWith("Nothing was sent"));
        Assert.That($"{it.Says("c")}", Is.EqualTo("#ConnectionException"));
        Assert.That(((stories[0].Error as ConnectionException)!.InnerException as ConnectionException)!.InnerException, Is.TypeOf<SocketException>());
    }

    [Test]
    public void Law_11_the_peers_end_is_one()
    {
        using var it = new Speaking(_tongue, new());
        var stories = it.SaysAll("a", "b");
        it.Hears("A").Peer.Ends();
        Assert.That(($"{stories[0]}", $"{stories[1]}", it.End, it.Peer.HasEnded), Is.EqualTo(("A |", "#ReplyLostException", "#ConnectionException", true)));
    }

    [Test]
    public void Law_11_nothing_is_written_after_the_peers_end()
    {
        using var world = new World();
        var queue = world.Do(() => new CallQueue<Said>(hub: world.Hub));
        var first = new Speaking(_tongue, new(), queue, world);
        var hold = world.Do(() => first.Pipeline.Hold());
        first.Peer.Ends();
        var story = first.Says("a");
        world.Do(hold.Dispose);
        var second = new Speaking(_tongue, new(), queue, world);
        second.Hears("A");
        Assert.That((first.Heard, $"{story}"), Is.EqualTo(("", "A |")));
    }

    [Test]
    public void Law_12_dispose_refuses_new_calls_and_lets_those_in_flight_finish()
    {
        using var it = new Speaking(_tongue, new() { MaxInFlight = 2 });
        var stories = it.SaysAll("a", "b", "c");
        it.World.Do(it.Pipeline.Dispose);
        var refused = it.Says("d");
        Assert.That(($"{stories[2]}", $"{refused}", it.IsClosed), Is.EqualTo(("#ObjectDisposedException", "#ObjectDisposedException", false)));
        it.Passes(4).Hears("A", "B");
        Assert.That(($"{stories[0]}", $"{stories[1]}", it.Peer.HasEnded, it.Peer.IsReset, it.End), Is.EqualTo(("A |", "B |", true, false, "() |")));
    }

    [Test]
    public void Law_12_what_is_not_answered_within_the_close_timeout_fails()
    {
        using var it = new Speaking(_tongue, new() { CloseTimeout = TimeSpan.FromSeconds(2), ReplyTimeout = TimeSpan.FromSeconds(100) });
        var stories = it.SaysAll("a", "b");
        it.World.Do(it.Pipeline.Dispose);
        it.Passes(1.9);
        Assert.That(it.IsClosed, Is.False);
        it.Passes(0.2);
        Assert.That((it.IsClosed, $"{stories[0]}", $"{stories[1]}"), Is.EqualTo((true, "#ReplyLostException", "#ReplyLostException")));
    }

    [Test]
    public void Law_12_disposing_twice_and_of_an_idle_pipeline_is_one_end()
    {
        using var it = new Speaking(_tongue, new());
        it.World.Do(it.Pipeline.Dispose).Do(it.Pipeline.Dispose);
        Assert.That((it.Peer.HasEnded, it.End, it.Pipeline.IsIdle), Is.EqualTo((true, "() |", false)));
    }

    [Test]
    public void Law_12_it_does_not_wait_for_what_nobody_waits_for()
    {
        using var it = new Speaking(_tongue, new());
        it.Leaves(it.Says("a"));
        it.World.Do(it.Pipeline.Dispose);
        Assert.That((it.Peer.HasEnded, it.End), Is.EqualTo((true, "() |")));
    }

    [Test]
    public void Law_12_with_a_queue_of_others_calls_that_wait_stay_there()
    {
        using var world = new World();
        var queue = world.Do(() => new CallQueue<Said>(hub: world.Hub));
        var first = new Speaking(_tongue, new() { MaxInFlight = 1 }, queue, world);
        var stories = first.SaysAll("a", "b");
        world.Do(first.Pipeline.Dispose);
        var second = new Speaking(_tongue, new(), queue, world);
        second.Hears("B");
        first.Hears("A");
        Assert.That((second.Heard, $"{stories[0]}", $"{stories[1]}"), Is.EqualTo(("b", "A |", "B |")));
    }

    [Test]
    public void Law_12_everybody_is_told_once_when_the_hub_ends()
    {
        var it = new Speaking(_tongue, new() { MaxInFlight = 1 });
        var (stories, ended) = (it.SaysAll("a", "b"), it.World.Watch(it.Pipeline.Ended));
        it.Dispose();
        var late = Story.Of(it.Pipeline.Ask(new Say(_tongue, "c")));
        Assert.That(
            stories.Append(late).Select(story => $"{story}").Append($"{ended}"),
            Is.All.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void Law_12_one_that_has_not_begun_ends_with_its_hub()
    {
        using var world = new World();
        var pipeline = new Pipeline<Said>(world.Wire().Connection, _tongue.Framing, _tongue.Correlation);
        world.Hub.Dispose();
        Assert.That($"{Story.Of(pipeline.Ended)}", Is.EqualTo("#ObjectDisposedException"));
    }

    [Test]
    public void A_call_is_sent_once()
    {
        using var it = new Speaking(_tongue, new());
        var call = it.Sends(new Bare(_tongue, "a"));
        it.World.Do(() => Assert.That(() => it.Pipeline.Send(call), Throws.InvalidOperationException.With.Message.Contains("sent already")));
    }

    [Test]
    public void What_is_asked_again_is_another_call_each_time()
    {
        using var it = new Speaking(_tongue, new());
        var (ask, stream) = (it.Pipeline.Ask(new Say(_tongue, "a")), it.Pipeline.Stream(new SayOn(_tongue, "s")));
        var (one, two, three, four) = (it.World.Watch(ask), it.World.Watch(ask), it.World.Watch(stream), it.World.Watch(stream));
        it.Hears("1", "2", "3+", "3", "4");
        Assert.That((it.Heard, $"{one}", $"{two}", $"{three}", $"{four}"), Is.EqualTo(("a a s s", "1 |", "2 |", "13+ 23 |", "14 |")));
    }

    [Test]
    public void Nothing_is_sent_before_somebody_asks()
    {
        using var it = new Speaking(_tongue, new());
        it.World.Do(() => it.Pipeline.Ask(new Say(_tongue, "a")));
        Assert.That(it.Heard, Is.Empty);
    }

    private sealed class Greeting : Call<Said, string>
    {
        protected internal override void Write(System.Buffers.IBufferWriter<byte> output)
        {
        }

        protected override string Read(Said reply) => reply.Text;
    }
}
