namespace Diesel.Reactive.Tests;

public class SizedTests
{
    [Test]
    public void Bytes_waits_for_all_of_them() =>
        Assert.That(Framing.Bytes(3).Feed("abcde").Frames.Single().ToText(), Is.EqualTo("abc"));

    [Test]
    public void No_bytes_are_an_empty_frame_at_once()
    {
        var found = Framing.Bytes(0).CreateDecoder().TryDecode(default, out var frame, out var consumed);
        Assert.That((found, frame.Length, consumed), Is.EqualTo((true, 0, 0)));
    }

    [Test]
    public void A_length_prefix_is_stripped_unless_told_otherwise() =>
        Assert.That(Hex(Framing.LengthPrefixed(), "00000002ABCD00000000"), Is.EqualTo("ABCD,"));

    [Test]
    public void A_length_prefix_may_count_itself_and_be_kept() =>
        Assert.That(
            Hex(Framing.LengthPrefixed(size: 2, adjustment: -2, bytesToStrip: 0), "0004ABCD0002"),
            Is.EqualTo("0004ABCD,0002"));

    [Test]
    public void A_header_may_stand_before_the_length() =>
        Assert.That(Hex(Framing.LengthPrefixed(size: 1, offset: 2, bytesToStrip: 1), "AABB01CC"), Is.EqualTo("BB01CC"));

    [TestCase(1, 0, "FF", true)]
    [TestCase(2, 0, "FFFF", true)]
    [TestCase(3, 0, "FFFFFF", true)]
    [TestCase(4, 0, "7FFFFFFF", true)]
    [TestCase(4, 0, "80000000", true)]
    [TestCase(4, 0, "FFFFFFFF", true)]
    [TestCase(4, int.MaxValue, "FFFFFFFF", true)]
    [TestCase(8, 0, "7FFFFFFFFFFFFFFF", true)]
    [TestCase(8, 0, "8000000000000000", true)]
    [TestCase(8, int.MaxValue, "FFFFFFFFFFFFFFFF", true)]
    [TestCase(8, int.MinValue, "FFFFFFFFFFFFFFFF", true)]
    [TestCase(1, 0, "65", true)]
    [TestCase(4, -4, "00000003", false)]
    [TestCase(8, int.MinValue, "0000000000000000", false)]
    public void A_hostile_length_is_refused_before_it_is_used(int size, int adjustment, string wire, bool tooLong)
    {
        var framing = Framing.LengthPrefixed(size, adjustment: adjustment, bytesToStrip: 0, maxLength: 100);
        var error = framing.Feed(Convert.FromHexString(wire)).Error;
        Assert.That(error, tooLong ? Is.InstanceOf<FrameTooLongException>() : Is.TypeOf<ProtocolException>());
    }

    [Test]
    public void A_frame_shorter_than_what_is_stripped_from_it_is_refused() =>
        Assert.That(Framing.LengthPrefixed(1, bytesToStrip: 4).Feed([2, 0, 0]).Error, Is.TypeOf<ProtocolException>());

    [Test]
    public void The_longest_frame_allowed_passes() =>
        Assert.That(Framing.LengthPrefixed(1, maxLength: 3).Feed([3, 7, 8, 9]).Frames.Single().Length, Is.EqualTo(3));

    [TestCase("00", 0UL)]
    [TestCase("7F", 127UL)]
    [TestCase("AC02", 300UL)]
    [TestCase("8000", 0UL)]
    [TestCase("FFFFFFFFFFFFFFFFFF01", ulong.MaxValue)]
    public void A_varint_is_read(string wire, ulong value) =>
        Assert.That(Framing.Varint().Feed(Convert.FromHexString(wire)).Frames, Is.EqualTo(new[] { value }));

    [TestCase(10, "FFFFFFFFFFFFFFFFFF02")]
    [TestCase(10, "FFFFFFFFFFFFFFFFFF81")]
    [TestCase(10, "FFFFFFFFFFFFFFFFFFFF")]
    [TestCase(4, "FFFFFFFF")]
    public void A_varint_too_long_is_refused_without_waiting(int maxBytes, string wire) =>
        Assert.That(Framing.Varint(maxBytes).Feed(Convert.FromHexString(wire)).Error, Is.TypeOf<ProtocolException>());

    private static string Hex(Framing<ReadOnlyMemory<byte>> framing, string wire) =>
        string.Join(
            ',', framing.Feed(Convert.FromHexString(wire)).Frames.Select(frame => Convert.ToHexString(frame.Span)));
}
