namespace Diesel.Reactive.Tests;

public class ReadSomeTests
{
    [Test]
    public void Gives_what_is_there_and_leaves_what_is_more_than_was_asked_for()
    {
        var wire = new Wire();
        wire.Peer.Sends("ABCDE");
        Assert.That((wire.Watch(c => c.ReadSome(3)).ToString(), wire.Watch(c => c.ReadSome()).ToString()), Is.EqualTo(("ABC |", "DE |")));
    }

    [Test]
    public void Waits_for_the_next_byte_when_nothing_is_there()
    {
        var wire = new Wire();
        var some = wire.Watch(c => c.ReadSome(100));
        Assert.That(some.ToString(), Is.Empty);
        wire.Peer.Sends("A");
        Assert.That(some.ToString(), Is.EqualTo("A |"));
    }

    [Test]
    public void Completes_empty_at_the_end_and_is_refused_behind_it()
    {
        var wire = new Wire();
        wire.Peer.Sends("A").Ends();
        var all = Enumerable.Range(0, 3).Select(_ => wire.Watch(c => c.ReadSome()).ToString());
        Assert.That(all, Is.EqualTo(new[] { "A |", "|", "#EndOfStreamException" }));
    }

    [Test]
    public void Awaited_the_end_is_an_exception()
    {
        var wire = new Wire();
        var done = wire.Converses(async c => await c.ReadSome());
        wire.Peer.Ends();
        Assert.That(() => done.GetAwaiter().GetResult(), Throws.InstanceOf<EndOfStreamException>());
    }

    [Test]
    public void A_read_that_was_left_consumes_nothing()
    {
        var wire = new Wire();
        var some = wire.Watch(c => c.ReadSome());
        wire.Do(_ => some.Subscription!.Dispose());
        wire.Peer.Sends("A");
        Assert.That((some.ToString(), wire.Watch(c => c.ReadSome()).ToString()), Is.EqualTo(("", "A |")));
    }

    [Test]
    public void Is_one_more_reader_and_there_is_one_at_a_time()
    {
        var wire = new Wire();
        wire.Lines();
        Assert.That(wire.Watch(c => c.ReadSome()).Error, Is.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void The_same_number_is_read_with_the_same_instance()
    {
        var connection = new Wire().Connection;
        Assert.That((connection.ReadSome(7) == connection.ReadSome(7), connection.ReadSome(7) == connection.ReadSome(6), connection.ReadSome(6) == connection.ReadSome(7)), Is.EqualTo((true, false, false)));
    }

    [Test]
    public void Of_no_bytes_is_refused() => Assert.That(() => new Wire().Connection.ReadSome(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
