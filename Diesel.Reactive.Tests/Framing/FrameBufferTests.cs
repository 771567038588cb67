using System.Buffers;
using System.Runtime.InteropServices;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;


namespace Diesel.Reactive.Tests;

public class FrameBufferTests
{
    [Property(MaxTest = 500, QuietOnSuccess = true)]
    public void Holds_what_was_appended_and_not_consumed(byte[][] chunks, byte[] steps)
    {
        var (buffer, expected) = (new FrameBuffer(), new List<byte>());
        for (var i = 0; i < chunks.Length; i++)
        {
            buffer.Append(chunks[i]);
            expected.AddRange(chunks[i]);
            var step = steps.Length == 0 ? 0 : steps[i % steps.Length] % (buffer.Length + 1);
            buffer.Advance(step);
            expected.RemoveRange(0, step);
            Assert.That(buffer.Unread.ToArray(), Is.EqualTo(expected));
            Assert.That(expected.Take(buffer.Shown.Length), Is.EqualTo(buffer.Shown.ToArray()));
            _ = i % 3 == 0 && buffer.TryShowMore(missing: step);
        }
    }

    [Property(MaxTest = 500, QuietOnSuccess = true)]
    public void Never_changes_bytes_it_has_shown(byte[][] chunks, byte[] steps)
    {
        var (buffer, shown) = (new FrameBuffer(), new List<(ReadOnlyMemory<byte> Slice, byte[] Then)>());
        for (var i = 0; i < chunks.Length; i++)
        {
            buffer.Append(chunks[i]);
            _ = i % 3 == 0 && buffer.TryShowMore(missing: i);
            shown.Add((buffer.Shown, buffer.Shown.ToArray()));
            buffer.Advance(steps.Length == 0 ? 0 : steps[i % steps.Length] % (buffer.Length + 1));
        }

        Assert.That(shown.All(frame => frame.Slice.Span.SequenceEqual(frame.Then)), Is.True);
    }

    [Test]
    public void Adopts_a_chunk_without_copying_it()
    {
        var (buffer, chunk) = (new FrameBuffer(), new byte[10]);
        buffer.Append(chunk);
        Assert.That(ArrayOf(buffer), Is.SameAs(chunk));
    }

    [Test]
    public void Extends_over_a_chunk_that_lies_directly_behind()
    {
        var (buffer, slab) = (new FrameBuffer(), new byte[10]);
        buffer.Append(slab.AsMemory(2, 3));
        buffer.Advance(1);
        buffer.Append(slab.AsMemory(5, 5));
        Assert.That((ArrayOf(buffer) == slab, buffer.Length), Is.EqualTo((true, 7)));
    }

    [Test]
    public void Copies_a_chunk_that_lies_elsewhere_in_the_same_slab()
    {
        var (buffer, slab) = (new FrameBuffer(), "abcdef"u8.ToArray());
        buffer.Append(slab.AsMemory(0, 2));
        buffer.Append(slab.AsMemory(3, 2));
        buffer.TryShowMore(0);
        Assert.That((buffer.Shown.ToText(), ArrayOf(buffer) == slab), Is.EqualTo(("abde", false)));
    }

    [Test]
    public void Does_not_write_behind_a_chunk_it_only_adopted()
    {
        var (buffer, slab) = (new FrameBuffer(), "abcdef"u8.ToArray());
        buffer.Append(slab.AsMemory(0, 2));
        buffer.Append("XY"u8.ToArray());
        buffer.TryShowMore(0);
        Assert.That((buffer.Shown.ToText(), slab.AsSpan().SequenceEqual("abcdef"u8)), Is.EqualTo(("abXY", true)));
    }

    [Test]
    public void Fills_its_own_spare_room_before_it_grows()
    {
        var buffer = Filled("ab", "cd");
        var before = ArrayOf(buffer);
        buffer.Append("ef"u8.ToArray());
        buffer.TryShowMore(0);
        Assert.That((ArrayOf(buffer) == before, buffer.Shown.ToText()), Is.EqualTo((true, "abcdef")));
    }

    [Test]
    public void Copies_of_a_chunk_behind_others_only_what_is_asked_for()
    {
        var (buffer, chunk) = (Filled("ab"), new byte[100_000]);
        buffer.Append(chunk);
        buffer.TryShowMore(missing: 8);
        Assert.That(buffer.Shown.Length, Is.EqualTo(258));
        buffer.Advance(10);
        Assert.That((ArrayOf(buffer) == chunk, buffer.Length, buffer.Shown.Length), Is.EqualTo((true, 99_992, 99_992)));
    }

    [Test]
    public void Gives_all_that_is_unread_as_one_sequence()
    {
        var buffer = Filled("ab");
        buffer.Append("cd"u8.ToArray());
        Assert.That((buffer.Unread.Length, buffer.Unread.IsSingleSegment, buffer.Shown.Length), Is.EqualTo((4L, false, 2)));
    }

    [Test]
    public void Bytes_that_were_received_in_its_own_room_are_not_moved()
    {
        var buffer = new FrameBuffer();
        buffer.Append(new byte[64 * 1024]);
        var room = buffer.Room((1 << 20) - (64 * 1024));
        "abc"u8.CopyTo(room.Span);
        buffer.Append(room[..3]);
        Assert.That((room.Length, buffer.Shown.Length, buffer.Shown[^3..].ToText()), Is.EqualTo(((1 << 20) - (64 * 1024), (64 * 1024) + 3, "abc")));
    }

    [Test]
    public void What_was_announced_takes_memory_as_bytes_arrive([Values(1, 100, 4096, 65_536, 3_000_000)] int arrived)
    {
        var buffer = new FrameBuffer();
        buffer.Append(new byte[arrived]);
        var room = buffer.Room((64 << 20) - arrived);
        Assert.That(room.Length + arrived, Is.LessThanOrEqualTo(FrameBuffer.MostAhead * arrived));
        Assert.That(new FrameBuffer().Room(64 << 20).Length, Is.Zero);
    }

    [Test]
    public void Lets_go_of_the_array_when_everything_was_consumed()
    {
        var buffer = Filled("ab", "cd");
        buffer.Advance(4);
        Assert.That(ArrayOf(buffer), Is.Null.Or.Empty);
    }

    [Test]
    public void Lets_go_of_an_empty_chunk_too()
    {
        var buffer = Filled("");
        Assert.That(ArrayOf(buffer), Is.Null.Or.Empty);
    }

    [Test]
    public void A_few_bytes_behind_a_long_frame_do_not_hold_its_array()
    {
        var buffer = new FrameBuffer();
        buffer.Append(new byte[60_000]);
        buffer.Append(new byte[60_000]);
        buffer.ShowAll();
        buffer.Advance(119_990);
        buffer.LetGoOfLargeArray();
        Assert.That((buffer.Length, buffer.Held), Is.EqualTo((10, 10)));
    }

    [Test]
    public void Counts_what_was_consumed_and_not_what_was_cleared()
    {
        var buffer = Filled("abc", "def");
        buffer.Advance(2);
        buffer.Advance(1);
        buffer.Clear();
        Assert.That((buffer.ConsumedTotal, buffer.Length), Is.EqualTo((3L, 0)));
    }

    [TestCase(-1)]
    [TestCase(7)]
    public void Refuses_to_advance_outside_of_what_is_unread(int count)
    {
        var buffer = Filled("abc", "def");
        Assert.That(() => buffer.Advance(count), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Says_when_a_frame_is_longer_than_an_array_can_be() =>
        Assert.That(() => FrameBuffer.LengthOf(Array.MaxLength, 1), Throws.InstanceOf<ProtocolException>());

    private static FrameBuffer Filled(params string[] chunks)
    {
        var buffer = new FrameBuffer();
        foreach (var chunk in chunks)
        {
            buffer.Append(chunk.ToBytes());
            buffer.TryShowMore(0);
        }

        return buffer;
    }

    private static byte[]? ArrayOf(FrameBuffer buffer) =>
        MemoryMarshal.TryGetArray(buffer.Shown, out var segment) ? segment.Array : null;
}
