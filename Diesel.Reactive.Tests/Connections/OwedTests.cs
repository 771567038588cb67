namespace Diesel.Reactive.Tests;

/// <summary>A decoder that gives something out in several frames can say that its peer owes the rest.</summary>
public class OwedTests
{
    [TestCase("3ab", "ab #TruncatedFrameException")]
    [TestCase("3abc", "abc |")]
    [TestCase("", "|")]
    public void A_stream_that_ends_in_between_is_cut_off(string sent, string story)
    {
        var wire = new Wire();
        var frames = wire.Watch(static c => c.Decode(new Counted()));
        wire.Peer.Sends(sent).Ends();
        Assert.That(frames.ToString(), Is.EqualTo(story));
    }

    [Test]
    public void A_service_that_stops_waits_for_what_is_owed()
    {
        using var world = new World();
        var service = world.Starts(new TcpService(7, static connection => connection.Decode(new Counted())));
        var (resting, owing) = (world.Dials(service).Sends("1a"), world.Dials(service).Sends("3ab"));
        world.Watch(service.Stop());
        Assert.That((resting.Story, owing.Story), Is.EqualTo(("a|", "ab")));
        Assert.That(owing.Sends("c").Story, Is.EqualTo("abc|"));
    }

    // A digit, and as many letters, given as they come.
    private sealed class Counted : Framing<ReadOnlyMemory<byte>>
    {
        public override Decoder<ReadOnlyMemory<byte>> CreateDecoder() => new Letters();

        private sealed class Letters : Decoder<ReadOnlyMemory<byte>>
        {
            private int _left;

            public override bool IsOwed => _left > 0;

            public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
            {
                var digit = _left == 0 && buffer.Length > 0 ? 1 : 0;
                _left += digit == 1 ? buffer.Span[0] - '0' : 0;
                consumed = Math.Min(buffer.Length, digit + _left);
                frame = buffer[digit..consumed];
                _left -= frame.Length;
                return consumed > 0;
            }
        }
    }
}
