using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

/// <summary>The last frame of a stream, which its end completes.</summary>
[Properties(Arbitrary = [typeof(FramingCases)], MaxTest = 500, QuietOnSuccess = true)]
public class UntilEndTests
{
    [Property]
    public void The_end_completes_the_last_frame_however_the_bytes_were_cut((FramingCase Case, string Last) sample, int[] places) =>
        Assert.That(sample.Case.Framing.ToItsEnd(sample.Case.Wire.Cut(places)), Is.EqualTo(Told([.. sample.Case.Frames, sample.Last])));

    [Property]
    public void The_end_adds_nothing_to_whole_frames(FramingCase sample, int[] places) =>
        Assert.That(sample.Framing.ToItsEnd(sample.Wire.Cut(places)), Is.EqualTo(Told(sample.Frames)));

    [Property]
    public void What_is_missing_is_never_more_than_the_frames_need(FramingCase sample)
    {
        var (decoder, rest) = (sample.Framing.CreateDecoder(), sample.Wire.AsMemory());
        for (var length = 1; length <= rest.Length; length++)
        {
            var found = decoder.TryDecode(rest[..length], out _, out var consumed);
            Assert.That(found ? 0 : decoder.Missing(length - consumed), Is.LessThanOrEqualTo(rest.Length - length));
            (rest, length) = (rest[consumed..], found ? 0 : length - consumed);
        }
    }

    [TestCase("", "|")]
    [TestCase("a\r\n", "a |")]
    [TestCase("a\r\nb", "a b |")]
    [TestCase("a\r\nb\r", "a b\r |")]
    public void A_last_line_may_be_open_where_the_recipe_says_so(string wire, string told) =>
        Assert.That(Framing.UntilEol().Or(Framing.UntilEnd()).Select(line => line.TrimEol().ToText()).ToItsEnd(wire.ToBytes().ToArray()), Is.EqualTo(told));

    [Test]
    public void Elsewhere_it_is_truncated() =>
        Assert.That(Framing.Lines().ToItsEnd("a\nb"u8.ToArray()), Is.EqualTo("a #TruncatedFrameException"));

    [TestCase("1234", "1234 |")]
    [TestCase("12345", "#FrameTooLongException")]
    public void What_the_end_completes_has_a_limit(string wire, string told) =>
        Assert.That(Framing.UntilEnd(4).Select(all => all.ToText()).ToItsEnd(wire.ToBytes().ToArray()), Is.EqualTo(told));

    [Test]
    public void A_failure_of_the_stream_is_no_end_of_it()
    {
        var source = Observable.Return("a".ToBytes()).Concat(Observable.Throw<ReadOnlyMemory<byte>>(new TimeoutException()));
        Assert.That(Story.Of(source.Decode(Framing.UntilEnd())).ToString(), Is.EqualTo("#TimeoutException"));
    }

    [Test]
    public void What_the_selector_throws_at_the_end_reaches_the_reader() =>
        Assert.That(
            Framing.UntilEnd().Select(string (_) => throw new NotSupportedException()).ToItsEnd("a"u8.ToArray()), Is.EqualTo("#NotSupportedException"));

    [Test]
    public void A_line_that_is_too_long_and_open_is_thrown_away_where_its_kind_is()
    {
        var framing = from tag in Framing.Bytes(1) from line in Framing.UntilEol(3, overflow: FrameOverflow.Discard) select tag.ToText() + line.TrimEol().ToText();
        Assert.That(framing.ToItsEnd("Ta\r\nT12345678"u8.ToArray()), Is.EqualTo("Ta #TruncatedFrameException"));
    }

    [Test]
    public void A_connection_that_is_reset_has_no_last_frame()
    {
        var wire = new Wire();
        var lines = wire.Watch(c => c.Decode(Framing.UntilEol().Or(Framing.UntilEnd())));
        wire.Peer.Sends("A\r\nB").Resets();
        Assert.That(lines.ToString(), Is.EqualTo("A #ConnectionException"));
    }

    [Test]
    public void A_connection_gives_the_frame_that_its_peers_end_completes_and_then_ends()
    {
        var wire = new Wire();
        var (all, after) = (wire.Watch(c => c.Read(Framing.UntilEnd())), "");
        wire.Peer.Sends("A\r\n").Sends("B").Ends();
        after = wire.Watch(c => c.Read(Framing.UntilEnd())).ToString();
        Assert.That((all.ToString(), after), Is.EqualTo(("A\r\nB |", "|")));
    }

    private static string Told(string[] frames) => string.Join(' ', [.. frames.Select(static frame => frame), "|"]);
}
