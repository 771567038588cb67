namespace Diesel.Reactive.Tests;

public class StreamTests
{
    private static readonly Framing<ReadOnlyMemory<byte>> Line = Framing.UntilEol();

    [Test]
    public void Taking_one_of_a_stream_leaves_the_rest()
    {
        var wire = WithBufferedLines();
        Assert.That(wire.Watch(c => c.UntilEol().Take(1)).ToString(), Is.EqualTo("B |"));
        Assert.That(wire.Lines().ToString(), Is.EqualTo("C D"));
    }

    [Test]
    public void A_raced_stream_takes_one_frame_only()
    {
        var wire = WithBufferedLines();
        var winner = wire.Watch(c => First.Of(c.UntilEol(), Observable.Never<int>()).Select(first => first.Match(line => line, _ => default)));
        Assert.That(winner.ToString(), Is.EqualTo("B |"));
        Assert.That(wire.Lines().ToString(), Is.EqualTo("C D"));
    }

    [Test]
    public void A_stream_unsubscribed_before_its_first_frame_takes_none()
    {
        var wire = WithBufferedLines();
        wire.Do(c => c.UntilEol().Subscribe().Dispose());
        Assert.That(wire.Lines().ToString(), Is.EqualTo("B C D"));
    }

    [Test]
    public void A_stream_inside_a_delivery_goes_on_with_what_is_there()
    {
        var wire = new Wire();
        var rest = new List<string>();
        wire.Do(c => c.Read(Line).SelectMany(_ => c.UntilEol().Take(2)).Subscribe(line => rest.Add(line.TrimEol().ToText())));
        wire.Peer.Sends("A\r\nB\r\nC\r\nD\r\n");
        Assert.That(rest, Is.EqualTo(new[] { "B", "C" }));
        Assert.That(wire.Lines().ToString(), Is.EqualTo("D"));
    }

    private static Wire WithBufferedLines()
    {
        var wire = new Wire();
        var first = wire.Watch(c => c.Read(Line));
        wire.Peer.Sends("A\r\nB\r\nC\r\nD\r\n");
        Assert.That(first.ToString(), Is.EqualTo("A |"));
        return wire;
    }
}
