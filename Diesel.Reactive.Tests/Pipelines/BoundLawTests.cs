using System.Globalization;

namespace Diesel.Reactive.Tests;

/// <summary>Laws 5, 6 and 7: what is bounded, in which order calls are written, and in how many writes.</summary>
[TestFixtureSource(typeof(Tongue), nameof(Tongue.Both))]
public class BoundLawTests(object tongue)
{
    private readonly Tongue _tongue = (Tongue)tongue;

    [Test]
    public void Law_5_no_more_are_in_flight_than_may_be()
    {
        using var it = new Speaking(_tongue, new() { MaxInFlight = 2 });
        var stories = it.SaysAll("a", "b", "c", "d");
        Assert.That((it.Heard, it.Pipeline.Counts.InFlight, it.Pipeline.Counts.Queued), Is.EqualTo(("a b", 2, 2)));
        it.Hears("A", "B");
        Assert.That(it.Heard, Is.EqualTo("a b c d"));
        it.Hears("C", "D");
        Assert.That(stories.Select(story => $"{story}"), Is.EqualTo(["A |", "B |", "C |", "D |"]));
    }

    [Test]
    public void Law_5_the_one_too_many_fails_at_once_and_tells_the_counts()
    {
        using var it = new Speaking(_tongue, new() { MaxInFlight = 1, MaxQueuedCalls = 2 });
        var stories = it.SaysAll("a", "b", "c", "d");
        Assert.That(stories.Select(story => $"{story}"), Is.EqualTo(["", "", "", "#PipelineFullException"]));
        var error = (PipelineFullException)stories[3].Error!;
        Assert.That((error.Counts.InFlight, error.Counts.Queued), Is.EqualTo((1, 2)));
        Assert.That(error.Message, Does.Contain("1 in flight").And.Contain("2 queued").And.Contain("MaxQueuedCalls (2)"));
        it.Hears("A", "B", "C");
        Assert.That((it.Heard, $"{stories[2]}"), Is.EqualTo(("a b c", "C |")));
    }

    [Test]
    public void Law_5_the_bytes_that_wait_are_bounded()
    {
        using var it = new Speaking(_tongue, new() { MaxInFlight = 1, MaxQueuedBytes = 100 });
        Story<string> Weighs(int weight) => it.World.Watch(it.Pipeline.Ask(new Say(_tongue, $"{weight}") { Weight = weight }));
        it.Says("a");
        var (one, two, three) = (Weighs(60), Weighs(41), Weighs(40));
        Assert.That(($"{one}", $"{two}", $"{three}"), Is.EqualTo(("", "#PipelineFullException", "")));
        it.Leaves(one);
        Assert.That($"{Weighs(60)}", Is.Empty);
    }

    [Test]
    public void Law_5_to_refuse_one_costs_little_however_many_wait()
    {
        var line = new CallLine<Said>(this);
        for (var n = 0; n < 10_000; n++)
        {
            line.Add(new(new Say(_tongue, "a") { Place = this }, 0, 1));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        line.Tidy();
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before, line.Count, line.Bytes), Is.EqualTo((0L, 10_000, 10_000L)));
    }

    [Test]
    public void Law_5_who_leaves_the_queue_makes_room()
    {
        using var it = new Speaking(_tongue, new() { MaxInFlight = 1, MaxQueuedCalls = 2 });
        it.Says("a");
        for (var n = 0; n < 1000; n++)
        {
            it.Leaves(it.Says("b"));
        }

        var (one, two) = (it.Says("c"), it.Says("d"));
        Assert.That(($"{one}", $"{two}", it.Pipeline.Counts.Queued), Is.EqualTo(("", "", 2)));
    }

    [Test]
    public void Law_6_calls_are_written_in_the_order_of_subscription()
    {
        using var it = new Speaking(_tongue, new() { MaxInFlight = 3 });
        var texts = Enumerable.Range(0, 50).Select(n => n.ToString(CultureInfo.InvariantCulture)).ToArray();
        it.SaysAll(texts);
        foreach (var text in texts)
        {
            it.Hears(text);
        }

        Assert.That(it.Heard, Is.EqualTo(string.Join(' ', texts)));
    }

    [Test]
    public void Law_6_who_waits_is_not_overtaken_by_who_comes_when_there_is_room_again()
    {
        using var it = new Speaking(_tongue, new() { MaxInFlight = 1 });
        var stories = it.SaysAll("a", "b");
        stories[0].Subscription!.Dispose();
        it.World.Do(() =>
        {
            it.Pipeline.Send(new Bare(_tongue, "c"));
        });
        it.Hears("A", "B", "C");
        Assert.That(it.Heard, Is.EqualTo("a b c"));
    }

    [Test]
    public void Law_6_a_huge_call_delays_the_others_and_starves_nobody()
    {
        using var it = new Speaking(_tongue, new() { ReplyTimeout = TimeSpan.FromSeconds(1) });
        it.World.Network.Conditions = new() { Bandwidth = 400_000 };
        var stories = it.SaysAll("a", new string('x', 1_000_000), "c");
        it.Passes(0.3).Hears("A").Passes(0.4);
        Assert.That(($"{stories[0]}", it.IsClosed), Is.EqualTo(("A |", false)));
        for (var n = 0; n < 20 && !it.Peer.Received.EndsWith("c\r\n", StringComparison.Ordinal); n++)
        {
            it.Passes(0.5);
        }

        Assert.That((it.World.Now > 2, it.IsClosed), Is.EqualTo((true, false)), "it was written for longer than the reply timeout, and made progress");
        it.Hears("X", "C").Passes(0.5);
        Assert.That(($"{stories[1]}", $"{stories[2]}"), Is.EqualTo(("X |", "C |")));
    }

    [Test]
    public void Law_6_a_peer_that_takes_nothing_holds_calls_in_the_queue()
    {
        using var it = new Speaking(_tongue, new() { ReplyTimeout = TimeSpan.FromSeconds(100) });
        it.Peer.StopsReading();
        it.World.Network.Conditions = new() { Window = 1000 };
        for (var n = 0; n < 100; n++)
        {
            it.Says(new string('x', 10_000));
        }

        Assert.That((it.Pipeline.Counts.InFlight, it.Pipeline.Counts.Queued), Is.EqualTo((7, 93)), "64 KiB are pending, and the one that went past them");
        it.Peer.ReadsOn();
        Assert.That(it.Passes(1).Pipeline.Counts.Queued, Is.Zero);
    }

    [Test]
    public void Law_7_the_calls_of_a_turn_are_one_write()
    {
        using var it = new Speaking(_tongue);
        it.SaysAll([.. Enumerable.Range(0, 300).Select(n => n.ToString(CultureInfo.InvariantCulture))]);
        Assert.That((it.Wire.Sent.Count(), it.Pipeline.Counts.InFlight), Is.EqualTo((1, 300)));
    }

    [Test]
    public void Law_7_what_is_long_begins_to_leave_before_its_turn_ends()
    {
        using var it = new Speaking(_tongue);
        var sent = it.World.Do(() =>
        {
            for (var n = 0; n < 100; n++)
            {
                it.Pipeline.Ask(new Say(_tongue, new string('x', 100))).Subscribe(_ => { }, _ => { });
            }

            return it.Wire.Sent.Select(static text => text.Length).ToArray();
        });
        Assert.That(sent, Has.Length.EqualTo(1));
        Assert.That(sent[0], Is.InRange(4096, 4096 + 110), "it is not cut within a call");
        Assert.That(it.Wire.Sent.Count(), Is.EqualTo(2), "all the rest is one write");
    }

    [Test]
    public void Law_7_each_turn_has_a_beginning()
    {
        using var it = new Speaking(_tongue, new() { ReplyTimeout = TimeSpan.FromSeconds(100) });
        var texts = Enumerable.Repeat(new string('x', 100), 100).ToArray();
        it.SaysAll(texts);
        it.SaysAll(texts);
        Assert.That(it.Wire.Sent.Count(), Is.EqualTo(4));
    }

    // Its beginning would leave at once, and a flush within the flush would tell the second before the first has done what it does.
    [Test]
    public void Law_7_who_hears_that_his_is_sent_and_asks_for_much_is_not_interrupted_by_others_who_hear_it()
    {
        using var it = new Speaking(_tongue);
        var told = new List<string>();
        it.World.Do(() =>
        {
            it.Wire.Connection.Send("1\r\n"u8.ToArray()).Subscribe(_ =>
            {
                told.Add("1 begins");
                it.Pipeline.Ask(new Say(_tongue, new string('x', 5000))).Subscribe(_ => { }, _ => { });
                told.Add("1 ends");
            });
            it.Wire.Connection.Send("2\r\n"u8.ToArray()).Subscribe(_ => told.Add("2"));
        });
        it.Passes(0.1);
        Assert.That(told, Is.EqualTo(["1 begins", "1 ends", "2"]));
        Assert.That(it.Peer.Received, Does.Contain(new string('x', 5000)));
    }

    [Test]
    public void Law_7_what_replies_make_callers_ask_on_is_one_write()
    {
        using var it = new Speaking(_tongue);
        it.World.Do(() =>
        {
            for (var n = 0; n < 100; n++)
            {
                it.Pipeline.Ask(new Say(_tongue, $"{n}")).Repeat(2).Subscribe();
            }
        });
        it.Peer.Sends(string.Concat(Enumerable.Range(0, 100).Select(n => _tongue.Answer($"{n}:x", "X"))));
        Assert.That((it.Wire.Sent.Count(), it.Heard.Split(' ').Length), Is.EqualTo((3, 200)), "requests, replies, requests");
    }

    [Test]
    public void Replies_are_read_however_much_is_asked_meanwhile()
    {
        using var it = new Speaking(_tongue);
        it.World.Network.Conditions = new() { Window = 2000 };
        var done = 0;
        it.Peer.Answers(line => _tongue.Answer(line, new string('y', 500)));
        it.World.Do(() =>
        {
            for (var n = 0; n < 200; n++)
            {
                it.Pipeline.Ask(new Say(_tongue, new string('x', 1000))).Repeat(2).Subscribe(_ => done++);
            }
        });
        it.Passes(60);
        Assert.That((done, it.IsClosed), Is.EqualTo((400, false)));
    }
}
