using FsCheck.NUnit;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace Diesel.Reactive.Tests;

/// <summary>The work over a frame, in steps of its grammar: in proportion to its bytes and parts, however it comes.</summary>
[Properties(Arbitrary = [typeof(FramingCases)], MaxTest = 500, QuietOnSuccess = true)]
public class GrammarWorkTests
{
    private const int Steps = 16_000;

    [Property]
    public void Bytes_that_come_one_by_one_cost_a_few_steps_each_and_no_more(FramingCase sample)
    {
        var (atOnce, oneByOne) = (StepsOf(sample.Framing, [sample.Wire]), StepsOf(sample.Framing, sample.Wire.ByteByByte()));
        Assert.That(oneByOne, Is.LessThanOrEqualTo(atOnce + 2 * sample.Wire.Length));
    }

    [Test]
    public void A_grammar_that_goes_on_to_the_right_is_linear() =>
        Assert.That(StepsOf(ItemsOf(Steps), Ones.ByteByByte()), Is.InRange(Steps, 6 * Steps));

    [Test]
    public void A_grammar_that_goes_on_to_the_left_is_linear()
    {
        var sum = Enumerable.Range(0, 2000).Aggregate(
            Framing.Return(0UL), static (left, _) => from a in left from b in Framing.Varint() select a + b);
        Assert.That(StepsOf(sum, Ones[..2000].ByteByByte()), Is.InRange(2000, 6 * 2000));
    }

    [Test]
    public void A_grammar_that_nests_is_linear()
    {
        const int depth = 3000;
        var wire = (new string('(', depth) + "." + new string(')', depth)).ToBytes().ToArray();
        Assert.That(StepsOf(FramingCases.Brackets(), wire.ByteByByte()), Is.InRange(wire.Length, 12 * wire.Length));
    }

    [Test]
    public void Items_are_linear() =>
        Assert.That(
            StepsOf(Framing.Many(from a in Framing.Bytes(1) from b in Framing.Bytes(1) select a, Steps / 2, maxCount: Steps), Ones.ByteByByte()),
            Is.InRange(Steps, 6 * Steps));

    [Test]
    public void A_long_way_needs_no_stack() => FramingStack.OnSmall(() =>
        Assert.That(ItemsOf(Steps).Feed(Ones.ByteByByte()).Frames, Is.EqualTo(new[] { (ulong)Steps })));

    [Test]
    public void A_deep_way_back_needs_no_stack() => FramingStack.OnSmall(() =>
    {
        var wire = new string('(', Steps) + "!";
        Assert.That(Attempt(Steps).Or(Framing.Return("given up")).Feed(wire).Frames[0], Is.EqualTo("given up"));
    });

    [Test]
    public void A_grammar_that_never_takes_a_byte_is_refused()
    {
        Framing<int> Endless() => Framing.Return(0).SelectMany(_ => Endless());
        Assert.That(Endless().Error("x"), Is.InstanceOf<ProtocolException>().With.Message.Contains("32768 parts"));
    }

    [Test]
    public void A_grammar_begins_with_itself_and_is_refused()
    {
        Framing<int> Left() => Framing.Return(0).SelectMany(_ => from inner in Left() from more in Framing.Bytes(1) select inner);
        Assert.That(Left().Error("x"), Is.InstanceOf<ProtocolException>());
    }

    [Test]
    public void A_frame_that_was_refused_for_its_depth_is_followed_by_another()
    {
        var decoder = FramingCases.Brackets().CreateDecoder();
        Assert.That(decoder.Feed(new string('(', 100_000).ToBytes().ToArray()).Error, Is.InstanceOf<ProtocolException>());
        Assert.That(decoder.Feed("(.)"u8.ToArray()).Frames, Is.EqualTo(new[] { "(.)" }));
    }

    [Test]
    public void A_grammar_within_a_decoder_of_the_users_is_a_part_like_any()
    {
        var inner = from a in Framing.Bytes(1) from b in Framing.Literal("b") select a.ToText();
        var outer = from first in new FramingProbe<string>(inner) from second in inner select first + second;
        Assert.That(outer.Or(Framing.Bytes(4).Select(frame => frame.ToText())).Feed("xbyb"u8.ToArray().ByteByByte().Concat("zbz!"u8.ToArray().ByteByByte())).Frames,
            Is.EqualTo(new[] { "xy", "zbz!" }));
    }

    private static readonly byte[] Ones = [.. Enumerable.Repeat((byte)1, Steps)];

    private static Framing<ulong> ItemsOf(int count) => count == 0
        ? Framing.Return(0UL)
        : from item in Framing.Varint() from rest in ItemsOf(count - 1) select item + rest;

    private static Framing<string> Attempt(int depth) => depth == 0
        ? Framing.Literal(".").Select(_ => ".")
        : from open in Framing.Literal("(") from inner in Attempt(depth - 1) select inner;

    private static long StepsOf<T>(Framing<T> framing, IEnumerable<byte[]> chunks)
    {
        var decoder = framing.CreateDecoder();
        Assert.That(decoder.Feed(chunks).Error, Is.Null);
        return decoder is ComposedDecoder<T> composed ? composed.Run.Steps : 0;
    }
}
