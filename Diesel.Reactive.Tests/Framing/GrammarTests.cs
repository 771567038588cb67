using System.Globalization;

namespace Diesel.Reactive.Tests;

public class GrammarTests
{
    private static readonly byte[] ThousandOnes = [.. Enumerable.Repeat((byte)1, 1000)];

    private sealed record SetCommand(string Key, string Value);

    private static readonly Framing<SetCommand> Set =
        from header in Framing.UntilEol(maxLength: 512)
        where LengthOf(header) is >= 0 and <= 1024
        from body in Framing.Bytes(LengthOf(header))
        from end in Framing.Literal("\r\n")
        select new SetCommand(header.ToText().Split(' ')[1], body.ToText());

    [Test]
    public void A_set_command_is_one_frame() =>
        Assert.That(Set.Decode("SET greeting 5\r\nhello\r\n"), Is.EqualTo(new SetCommand("greeting", "hello")));

    [Test]
    public void A_set_command_is_one_frame_byte_by_byte() =>
        Assert.That(
            Set.Feed("SET a 1\r\nx\r\nSET b 0\r\n\r\n".ToBytes().ToArray().ByteByByte()).Frames,
            Is.EqualTo(new[] { new SetCommand("a", "x"), new SetCommand("b", "") }));

    [TestCase("SET a 5\r\nhelloX")]
    [TestCase("SET a 1025\r\n")]
    [TestCase("SET a -1\r\n")]
    public void A_set_command_that_is_wrong_fails_at_the_first_wrong_byte(string wire) =>
        Assert.That(Set.Error(wire), Is.TypeOf<ProtocolException>());

    [Test]
    public void A_condition_fails_with_a_protocol_exception() =>
        Assert.That(Framing.Varint().Where(number => number < 5).Error("\t"), Is.TypeOf<ProtocolException>());

    [Test]
    public void Or_waits_while_the_first_may_still_match() =>
        Assert.That(Framing.Literal("abc").Or(Framing.Literal("ab")).Feed("ab").Frames, Is.Empty);

    [Test]
    public void Or_takes_the_second_from_the_same_start() =>
        Assert.That(Framing.Literal("abc").Or(Framing.Bytes(3)).Decode("abx").ToText(), Is.EqualTo("abx"));

    [Test]
    public void Or_tries_the_first_again_on_the_next_frame() =>
        Assert.That(
            Framing.Literal("a").Select(_ => 1).Or(Framing.Literal("b").Select(_ => 2)).Feed("abba").Frames,
            Is.EqualTo(new[] { 1, 2, 2, 1 }));

    [Test]
    public void Or_fails_with_the_error_of_the_second() =>
        Assert.That(
            Framing.Fail<int>("first").Or(Framing.Fail<int>("second")).Error("x"),
            Has.Message.EqualTo("second"));

    [Test]
    public void Or_does_not_hide_what_user_code_throws() =>
        Assert.That(
            Framing.Bytes(1).Select<int>(_ => throw new FormatException()).Or(Framing.Return(1)).Error("x"),
            Is.TypeOf<FormatException>());

    [Test]
    public void Or_stays_with_a_first_that_has_thrown_bytes_away()
    {
        var line =
            from text in Framing.UntilEol(3, overflow: FrameOverflow.Discard)
            from end in Framing.Literal(".")
            select "first";
        var outcome = line.Or(Framing.Return("second")).Feed("toolong"u8.ToArray(), "\r\na\r\n!"u8.ToArray());
        Assert.That(outcome.Error, Is.TypeOf<ProtocolException>());
    }

    [TestCase("x")]
    [TestCase("xy")]
    [TestCase("xyz")]
    public void What_user_code_throws_comes_out_and_the_decoder_starts_over(string failsAt)
    {
        var failing = true;
        var grammar =
            from a in Framing.Bytes(1).Select(bytes => MaybeThrow(bytes.ToText(), failing && failsAt == "x"))
            from b in MaybeThrow(Framing.Bytes(1), failing && failsAt == "xy")
            from c in Framing.Bytes(1)
            select MaybeThrow(a + b.ToText() + c.ToText(), failing && failsAt == "xyz");
        var decoder = grammar.CreateDecoder();
        Assert.That(decoder.Feed("xyz"u8.ToArray().ByteByByte()).Error, Is.TypeOf<FormatException>());
        failing = false;
        Assert.That(decoder.Feed("xyz"u8.ToArray()).Frames, Is.EqualTo(new[] { "xyz" }));
    }

    [Test]
    public void A_selector_that_returns_null_is_told_so() =>
        Assert.That(Framing.Bytes(1).SelectMany<int>(_ => null!).Error("x"), Is.TypeOf<InvalidOperationException>());

    [Test]
    public void Return_takes_no_bytes() =>
        Assert.That((from a in Framing.Bytes(1) from b in Framing.Return(7) select b).Decode("x"), Is.EqualTo(7));

    [Test]
    public void Fail_fails() => Assert.That(Framing.Fail<int>("no").Error("x"), Is.TypeOf<ProtocolException>());

    [Test]
    public void Chunk_gives_whatever_is_there() =>
        Assert.That(
            Framing.Chunk().Feed("ab"u8.ToArray(), [], "c"u8.ToArray()).Frames.Select(frame => frame.ToText()),
            Is.EqualTo(new[] { "ab", "c" }));

    [Test]
    public void A_literal_names_the_byte_that_differs() =>
        Assert.That(Framing.Literal("\r\n").Error("\rx"), Has.Message.Contain("Byte 1").And.Message.Contain("0x78"));

    [Test]
    public void A_literal_that_failed_is_compared_from_its_start_again()
    {
        var decoder = Framing.Literal("PING").CreateDecoder();
        decoder.Feed("PI"u8.ToArray(), "X"u8.ToArray());
        Assert.That(decoder.Feed("xxNG"u8.ToArray()).Error, Is.TypeOf<ProtocolException>());
    }

    [Test]
    public void A_chain_of_hundreds_nests_to_the_left()
    {
        var sum = Enumerable.Range(0, 500).Aggregate(
            Framing.Return(0UL), (left, _) => from a in left from b in Framing.Varint() select a + b);
        Assert.That(sum.Feed(ThousandOnes.ByteByByte()).Frames, Is.EqualTo(new[] { 500UL, 500UL }));
    }

    [Test]
    public void A_chain_of_hundreds_nests_to_the_right()
    {
        var sum = Enumerable.Range(0, 500).Aggregate(
            Framing.Return(0UL), (right, _) => Framing.Varint().SelectMany(a => right.Select(b => a + b)));
        Assert.That(sum.Feed(ThousandOnes.ByteByByte()).Frames, Is.EqualTo(new[] { 500UL, 500UL }));
    }

    [Test]
    public void A_frame_that_nests_deeper_than_the_stack_is_refused() =>
        Assert.That(
            FramingCases.Brackets().Error(new string('(', 1_000_000)), Is.InstanceOf<ProtocolException>());

    [Test]
    public void A_frame_that_nests_too_deep_is_not_tried_again_on_the_way_back()
    {
        var other = new FramingProbe<int>(Framing.Fail<int>("no"));
        DeepOr(other).Error(new string('(', 1_000_000));
        Assert.That(other.Calls, Is.Zero);
    }

    private static Framing<int> DeepOr(Framing<int> other) =>
        (from open in Framing.Literal("(") from inner in DeepOr(other) select inner).Or(other);

    private static int LengthOf(ReadOnlyMemory<byte> header) =>
        int.Parse(header.TrimEol().ToText().Split(' ')[^1], CultureInfo.InvariantCulture);

    private static T MaybeThrow<T>(T value, bool fails) => fails ? throw new FormatException() : value;
}
