using System.Globalization;

namespace Diesel.Reactive.Tests;

/// <summary>Laws 8 and 9: what callers do when they are told harms nobody else, and no stack.</summary>
[TestFixtureSource(typeof(Tongue), nameof(Tongue.Both))]
public class HarmLawTests(object tongue)
{
    private readonly Tongue _tongue = (Tongue)tongue;
    private Speaking _it = null!;

    [SetUp]
    public void Begin() => _it = new Speaking(_tongue);

    [TearDown]
    public void End() => _it.Dispose();

    [Test]
    public void Law_8_an_observer_that_throws_is_reported_and_the_others_are_unharmed()
    {
        var before = _it.Says("a");
        _it.World.Do(() => _it.Pipeline.Ask(new Say(_tongue, "b")).Subscribe(static _ => throw new FormatException()));
        var after = _it.Says("c");
        _it.Hears("A", "B", "C");
        Assert.That(($"{before}", $"{after}", _it.World.Trouble, _it.IsClosed), Is.EqualTo(("A |", "C |", "FormatException", false)));
    }

    [Test]
    public void Law_8_an_observer_of_a_stream_that_throws_is_left_and_the_rest_is_drained()
    {
        _it.World.Do(() => _it.Pipeline.Stream(new SayOn(_tongue, "a")).Subscribe(static _ => throw new FormatException()));
        var after = _it.Says("b");
        _it.Hears("1+", "2+", "3", "B");
        Assert.That(($"{after}", _it.World.Trouble, _it.IsClosed), Is.EqualTo(("B |", "FormatException", false)));
    }

    [Test]
    public void Law_8_an_observer_that_throws_what_it_is_told_is_reported_and_the_others_are_told()
    {
        _it.World.Do(() => _it.Pipeline.Ask(new Say(_tongue, "a")).Subscribe(static _ => { }));
        var after = _it.Says("b");
        _it.Peer.Resets();
        Assert.That(($"{after}", _it.World.Trouble), Is.EqualTo(("#ReplyLostException", "ReplyLostException")));
    }

    [Test]
    public void Law_8_a_call_that_cannot_be_written_fails_and_leaves_no_byte_behind()
    {
        var broken = _it.World.Watch(_it.Pipeline.Ask(new Say(_tongue, "half") { Refuses = new FormatException() }));
        var after = _it.Says("b");
        _it.HearsAt(0, "B");
        Assert.That(($"{broken}", $"{after}", _it.Heard), Is.EqualTo(("#FormatException", "B |", "b")));
    }

    [Test]
    public void Law_8_a_call_that_cannot_take_its_reply_fails_and_ends_the_connection()
    {
        var broken = _it.Sends(new Bare(_tongue, "a") { OnTake = static _ => throw new FormatException() });
        var after = _it.Says("b");
        _it.Hears("A");
        Assert.That((string.Join(' ', broken.Told), $"{after}", _it.IsClosed), Is.EqualTo(("A #FormatException", "#ReplyLostException", true)));
    }

    [Test]
    public void Law_8_what_one_caller_sets_in_its_context_is_not_seen_by_the_next()
    {
        var local = new AsyncLocal<string>();
        var seen = "";
        _it.World.Do(() =>
        {
            _it.Pipeline.Ask(new Say(_tongue, "a")).Subscribe(_ => local.Value = "a");
            _it.Pipeline.Ask(new Say(_tongue, "b")).Subscribe(_ => seen += local.Value ?? "nothing");
        });
        _it.Peer.Sends(_tongue.Answer("0:", "A") + _tongue.Answer("1:", "B"));
        Assert.That(seen, Is.EqualTo("nothing"));
    }

    [Test]
    public void Law_9_a_reply_may_trigger_a_call()
    {
        var story = _it.World.Watch(_it.Pipeline.Ask(new Say(_tongue, "a")).SelectMany(first => _it.Pipeline.Ask(new Say(_tongue, $"b{first}"))));
        _it.Hears("A", "B");
        Assert.That(($"{story}", _it.Heard), Is.EqualTo(("B |", "a bA")));
    }

    [Test]
    public void Law_9_a_reply_may_dispose_of_others_calls()
    {
        Story<string> second = null!;
        _it.World.Do(() => _it.Pipeline.Ask(new Say(_tongue, "a")).Subscribe(_ => second.Subscription!.Dispose()));
        second = _it.Says("b");
        var third = _it.Says("c");
        _it.Peer.Sends(_tongue.Answer("0:", "A") + _tongue.Answer("1:", "B") + _tongue.Answer("2:", "C"));
        Assert.That(($"{second}", $"{third}"), Is.EqualTo(("", "C |")));
    }

    [Test]
    public void Law_9_a_push_that_is_not_taken_may_abandon_the_call_it_was_offered()
    {
        var call = _it.Sends(new Bare(_tongue, "a") { OnPush = static self => ((IDisposable)self).Dispose() });
        _it.Peer.Sends("!news\r\n");
        Assert.That(_it.Pipeline.Counts.Abandoned, Is.EqualTo(1));
        _it.Hears("A");
        Assert.That((call.Told.Count, _it.Pipeline.Counts.Abandoned, _it.Pipeline.IsIdle), Is.EqualTo((0, 0, true)));
    }

    [Test]
    public void Law_12_a_push_that_is_not_taken_may_end_the_pipeline()
    {
        using var it = new Speaking(_tongue, new() { Abandoned = Abandoned.Close });
        Story<string> other = null!;
        var call = it.Sends(new Bare(_tongue, "a") { OnPush = _ => other.Subscription!.Dispose() });
        other = it.Says("b");
        it.Peer.Sends("!news\r\n");
        Assert.That(call.Told, Is.EqualTo(new[] { "#ReplyLostException" }));
    }

    [Test]
    public void Law_9_a_reply_may_end_the_pipeline()
    {
        _it.World.Do(() => _it.Pipeline.Ask(new Say(_tongue, "a")).Subscribe(_ => _it.Wire.Connection.Abort()));
        var second = _it.Says("b");
        _it.Peer.Sends(_tongue.Answer("0:", "A") + _tongue.Answer("1:", "B"));
        Assert.That(($"{second}", _it.World.Trouble, _it.Pipeline.Counts.InFlight), Is.EqualTo(("#ReplyLostException", "", 0)));
    }

    [Test]
    public void Law_12_a_stream_whose_last_reply_ends_the_pipeline_is_completed()
    {
        using var it = new Speaking(_tongue, new() { Abandoned = Abandoned.Close });
        Story<string>? other = null;
        var story = it.World.Watch(it.Pipeline.Stream(new SayOn(_tongue, "a")).Do(_ => other!.Subscription!.Dispose()));
        other = it.Says("b");
        it.Peer.Sends(_tongue.Answer("0:a", "A"));
        Assert.That(($"{story}", it.World.Trouble), Is.EqualTo(("1A |", "")));
    }

    [Test]
    public void Law_9_a_failure_may_trigger_calls_for_ever()
    {
        var (refused, most) = (0, 0);
        void Again()
        {
            var depth = new System.Diagnostics.StackTrace().FrameCount;
            most = refused == 10 ? depth : most;
            Assert.That(refused < 100 || depth <= most + 5, "The stack grows.");
            if (++refused < 10_000)
            {
                _it.Pipeline.Ask(new Say(_tongue, "a")).Subscribe(static _ => { }, _ => Again());
            }
        }

        _it.Peer.Resets();
        _it.World.Do(Again);
        _it.Passes(1);
        Assert.That(refused, Is.EqualTo(10_000));
    }

    [Test]
    public void Law_9_a_call_that_is_written_may_send_another()
    {
        var inner = new Bare(_tongue, "inner");
        _it.Sends(new Bare(_tongue, "outer") { OnWrite = () => _it.Pipeline.Send(inner) });
        _it.Hears("O", "I");
        Assert.That((_it.Heard, inner.Told), Is.EqualTo(("outer inner", new[] { "I" })));
    }

    [Test]
    public void Law_9_a_call_that_is_written_may_be_abandoned_by_that()
    {
        IDisposable? self = null;
        var call = new Bare(_tongue, "a") { OnWrite = () => self!.Dispose() };
        self = call;
        _it.Sends(call);
        var next = _it.Says("b");
        _it.HearsAt(0, "B");
        Assert.That((_it.Heard, $"{next}", call.Told), Is.EqualTo(("b", "B |", Array.Empty<string>())));
    }

    [Test]
    public void Law_9_a_million_repeats_do_not_grow_the_stack()
    {
        const int Times = 1_000_000;
        using var it = new Speaking(_tongue, connect: new() { HighWaterMark = 64 * 1024 * 1024, MaxPendingBytes = 128 * 1024 * 1024 });
        var (count, deepest) = (0, 0);
        it.World.Do(() => it.Pipeline.Ask(new Say(_tongue, "a")).Repeat(Times).Subscribe(_ => deepest = ++count % 100_000 == 0 ? Depth(deepest) : deepest));
        it.Peer.Sends(string.Concat(Enumerable.Range(0, Times).Select(n => _tongue.Answer($"{n}:a", "A"))));
        it.Passes(1);
        Assert.That((count, it.IsClosed), Is.EqualTo((Times, false)));
        Assert.That(deepest, Is.LessThan(200));
    }

    [Test]
    public void A_million_repeated_reads_do_not_grow_the_stack()
    {
        const int Times = 1_000_000;
        var wire = _it.World.Wire();
        var (count, deepest) = (0, 0);
        _it.World.Do(() => wire.Connection.Read(_tongue.Framing).Repeat(Times).Subscribe(_ => deepest = ++count % 100_000 == 0 ? Depth(deepest) : deepest));
        wire.Peer.Sends(string.Concat(Enumerable.Repeat(_tongue.Answer("0:a", "A"), Times)));
        _it.Passes(1);
        Assert.That(count, Is.EqualTo(Times));
        Assert.That(deepest, Is.LessThan(200));
    }

    [Test]
    public void Awaits_on_the_hub_resume_with_their_replies()
    {
        var done = new List<string>();
        _it.World.Do(() => _it.World.Hub.Fork(async () =>
        {
            for (var n = 0; n < 3; n++)
            {
                done.Add(await _it.Pipeline.Ask(new Say(_tongue, n.ToString(CultureInfo.InvariantCulture))));
            }
        }));
        _it.Hears("A", "B", "C");
        Assert.That(done, Is.EqualTo(["A", "B", "C"]));
    }

    private static int Depth(int deepest) => Math.Max(deepest, new System.Diagnostics.StackTrace().FrameCount);
}
