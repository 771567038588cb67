namespace Diesel.Reactive.Tests;

public class PauseTests
{
    [Test]
    public void Pause_holds_reading_until_its_hold_is_disposed()
    {
        var wire = new Wire();
        var hold = wire.World.Do(() => wire.Connection.Pause());
        var lines = wire.Lines();
        wire.Peer.Sends("A\r\n");
        Assert.That((lines.ToString(), wire.Transport.Unread), Is.EqualTo(("", 3)));
        wire.Do(_ => hold.Dispose());
        Assert.That(lines.ToString(), Is.EqualTo("A"));
    }

    [Test]
    public void Holds_are_counted_and_disposing_one_twice_counts_once()
    {
        var wire = new Wire();
        var (first, second) = wire.World.Do(() => (wire.Connection.Pause(), wire.Connection.Pause()));
        var lines = wire.Lines();
        wire.Peer.Sends("A\r\n");
        wire.Do(_ => first.Dispose()).Do(_ => first.Dispose());
        Assert.That(lines.ToString(), Is.Empty);
        wire.Do(_ => second.Dispose());
        Assert.That(lines.ToString(), Is.EqualTo("A"));
    }

    [Test]
    public void A_hold_taken_inside_a_delivery_stops_before_the_next_frame()
    {
        var wire = new Wire();
        IDisposable? hold = null;
        var lines = wire.Watch(c => c.UntilEol().Do(_ => hold = c.Pause()));
        wire.Peer.Sends("A\r\nB\r\n").Ends();
        Assert.That(lines.ToString(), Is.EqualTo("A"));
        wire.Do(_ => hold!.Dispose());
        Assert.That(lines.ToString(), Is.EqualTo("A B"));
    }

    [Test]
    public void A_hold_keeps_frames_from_who_awaits_them()
    {
        var wire = new Wire();
        wire.Watch(c => c.Read(Framing.UntilEol()));
        wire.Peer.Sends("A\r\nB\r\n");
        var hold = wire.World.Do(() => wire.Connection.Pause());
        var second = wire.Converses(async c => await c.Read(Framing.UntilEol()));
        Assert.That(second.IsCompleted, Is.False);
        wire.Do(_ => hold.Dispose());
        Assert.That(second.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void Dispose_tells_the_reader_though_a_hold_is_on()
    {
        var wire = new Wire();
        wire.Do(c => c.Pause());
        var lines = wire.Lines();
        wire.Do(c => c.Dispose());
        Assert.That(lines.ToString(), Is.EqualTo("#ObjectDisposedException"));
    }
}
