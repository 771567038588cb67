namespace Diesel.Reactive.Tests;

public class LinearWorkTests
{
    private static readonly byte[] Line = [.. "SET key "u8, .. new byte[5000], .. "\r\n"u8];

    [Test]
    public void A_line_is_scanned_once() =>
        Assert.That(Framing.UntilEol().FoundAfter(Line, "\r\n"u8.ToArray(), keep: 1), Is.EqualTo(Line.Length));

    [Test]
    public void A_line_that_may_end_with_a_lone_lf_is_scanned_once() =>
        Assert.That(
            Framing.UntilEol(allowLoneLf: true).FoundAfter(Line, "\n"u8.ToArray(), keep: 1), Is.EqualTo(Line.Length));

    [Test]
    public void A_text_line_is_scanned_once() =>
        Assert.That(Framing.Lines().FoundAfter(Line, "\n"u8.ToArray(), keep: 1), Is.EqualTo(Line.Length));

    [Test]
    public void A_delimited_frame_is_scanned_once() =>
        Assert.That(Framing.Until("\0\r\n").FoundAfter(Line, "\0\r\n"u8.ToArray(), keep: 2), Is.EqualTo(Line.Length));

    [Test]
    public void A_literal_is_compared_once() =>
        Assert.That(Framing.Literal(Line).FoundAfter(Line, "#"u8.ToArray(), keep: 0), Is.EqualTo(Line.Length));

    [Test]
    public void A_varint_is_read_once() =>
        Assert.That(Framing.Varint().FoundAfter([0x80, 0x80, 0x80, 0x80, 1], [0], keep: 0), Is.EqualTo(5));

    [Test]
    public void A_length_is_read_once() =>
        Assert.That(Framing.LengthPrefixed().FoundAfter([0, 0, 0, 3, 1, 2, 3], [0], keep: 3), Is.EqualTo(7));

    [Test]
    public void A_head_is_decoded_once_however_late_its_tail_comes()
    {
        var head = new FramingProbe<ReadOnlyMemory<byte>>(Framing.Bytes(1));
        var grammar = from first in head from rest in Framing.Bytes(1000) select rest;
        grammar.Feed(new byte[1001].ByteByByte());
        Assert.That(head.Calls, Is.EqualTo(1));
    }

    [Test]
    public void An_alternative_that_failed_is_not_tried_again()
    {
        var first = new FramingProbe<ReadOnlyMemory<byte>>(Framing.Literal("x"));
        first.Or(Framing.Bytes(1000)).Feed(new byte[1000].ByteByByte());
        Assert.That(first.Calls, Is.EqualTo(1));
    }

    [Test]
    public void The_parts_of_a_grammar_keep_their_decoders_from_frame_to_frame()
    {
        var (head, tail) = (new FramingProbe<ulong>(Framing.Varint()), new FramingProbe<ulong>(Framing.Varint()));
        (from first in head from rest in tail select first + rest).Feed(new byte[100]);
        Assert.That((head.Decoders, tail.Decoders), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_buffer_filled_byte_by_byte_copies_in_proportion_to_its_bytes() =>
        Assert.That(AllocatedFor(200_000), Is.LessThan(3 * AllocatedFor(100_000)).And.LessThan(8 * 200_000));

    private static long AllocatedFor(int bytes)
    {
        var (buffer, one) = (new FrameBuffer(), new byte[1]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < bytes; i++)
        {
            buffer.Append(one);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
