using System.Buffers.Binary;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What every framing operator gives, and when, does not depend on how the bytes are cut.</summary>
public class FramingChunkingTests
{
    [Test]
    public void UntilEol_does_not_depend_on_cuts() =>
        Chunkings.ForEach(chunks => chunks.UntilEol().Select(Text), Wire(("ab\r\n", "ab\r\n"), ("\r\n", "\r\n"), ("\rc\r\n", "\rc\r\n")));

    [Test]
    public void UntilEol_with_a_lone_LF_does_not_depend_on_cuts() =>
        Chunkings.ForEach(chunks => chunks.Decode(Framing.UntilEol(9, allowLoneLf: true)).Select(Text), Wire(("ab\n", "ab\n"), ("\r\n", "\r\n"), ("c\n", "c\n")));

    [Test]
    public void Until_does_not_depend_on_cuts() =>
        Chunkings.ForEach(chunks => chunks.Until("aab").Select(Text), Wire(("aaab", "aaab"), ("aab", "aab"), ("xaab", "xaab")));

    [Test]
    public void Lines_do_not_depend_on_cuts() =>
        Chunkings.ForEach(chunks => chunks.Lines(), Wire(("é\r\n", "é"), ("\n", ""), ("ab\n", "ab")));

    [Test]
    public void Bytes_do_not_depend_on_cuts() =>
        Chunkings.ForEach(chunks => chunks.Bytes(3).Select(Text), Wire(("abc", "abc"), ("def", "def"), ("ghi", "ghi")));

    [Test]
    public void LengthPrefixed_does_not_depend_on_cuts([Values(1, 2, 4)] int size) =>
        Chunkings.ForEach(chunks => chunks.LengthPrefixed(size).Select(Text), [.. new[] { "a", "bc" }.Select(text => (Prefixed(size, text), text))]);

    [Test]
    public void Varints_do_not_depend_on_cuts() =>
        Chunkings.ForEach(chunks => chunks.Decode(Framing.Varint()), (new byte[] { 1 }, 1UL), (new byte[] { 0xac, 2 }, 300UL), (new byte[] { 0x80, 0x80, 1 }, 16384UL));

    [Test]
    public void Literals_do_not_depend_on_cuts() =>
        Chunkings.ForEach(chunks => chunks.Decode(Framing.Literal("PING")).Select(Text), Wire(("PING", "PING"), ("PING", "PING")));

    [Test]
    public void Discarding_does_not_depend_on_cuts() => Chunkings.ForEach(
        chunks => chunks.Decode(Framing.UntilEol(3, overflow: FrameOverflow.Discard)).Select(Text), Wire(("toolong\r\nab\r\n", "ab\r\n"), ("c\r\n", "c\r\n")));

    [Test]
    public void Alternatives_do_not_depend_on_cuts() => Chunkings.ForEach(
        chunks => chunks.Decode(Framing.Literal("aab").Select(_ => "literal").Or(Framing.Until("d").Select(Text))), Wire(("aab", "literal"), ("aacd", "aacd"), ("aab", "literal")));

    [Test]
    public void A_grammar_does_not_depend_on_cuts() => Chunkings.ForEach(
        chunks => chunks.Decode(
            from count in Framing.Varint()
            from body in Framing.Bytes((int)count)
            from end in Framing.Literal("\r\n")
            select Text(body)),
        Wire(("\u0003abc\r\n", "abc"), ("\u0001d\r\n", "d")));

    [Test]
    public void A_long_conversation_does_not_depend_on_cuts() =>
        Chunkings.ForEach(chunks => chunks.UntilEol().Select(Text), Wire([.. Enumerable.Range(0, 12).Select(n => ($"line {n}\r\n", $"line {n}\r\n"))]));

    [FsCheck.NUnit.Property(Arbitrary = [typeof(FramingCases)], MaxTest = 60)]
    public void No_framing_depends_on_cuts(FramingCase framing, int seed)
    {
        foreach (var cut in framing.Wire.Length is 0 or > 200 ? [] : Chunkings.Of(framing.Wire, 20, seed).Take(150))
        {
            MarbleTest.Run(t =>
            {
                var frames = t.Record(t.ColdBytes(cut.Marbles + "|").Decode(framing.Framing).Materialize());
                t.Flush();
                Assert.That(frames.Where(f => f.Notification.HasValue && f.Notification.Value.HasValue).Select(f => f.Notification.Value.Value), Is.EqualTo(framing.Frames), cut.Marbles);
            });
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => bytes.ToText();

    private static (ReadOnlyMemory<byte>, string)[] Wire(params (string Wire, string Frame)[] frames) =>
        [.. frames.Select(frame => (frame.Wire.ToBytes(), frame.Frame))];

    private static ReadOnlyMemory<byte> Prefixed(int size, string text)
    {
        var wire = new byte[4 + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(wire, text.Length);
        text.ToBytes().CopyTo(wire.AsMemory(4));
        return wire.AsMemory(4 - size);
    }
}
