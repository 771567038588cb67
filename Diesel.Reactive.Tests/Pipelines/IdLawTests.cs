namespace Diesel.Reactive.Tests;

/// <summary>What the laws say of replies that repeat the id of their call, and of no others.</summary>
public class IdLawTests
{
    private Speaking _it = null!;

    [SetUp]
    public void Begin() => _it = new Speaking(Tongue.ById);

    [TearDown]
    public void End() => _it.Dispose();

    [Test]
    public void Law_1_a_reply_may_come_in_any_order_where_ids_tell()
    {
        var stories = _it.SaysAll("a", "b", "c");
        _it.HearsAt(2, "C").HearsAt(0, "A").HearsAt(1, "B");
        Assert.That(stories.Select(story => $"{story}"), Is.EqualTo(["A |", "B |", "C |"]));
    }

    [Test]
    public void A_frame_that_is_refused_ends_the_connection_and_loses_what_was_sent()
    {
        var story = _it.Says("a");
        _it.Peer.Sends("rubbish\r\n");
        Assert.That(($"{story}", _it.IsClosed, _it.End), Is.EqualTo(("#ReplyLostException", true, "#ProtocolException")));
    }

    [Test]
    public void A_call_without_an_id_is_refused_where_ids_are_needed()
    {
        var (story, next) = (_it.World.Watch(_it.Pipeline.Ask(new Nameless())), _it.Says("a"));
        _it.Hears("A");
        Assert.That(($"{story}", $"{next}"), Is.EqualTo(("#InvalidOperationException", "A |")));
    }

    [Test]
    public void Law_10_silence_goes_on_when_the_head_is_forgotten()
    {
        using var it = new Speaking(Tongue.ById, new() { ReplyTimeout = TimeSpan.FromSeconds(1), Abandoned = Abandoned.Forget });
        for (var n = 0; n < 4; n++)
        {
            var story = it.Says("a");
            it.Passes(0.3).Leaves(story);
        }

        Assert.That(it.IsClosed, Is.True);
    }

    private sealed class Nameless : Call<Said, string>
    {
        protected internal override void Write(System.Buffers.IBufferWriter<byte> output)
        {
        }

        protected override string Read(Said reply) => reply.Text;
    }
}
