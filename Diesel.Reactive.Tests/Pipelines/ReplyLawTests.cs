namespace Diesel.Reactive.Tests;

/// <summary>Laws 1 and 4: a reply reaches the call it answers, or nobody.</summary>
[TestFixtureSource(typeof(Tongue), nameof(Tongue.Both))]
public class ReplyLawTests(object tongue)
{
    private readonly Tongue _tongue = (Tongue)tongue;
    private Speaking _it = null!;

    [SetUp]
    public void Begin() => _it = new Speaking(_tongue);

    [TearDown]
    public void End() => _it.Dispose();

    [Test]
    public void Law_1_each_caller_gets_its_own_reply()
    {
        var stories = _it.SaysAll("a", "b", "c");
        _it.Hears("A", "B", "C");
        Assert.That(stories.Select(story => $"{story}"), Is.EqualTo(["A |", "B |", "C |"]));
    }

    [Test]
    public void Law_1_several_replies_are_one_calls_until_its_last()
    {
        var (all, one) = (_it.SaysOn("a"), _it.Says("b"));
        _it.Hears("x+", "y+", "z", "B");
        Assert.That(($"{all}", $"{one}"), Is.EqualTo(("1x+ 2y+ 3z |", "B |")));
    }

    [Test]
    public void Law_1_the_servers_no_is_its_callers_and_nobody_elses()
    {
        var stories = _it.SaysAll("a", "b");
        _it.Hears("-no", "B");
        Assert.That(stories.Select(story => $"{story}"), Is.EqualTo(["#FormatException", "B |"]));
    }

    [Test]
    public void Law_4_a_reply_that_nobody_asked_for_ends_the_connection()
    {
        _it.Peer.Sends(_tongue.Answer("99:x", "what?"));
        Assert.That((_it.IsClosed, _it.End), Is.EqualTo((true, "#ProtocolException")));
    }

    [Test]
    public void Law_4_a_second_reply_is_one_that_nobody_asked_for()
    {
        var story = _it.Says("a");
        _it.HearsAt(0, "A").HearsAt(0, "A");
        Assert.That(($"{story}", _it.IsClosed, _it.End), Is.EqualTo(("A |", true, "#ProtocolException")));
    }

    [Test]
    public void Law_4_a_reply_that_is_no_answer_to_its_call_is_one_that_nobody_asked_for()
    {
        var call = _it.Sends(new Bare(_tongue, "a") { Token = "A" });
        _it.Hears("B");
        Assert.That((string.Join(' ', call.Told), _it.End), Is.EqualTo(("#ReplyLostException", "#ProtocolException")));
    }

    [Test]
    public void Law_4_it_is_dropped_and_counted_where_the_correlation_says_so()
    {
        var tolerant = Correlation.ById<Said, int>(static said => said.Id, dropsUnasked: true);
        var wire = _it.World.Wire();
        var pipeline = _it.World.Do(() => new Pipeline<Said>(wire.Connection, Tongue.ById.Framing, tolerant));
        var story = _it.World.Watch(pipeline.Ask(new Say(Tongue.ById, "a")));
        wire.Peer.Sends("99:x\r\n0:A\r\n");
        Assert.That(($"{story}", pipeline.Counts.Dropped), Is.EqualTo(("A |", 1)));
    }

    [Test]
    public void A_push_goes_to_those_who_listen_and_not_to_a_call()
    {
        var (pushes, call) = (_it.World.Watch(_it.Pipeline.Unasked.Select(said => said.Text)), _it.Says("a"));
        _it.Peer.Sends("!news\r\n");
        _it.Hears("A");
        _it.World.Do(_it.Pipeline.Dispose);
        Assert.That(($"{pushes}", $"{call}", $"{_it.World.Watch(_it.Pipeline.Unasked)}"), Is.EqualTo(("!news |", "A |", "|")));
    }

    [Test]
    public void A_push_is_offered_to_the_head_first_which_may_be_over_with_it()
    {
        var pushes = _it.World.Watch(_it.Pipeline.Unasked.Select(said => said.Text));
        var (first, second) = (_it.Sends(new Bare(_tongue, "a")), _it.Sends(new Bare(_tongue, "b")));
        _it.Peer.Sends("!b\r\n!a\r\n!b\r\n!b\r\n");
        Assert.That(($"{pushes}", first.Told, second.Told, _it.Pipeline.Counts.InFlight), Is.EqualTo(("!b !b", new[] { "!a" }, new[] { "!b" }, 0)));
    }

    [Test]
    public void A_subscribe_call_may_leave_the_line_by_an_error_reply_as_well()
    {
        var (first, second) = (_it.Sends(new Bare(_tongue, "a")), _it.Says("b"));
        _it.Hears("-MOVED", "B");
        Assert.That((string.Join(' ', first.Told), $"{second}"), Is.EqualTo(("-MOVED", "B |")));
    }

    [Test]
    public void One_listener_that_throws_harms_only_itself()
    {
        var before = _it.World.Watch(_it.Pipeline.Unasked.Select(said => said.Text));
        _it.World.Do(() => _it.Pipeline.Unasked.Subscribe(static _ => throw new FormatException()));
        var (after, call) = (_it.World.Watch(_it.Pipeline.Unasked.Select(said => said.Text)), _it.Says("a"));
        _it.Peer.Sends("!1\r\n!2\r\n");
        _it.Hears("A");
        Assert.That(($"{before}", $"{after}", $"{call}", _it.World.Trouble), Is.EqualTo(("!1 !2", "!1 !2", "A |", "FormatException")));
    }
}
