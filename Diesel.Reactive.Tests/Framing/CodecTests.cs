using System.Buffers;
using System.Text;

namespace Diesel.Reactive.Tests;

public class CodecTests
{
    private sealed record Message(ulong Id, string Text);

    private static readonly Codec<Message> Messages =
        Framing.Varint().Then(Framing.Lines()).Select(
            parts => new Message(parts.First, parts.Second),
            message => (message.Id, message.Text));

    private static readonly Codec<string> Strings =
        Framing.LengthPrefixed(size: 2).Select(bytes => bytes.ToText(), text => text.ToBytes());

    private static IEnumerable<TestCaseData> Wires =>
    [
        Wire(Framing.UntilEol(), "PING\r\n".ToBytes(), "50494E470D0A"),
        Wire(Framing.Lines(), "né", "6EC3A90D0A"),
        Wire(Framing.Lines(Encoding.Latin1), "né", "6EE90D0A"),
        Wire(Framing.Lines(), "", "0D0A"),
        Wire(Framing.Varint(), 0UL, "00"),
        Wire(Framing.Varint(), 127UL, "7F"),
        Wire(Framing.Varint(), 300UL, "AC02"),
        Wire(Framing.Varint(), ulong.MaxValue, "FFFFFFFFFFFFFFFFFF01"),
        Wire(Framing.LengthPrefixed(), "hi".ToBytes(), "000000026869"),
        Wire(Framing.LengthPrefixed(size: 2, littleEndian: true), "hi".ToBytes(), "02006869"),
        Wire(Framing.LengthPrefixed(size: 2, adjustment: -2), "hi".ToBytes(), "00046869"),
        Wire(Framing.LengthPrefixed(size: 3, offset: 1), "hi".ToBytes(), "000000026869"),
        Wire(Framing.LengthPrefixed(size: 1, offset: 1, bytesToStrip: 0), "A\x02hi".ToBytes(), "41026869"),
        Wire(Framing.Literal("OK"), "OK".ToBytes(), "4F4B"),
        Wire(Framing.Bytes(2), "hi".ToBytes(), "6869"),
        Wire(Messages, new Message(5, "hi"), "0568690D0A"),
        Wire(Framing.Many(Strings, Framing.Varint()), (IReadOnlyList<string>)["a", "", "bc"], "03" + "000161" + "0000" + "00026263"),
        Wire(Framing.Many(Strings, Framing.LengthPrefixed(size: 1)), (IReadOnlyList<string>)["a", ""], "05" + "000161" + "0000"),
        Wire(Framing.Many(Framing.Lines(), static line => line.Length == 0), (IReadOnlyList<string>)["a", ""], "610D0A" + "0D0A"),
    ];

    private static IEnumerable<TestCaseData> Refusals =>
    [
        Refused(Framing.UntilEol(), "PING".ToBytes(), "this one has none"),
        Refused(Framing.UntilEol(), "a\r\nb\r\n".ToBytes(), "holds one at 1"),
        Refused(Framing.UntilEol(maxLength: 3), "PING\r\n".ToBytes(), "4 bytes is longer than the limit of 3"),
        Refused(Framing.Until("aa"), "aaa".ToBytes(), "holds one at 0"),
        Refused(Framing.Lines(), "a\nb", "no line end"),
        Refused(Framing.Lines(maxLength: 3), "éé", "4 bytes is longer than the limit of 3"),
        Refused(Framing.Lines(), "\uD800", "characters that utf-8 does not write"),
        Refused(Framing.Lines(Encoding.ASCII), "é", "characters that us-ascii does not write"),
        Refused(Framing.Varint(maxBytes: 2), 1UL << 14, "takes 3 bytes, at most 2"),
        Refused(Framing.LengthPrefixed(maxLength: 3), "PING".ToBytes(), "4 bytes is longer than the limit of 3"),
        Refused(Framing.LengthPrefixed(size: 1), new byte[256].AsReadOnly(), "256 does not fit into the 1 bytes"),
        Refused(Framing.LengthPrefixed(size: 1, adjustment: 3), "hi".ToBytes(), "-1 does not fit"),
        Refused(Framing.LengthPrefixed(size: 2, bytesToStrip: 0), "h".ToBytes(), "shorter than the header"),
        Refused(Framing.LengthPrefixed(size: 1, bytesToStrip: 0), "\x05hi".ToBytes(), "is to be 02"),
        Refused(Framing.Literal("OK"), "NO".ToBytes(), "4F4B, and nothing else"),
        Refused(Framing.Bytes(2), "hey".ToBytes(), "2 bytes, not 3"),
        Refused(Framing.Varint().Where(n => n < 5), 7UL, "condition refuses"),
        Refused(Messages, new Message(5, "a\nb"), "no line end"),
        Refused(Framing.Many(Strings, Framing.Varint(), maxCount: 1), (IReadOnlyList<string>)["a", "b"], "2 items are more than the 1"),
        Refused(Framing.Many(Strings, 1), (IReadOnlyList<string>)["a", "b"], "1 items, not 2"),
        Refused(Framing.Many(Framing.Lines(), static line => line.Length == 0), (IReadOnlyList<string>)["", "a"], "Item 0 of 2 says that it is the last"),
        Refused(Framing.Many(Framing.Lines(), static line => line.Length == 0), (IReadOnlyList<string>)["a"], "Item 0 of 1 is the last and does not"),
        Refused(Framing.Many(Framing.Lines(), static line => line.Length == 0), (IReadOnlyList<string>)[], "at least one"),
        Refused(Framing.Many(Framing.Bytes(0), Framing.LengthPrefixed()), (IReadOnlyList<ReadOnlyMemory<byte>>)[default], "takes no bytes"),
    ];

    [TestCaseSource(nameof(Wires))]
    public void A_value_is_these_bytes(Func<ReadOnlyMemory<byte>> encode, string wire) =>
        Assert.That(Convert.ToHexString(encode().Span), Is.EqualTo(wire));

    [TestCaseSource(nameof(Refusals))]
    public void What_would_not_be_given_back_is_refused_before_a_byte_is_written(Action<IBufferWriter<byte>> encode, string message)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.That(() => encode(output), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [Test]
    public void A_line_whose_encoding_throws_is_refused() =>
        Assert.That(
            () => Framing.Lines(new UTF8Encoding(false, throwOnInvalidBytes: true)).Encode("\uD800"),
            Throws.InstanceOf<EncoderFallbackException>());

    [Test]
    public void A_frame_goes_behind_what_the_output_holds()
    {
        var output = new ArrayBufferWriter<byte>();
        Messages.Encode(new Message(5, "a"), output);
        Messages.Encode(new Message(6, "b"), output);
        Assert.That(Messages.Feed(output.WrittenSpan.ToArray()).Frames, Is.EqualTo(new[] { new Message(5, "a"), new Message(6, "b") }));
    }

    [Test]
    public void A_codec_that_refused_encodes_the_next_value()
    {
        Assert.That(() => Messages.Encode(new Message(5, "\n")), Throws.ArgumentException);
        Assert.That(Convert.ToHexString(Messages.Encode(new Message(5, "a")).Span), Is.EqualTo("05610D0A"));
    }

    [Test]
    public void A_codec_may_encode_with_another_one_in_its_way_back()
    {
        var wrapped = Framing.LengthPrefixed(size: 1).Then(Framing.Varint()).Select(
            parts => Messages.Decode(parts.First.ToText()),
            message => (Messages.Encode(message), message.Id));
        Assert.That(Convert.ToHexString(wrapped.Encode(new Message(5, "a")).Span), Is.EqualTo("0405610D0A05"));
    }

    [Test]
    public void What_the_way_back_throws_comes_out() =>
        Assert.That(
            () => Framing.Varint().Select<int>(number => (int)number, _ => throw new FormatException()).Encode(1),
            Throws.InstanceOf<FormatException>());

    [Test]
    public void A_function_that_gives_no_codec_is_told_so() =>
        Assert.That(() => Framing.Varint().Then<int>(_ => null!).Encode((1, 2)), Throws.InvalidOperationException);

    [Test]
    public void Encoding_in_place_allocates_nothing()
    {
        var (output, line) = (new ArrayBufferWriter<byte>(4096), "a line");
        Encode();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Encode();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Encode()
        {
            output.ResetWrittenCount();
            for (var i = 0; i < 100; i++)
            {
                Framing.Lines().Encode(line, output);
                Framing.Varint().Encode(300, output);
            }
        }
    }

    [Test]
    public void Nothing_null_is_taken() => Assert.Multiple(() =>
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.That(() => Framing.Lines().Encode(null!, output), Throws.ArgumentNullException);
        Assert.That(() => Framing.Many(Strings, Framing.Varint()).Encode(null!, output), Throws.ArgumentNullException);
        Assert.That(() => Framing.Varint().Select<int>(null!, _ => 1), Throws.ArgumentNullException);
        Assert.That(() => Framing.Varint().Select(_ => 1, null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Varint().Where(null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Varint().Then((Codec<int>)null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Varint().Then((Func<ulong, Codec<int>>)null!), Throws.ArgumentNullException);
        Assert.That(() => Messages.Encode(new(1, ""), null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Lines().Encode("", null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Varint().Encode(1, null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Bytes(0).Encode(default, null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.UntilEol().Encode(default, null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.LengthPrefixed().Encode(default, null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Literal("").Encode(default, null!), Throws.ArgumentNullException);
        Assert.That(() => ((IObservable<int>)null!).Encode(null!), Throws.ArgumentNullException);
        Assert.That(() => Observable.Never<ulong>().Encode(null!), Throws.ArgumentNullException);
    });

    [Test]
    public void A_stream_of_values_becomes_a_stream_of_frames_and_back() =>
        Assert.That(
            new[] { "a", "", "bc" }.ToObservable().Encode(Strings).Decode(Strings).ToEnumerable(), Is.EqualTo(new[] { "a", "", "bc" }));

    [Test]
    public void A_value_that_is_refused_ends_the_stream_behind_the_frames_before_it()
    {
        var story = Story.Of(new[] { "a", "\n", "b" }.ToObservable().Encode(Framing.Lines()));
        Assert.That(story.ToString(), Is.EqualTo("a #ArgumentException"));
    }

    private static TestCaseData Wire<T>(Codec<T> codec, T value, string wire) =>
        new TestCaseData((Func<ReadOnlyMemory<byte>>)(() => codec.Encode(value)), wire).SetArgDisplayNames(wire);

    private static TestCaseData Refused<T>(Codec<T> codec, T value, string message) =>
        new TestCaseData((Action<IBufferWriter<byte>>)(output => codec.Encode(value, output)), message).SetArgDisplayNames(message);
}
