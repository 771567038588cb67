namespace Diesel.Reactive.Tests;

public class ManyTests
{
    private static readonly Framing<string> Item = Framing.Lines();

    [Test]
    public void As_many_items_come_as_were_announced() =>
        Assert.That(Joined(Framing.Many(Item, Framing.Varint()), "\x02" + "a\nb\n" + "\0" + "\x01" + "c\n"), Is.EqualTo("a,b||c"));

    [Test]
    public void As_many_items_come_as_are_known() => Assert.That(Joined(Framing.Many(Item, 2), "a\nb\nc\nd\n"), Is.EqualTo("a,b|c,d"));

    [Test]
    public void Items_come_up_to_the_last() =>
        Assert.That(Joined(Framing.Many(Item, static item => item.Length == 0), "a\nb\n\n\n"), Is.EqualTo("a,b,|"));

    [Test]
    public void Items_come_up_to_the_end() => Assert.That(Joined(Framing.Many(Item, ".\n"u8), "a\n.b\n.\n.\n"), Is.EqualTo("a,.b|"));

    [Test]
    public void Items_fill_a_frame() =>
        Assert.That(Joined(Framing.Many(Item, Framing.LengthPrefixed(size: 1)), "\x04" + "a\nb\n" + "\0"), Is.EqualTo("a,b|"));

    [Test]
    public void The_end_of_a_frame_completes_its_last_item() =>
        Assert.That(
            Joined(Framing.Many(Framing.Lines().Or(Framing.UntilEnd().Select(static rest => rest.ToText())), Framing.LengthPrefixed(size: 1)), "\x04" + "a\nbc" + "\x01" + "d"),
            Is.EqualTo("a,bc|d"));

    [Test]
    public void A_count_is_refused_before_an_item_has_come() =>
        Assert.That(Framing.Many(Item, Framing.Varint(), maxCount: 2).Error("\x03"), Is.TypeOf<ProtocolException>().With.Message.Contains("count of 3 arrived, at most 2"));

    [TestCase(long.MaxValue)]
    [TestCase(-1)]
    public void A_count_that_a_peer_sent_is_refused(long count) =>
        Assert.That(Framing.Many(Item, count).Error("a"), Is.TypeOf<ProtocolException>());

    [Test]
    public void One_item_more_than_may_come_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(Framing.Many(Item, static item => item.Length == 0, maxCount: 2).Error("a\nb\n"), Is.TypeOf<ProtocolException>());
        Assert.That(Framing.Many(Item, "."u8, maxCount: 2).Error("a\nb\nc"), Is.TypeOf<ProtocolException>());
        Assert.That(Framing.Many(Item, "."u8, maxCount: 2).Error("a\nb\n."), Is.Null);
        Assert.That(Framing.Many(Item, Framing.LengthPrefixed(size: 1), maxCount: 2).Error("\x06" + "a\nb\nc\n"), Is.TypeOf<ProtocolException>());
    });

    [Test]
    public void Items_that_take_no_bytes_are_bounded_too() => Assert.Multiple(() =>
    {
        Assert.That(Framing.Many(Framing.Return(1), Framing.Varint()).Decode("\x03"), Is.EqualTo(new[] { 1, 1, 1 }));
        Assert.That(Framing.Many(Framing.Return(1), static _ => false).Error("a"), Is.TypeOf<ProtocolException>());
        Assert.That(Framing.Many(Framing.Return(1), "."u8).Error("a"), Is.TypeOf<ProtocolException>());
        Assert.That(Framing.Many(Framing.Return(1), Framing.Bytes(1)).Error("a"), Is.TypeOf<InvalidOperationException>());
    });

    [Test]
    public void A_frame_that_ends_within_an_item_is_refused() =>
        Assert.That(
            Framing.Many(Item, Framing.LengthPrefixed(size: 1)).Error("\x03" + "a\nb"),
            Is.TypeOf<ProtocolException>().With.Message.Contains("within its item 1, with 1 bytes"));

    [Test]
    public void An_item_that_fails_is_the_frames_failure() => Assert.Multiple(() =>
    {
        Assert.That(Framing.Many(Framing.Literal("ab"), 2).Error("abx"), Is.TypeOf<ProtocolException>());
        Assert.That(Framing.Many(Framing.Literal("ab"), Framing.Bytes(4)).Error("abxx"), Is.TypeOf<ProtocolException>());
        Assert.That(
            Framing.Many(Framing.Literal("a").Select<int>(_ => throw new FormatException()), Framing.Bytes(1)).Error("a"),
            Is.TypeOf<FormatException>());
    });

    [Test]
    public void An_announced_count_takes_no_memory()
    {
        var framing = Framing.Many(Framing.Bytes(1), Framing.LengthPrefixed(size: 4).Select(_ => 1UL << 30), maxCount: int.MaxValue);
        byte[] wire = [0, 0, 0, 0, 7];
        framing.Feed(wire);
        var before = GC.GetAllocatedBytesForCurrentThread();
        framing.Feed(wire);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4096));
    }

    [Test]
    public void A_list_that_was_given_is_not_changed_by_the_next()
    {
        var outcome = Framing.Many(Item, 1).Feed("a\nb\n");
        Assert.That(outcome.Frames.Select(frame => frame.Single()), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Repetition_nests() =>
        Assert.That(
            Framing.Many(Framing.Many(Item, Framing.Varint()), Framing.Varint()).Decode("\x02\x01" + "a\n" + "\x02" + "b\nc\n").Select(
                list => string.Concat(list)),
            Is.EqualTo(new[] { "a", "bc" }));

    [Test]
    public void Arguments_are_checked() => Assert.Multiple(() =>
    {
        Assert.That(() => Framing.Many((Framing<int>)null!, 1), Throws.ArgumentNullException);
        Assert.That(() => Framing.Many(Item, (Framing<ulong>)null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Many(Item, (Func<string, bool>)null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Many(Item, (Framing<ReadOnlyMemory<byte>>)null!), Throws.ArgumentNullException);
        Assert.That(() => Framing.Many(Item, ""u8), Throws.ArgumentException);
        Assert.That(() => Framing.Many(Item, 1, maxCount: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });

    private static string Joined(Framing<IReadOnlyList<string>> framing, string wire)
    {
        var outcome = framing.Feed(wire);
        Assert.That((outcome.Error, outcome.Consumed), Is.EqualTo((default(Exception), (long)wire.Length)));
        return string.Join('|', outcome.Frames.Select(items => string.Join(',', items)));
    }
}
