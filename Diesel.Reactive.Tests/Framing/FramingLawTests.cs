using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;


namespace Diesel.Reactive.Tests;

[Properties(Arbitrary = [typeof(FramingCases)], MaxTest = 1500, QuietOnSuccess = true)]
public class FramingLawTests
{
    [Property]
    public void Gives_the_frames_of_bytes_that_come_at_once(FramingCase sample) =>
        Assert.That(sample.Framing.Feed(sample.Wire).Frames, Is.EqualTo(sample.Frames));

    [Property]
    public void Gives_the_frames_of_bytes_that_come_one_by_one(FramingCase sample) =>
        Assert.That(sample.Framing.Feed(sample.Wire.ByteByByte()).Frames, Is.EqualTo(sample.Frames));

    [Property]
    public void Gives_the_frames_however_the_bytes_were_cut(FramingCase sample, int[] places) =>
        Assert.That(sample.Framing.Feed(sample.Wire.Cut(places)).Frames, Is.EqualTo(sample.Frames));

    [Property]
    public void Takes_every_byte_of_its_frames_and_none_past_them(FramingCase sample) =>
        Assert.That(sample.Framing.Feed(sample.Wire).Consumed, Is.EqualTo(sample.Wire.Length));

    [Property]
    public void Leaves_what_follows_its_frames_alone(FramingCase sample, byte[] behind)
    {
        var outcome = FirstFrames(sample, [.. sample.Wire, .. behind]);
        Assert.That(outcome, Is.EqualTo((string.Concat(sample.Frames), EndOfLastFrame(sample))));
    }

    [Property]
    public void Consumes_nothing_until_the_frame_is_whole(FramingCase sample, byte[] others)
    {
        var taken = sample.Framing.Feed(sample.Wire.Damaged(others).ByteByByte()).TakenWithoutFrame;
        Assert.That(taken, sample.Discards ? Is.GreaterThanOrEqualTo(0) : Is.Zero);
    }

    [Property]
    public void Gives_frames_or_waits_or_fails_as_the_protocol(FramingCase sample, byte[] others, int[] places)
    {
        var outcome = sample.Framing.Feed(sample.Wire.Damaged(others).Cut(places));
        Assert.That(outcome.Error, Is.Null.Or.InstanceOf<ProtocolException>());
    }

    [Property]
    public void Judges_damaged_bytes_the_same_however_they_were_cut(FramingCase sample, byte[] others, int[] places)
    {
        var damaged = sample.Wire.Damaged(others);
        var (whole, cut) = (sample.Framing.Feed(damaged), sample.Framing.Feed(damaged.Cut(places)));
        Assert.That(
            (string.Concat(cut.Frames), cut.Error?.GetType()),
            Is.EqualTo((string.Concat(whole.Frames), whole.Error?.GetType())));
    }

    [Property]
    public void Starts_over_after_a_failure(FramingCase sample, byte[] others, int[] places)
    {
        var decoder = sample.Framing.CreateDecoder();
        var failed = decoder.Feed(sample.Wire.Damaged(others).Cut(places)).Error is not null;
        Assert.That(failed ? decoder.Feed(sample.Wire).Frames : sample.Frames, Is.EqualTo(sample.Frames));
    }

    private static (string Frames, int Consumed) FirstFrames(FramingCase sample, byte[] bytes)
    {
        var (decoder, rest, frames) = (sample.Framing.CreateDecoder(), bytes.AsMemory(), "");
        for (var i = 0; i < sample.Frames.Length; i++)
        {
            Assert.That(decoder.TryDecode(rest, out var frame, out var consumed), Is.True);
            frames += frame;
            rest = rest[consumed..];
        }

        return (frames, bytes.Length - rest.Length);
    }

    // Over-long frames behind the last good one are not part of it.
    private static int EndOfLastFrame(FramingCase sample) =>
        sample.Discards ? FirstFrames(sample, sample.Wire).Consumed : sample.Wire.Length;
}
