using System.Text;

namespace Diesel.Reactive.Tests;

public class DelimitedTests
{
    [TestCase("a\r\nb\r\n", "a\r\n|b\r\n")]
    [TestCase("\r\n\r\n", "\r\n|\r\n")]
    [TestCase("a\nb\r\n", "a\nb\r\n")]
    [TestCase("a\r\r\n", "a\r\r\n")]
    [TestCase("a\r", "")]
    public void UntilEol_gives_lines_with_their_crlf(string wire, string frames) =>
        Assert.That(Texts(Framing.UntilEol(), wire), Is.EqualTo(frames));

    [TestCase("a\nb\r\n", "a\n|b\r\n")]
    [TestCase("a\rb\n", "a\rb\n")]
    public void UntilEol_takes_a_lone_lf_where_asked_for(string wire, string frames) =>
        Assert.That(Texts(Framing.UntilEol(allowLoneLf: true), wire), Is.EqualTo(frames));

    [TestCase("--", "a-b--c--", "a-b--|c--")]
    [TestCase("aab", "aaaab", "aaaab")]
    [TestCase("a-b", "axba-bxb", "axba-b")]
    [TestCase("é", "caféé", "café|é")]
    public void Until_gives_frames_with_their_delimiter(string delimiter, string wire, string frames) =>
        Assert.That(Texts(Framing.Until(delimiter), wire), Is.EqualTo(frames));

    [TestCase("12345\r\n", false)]
    [TestCase("123456\r\n", true)]
    [TestCase("12345\r", false)]
    [TestCase("123456\r", true)]
    [TestCase("1234567", true)]
    public void UntilEol_fails_over_its_limit_before_the_end_has_come(string wire, bool tooLong) =>
        Assert.That(Framing.UntilEol(maxLength: 5).Error(wire) is FrameTooLongException, Is.EqualTo(tooLong));

    [TestCase("12345\n", false)]
    [TestCase("12345\r\n", false)]
    [TestCase("12345\r", false)]
    [TestCase("123456", true)]
    [TestCase("12345\rx", true)]
    public void A_lone_lf_line_fails_over_its_limit(string wire, bool tooLong) =>
        Assert.That(
            Framing.UntilEol(maxLength: 5, allowLoneLf: true).Error(wire) is FrameTooLongException,
            Is.EqualTo(tooLong));

    [Test]
    public void A_frame_too_long_says_what_arrived_the_limit_and_what_to_do()
    {
        var error = (FrameTooLongException)Framing.UntilEol(maxLength: 5).Error("1234567\r\n")!;
        Assert.That(error.Limit, Is.EqualTo(5));
        Assert.That(error.Message, Does.Contain("7").And.Contain("5").And.Contain("maxLength"));
    }

    [Test]
    public void Discard_throws_an_over_long_line_away_and_goes_on() =>
        Assert.That(
            Texts(Framing.UntilEol(3, overflow: FrameOverflow.Discard), "1\r\n12345\r\n2\r\n123456\r\n123\r\n"),
            Is.EqualTo("1\r\n|2\r\n|123\r\n"));

    [Test]
    public void Fail_comes_after_the_lines_before_it()
    {
        var outcome = Framing.UntilEol(3).Feed("1\r\n12345\r\n");
        Assert.That((outcome.Frames.Count, outcome.Consumed), Is.EqualTo((1, 3L)));
    }

    [Test]
    public void A_line_of_100_MiB_is_refused_at_the_limit_in_bounded_memory()
    {
        var chunks = Enumerable.Repeat(Chunk(16384), 6400);
        Exception? error = null;
        Assert.That(AllocatedBy(() => error = Framing.UntilEol().Feed(chunks).Error), Is.LessThan(1 << 20));
        Assert.That(error, Is.InstanceOf<FrameTooLongException>());
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_line_of_100_MiB_is_discarded_in_bounded_memory(bool allowLoneLf)
    {
        var decoder = Framing.UntilEol(1000, allowLoneLf, FrameOverflow.Discard).CreateDecoder();
        var (buffer, chunk) = (new FrameBuffer(), Chunk(1 << 20));
        for (var i = 0; i < 100; i++)
        {
            buffer.Append(chunk);
            do
            {
                decoder.TryDecode(buffer.Shown, out _, out var consumed);
                buffer.Advance(consumed);
            }
            while (buffer.TryShowMore(0));

            decoder.TryDecode(buffer.Shown, out _, out var rest);
            buffer.Advance(rest);
            Assert.That(buffer.Length, Is.LessThanOrEqualTo(1));
        }
    }

    [Test]
    public void A_buffered_line_allocates_nothing()
    {
        var (decoder, wire) = (Framing.UntilEol().CreateDecoder(), "PING\r\n".ToBytes());
        decoder.TryDecode(wire, out _, out _);
        var allocated = AllocatedBy(() => decoder.TryDecode(wire, out _, out _));
        Assert.That(allocated, Is.Zero);
    }

    [TestCase("café\r\n€\n\n", "café|€|")]
    [TestCase("a\rb\r\n", "a\rb")]
    public void Lines_gives_text_without_its_end(string wire, string lines) =>
        Assert.That(string.Join('|', Framing.Lines().Feed(wire).Frames), Is.EqualTo(lines));

    [Test]
    public void Lines_reads_other_encodings() =>
        Assert.That(Framing.Lines(Encoding.Latin1).Feed([0xE9, (byte)'\n']).Frames, Is.EqualTo(new[] { "é" }));

    [Test]
    public void Lines_replaces_what_is_no_text_as_utf8_does() =>
        Assert.That(Framing.Lines().Feed([0xFF, (byte)'\n']).Frames, Is.EqualTo(new[] { "\uFFFD" }));

    [Test]
    public void Lines_fails_on_what_is_no_text_where_the_encoding_throws() =>
        Assert.That(
            Framing.Lines(new UTF8Encoding(false, true)).Feed([0xFF, (byte)'\n']).Error,
            Is.InstanceOf<ProtocolException>());

    private static byte[] Chunk(int length) => [.. Enumerable.Repeat((byte)'x', length)];

    private static string Texts(Framing<ReadOnlyMemory<byte>> framing, string wire) =>
        string.Join('|', framing.Feed(wire).Frames.Select(frame => frame.ToText()));

    private static long AllocatedBy(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
