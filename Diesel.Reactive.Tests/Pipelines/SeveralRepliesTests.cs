using System.Buffers;

namespace Diesel.Reactive.Tests;

/// <summary>A call of several replies that is awaited as one value.</summary>
public class SeveralRepliesTests
{
    [Test]
    public void It_is_told_once_with_the_last()
    {
        using var it = new Speaking(Tongue.InOrder);
        var all = it.World.Watch(it.Pipeline.Ask(new SayTwice()));
        var next = it.Says("c");
        it.Hears("A");
        Assert.That(($"{all}", it.Pipeline.Counts.InFlight), Is.EqualTo(("", 2)));
        it.Hears("B", "C");
        Assert.That(($"{all}", $"{next}", it.Pipeline.IsIdle), Is.EqualTo(("A B |", "C |", true)));
    }

    [Test]
    public void Each_await_counts_anew()
    {
        using var it = new Speaking(Tongue.InOrder);
        var asked = it.Pipeline.Ask(new SayTwice());
        var (first, second) = (it.World.Watch(asked), it.World.Watch(asked));
        it.Hears("A", "B", "C", "D");
        Assert.That(($"{first}", $"{second}"), Is.EqualTo(("A B |", "C D |")));
    }

    [Test]
    public void Abandoned_between_its_replies_it_takes_no_other_calls()
    {
        using var it = new Speaking(Tongue.InOrder);
        var all = it.World.Watch(it.Pipeline.Ask(new SayTwice()));
        var next = it.Says("c");
        it.Hears("A").Leaves(all).Hears("B", "C");
        Assert.That(($"{all}", $"{next}", it.IsClosed), Is.EqualTo(("", "C |", false)));
    }

    [Test]
    public void One_that_cannot_keep_a_reply_ends_the_connection()
    {
        using var it = new Speaking(Tongue.InOrder);
        var all = it.World.Watch(it.Pipeline.Ask(new SayTwice { Throws = new FormatException() }));
        it.Hears("A");
        Assert.That(($"{all}", it.End, it.IsClosed), Is.EqualTo(("#FormatException", "#ConnectionException", true)));
    }

    [Test]
    public void Lost_between_its_replies_it_is_sent_again_when_it_may_be()
    {
        using var world = new World();
        using var queue = new CallQueue<Said>(hub: world.Hub);
        var first = new Speaking(Tongue.InOrder, queue: queue, world: world);
        var (all, once) = (world.Watch(queue.Ask(new SayTwice { Repeats = true })), world.Watch(queue.Ask(new SayTwice())));
        first.Hears("A");
        first.Peer.Resets();
        world.Passes(0.1);
        var second = new Speaking(Tongue.InOrder, queue: queue, world: world);
        second.Hears("C", "D");
        Assert.That(($"{all}", $"{once}"), Is.EqualTo(("C D |", "#ReplyLostException")));
    }

    /// <summary>Asks twice at once.</summary>
    private sealed class SayTwice : Call<Said, string>
    {
        private Said? _first;

        public bool Repeats { get; init; }

        public Exception? Throws { get; init; }

        protected internal override bool IsRepeatable => Repeats;

        protected override bool IsNextLast => _first is not null;

        protected internal override void Write(IBufferWriter<byte> output)
        {
            _first = null;
            Tongue.InOrder.Write(0, "a", output);
            Tongue.InOrder.Write(0, "b", output);
        }

        protected override void Keep(Said reply) => _first = Throws is null ? reply : throw Throws;

        protected override string Read(Said reply) => $"{_first!.Value.Text} {reply.Text}";
    }
}
