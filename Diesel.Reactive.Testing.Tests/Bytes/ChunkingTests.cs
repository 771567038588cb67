using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

public class ChunkingTests
{
    [Test]
    public void Few_bytes_are_cut_in_every_way() => Assert.That(
        Chunkings.Of("abcd".ToBytes()).Select(cut => cut.Marbles),
        Is.EqualTo(new[] { "'abcd'", "a'bcd'", "'ab''cd'", "'abc'd", "ab'cd'", "a'bc'd", "'ab'cd", "abcd" }));

    [TestCase(1, 1)]
    [TestCase(8, 128)]
    [TestCase(11, 1024)]
    public void There_are_two_to_the_power_of_places(int bytes, int ways) =>
        Assert.That(Chunkings.Of(new byte[bytes]).Select(cut => cut.Marbles).Distinct().Count(), Is.EqualTo(ways));

    [Test]
    public void Many_bytes_are_cut_once_everywhere_and_at_random()
    {
        var cuts = Chunkings.Of(new byte[100], randomCuts: 50).ToList();
        Assert.That(cuts.Count, Is.InRange(101 + 40, 101 + 50));
        Assert.That(cuts.Select(cut => cut.Chunks.Count), Is.Ordered);
        Assert.That(cuts.Select(cut => cut.Marbles), Is.Unique);
        Assert.That((cuts[0].Chunks.Count, cuts[^1].Chunks.Count), Is.EqualTo((1, 100)));
    }

    [Test]
    public void The_seed_decides_the_random_ones()
    {
        static IEnumerable<string> Drawn(int seed) => Chunkings.Of(new byte[50], 20, seed).Select(cut => cut.Marbles);
        var (once, again) = (Drawn(1), Drawn(1));
        Assert.That(again, Is.EqualTo(once).And.Not.EqualTo(Drawn(2)));
    }

    [FsCheck.NUnit.Property]
    public void The_chunks_are_the_bytes(byte[] bytes, int seed)
    {
        foreach (var cut in bytes.Length == 0 ? [] : Chunkings.Of(bytes, 10, seed))
        {
            Assert.That(cut.Chunks.SelectMany(chunk => chunk.ToArray()), Is.EqualTo(bytes));
            Assert.That(MarbleDiagram.Parse(cut.Marbles, MarbleRole.Bytes).Events.Select(e => e.Spelling!.Bytes.ToArray()), Is.EqualTo(cut.Chunks.Select(c => c.ToArray())));
        }
    }

    [TestCase(new[] { 2, 2 }, "'abcd'=[ab] a'bcd'=-[ab] 'ab''cd'=ab 'abc'd=ab ab'cd'=-ab a'bc'd=-ab 'ab'cd=a-b abcd=-a-b")]
    [TestCase(new[] { 3 }, "'abcd'=a a'bcd'=-a 'ab''cd'=-a 'abc'd=a- ab'cd'=--a a'bc'd=-a- 'ab'cd=-a- abcd=--a-")]
    public void A_frame_comes_with_its_last_byte(int[] lengths, string frames) => Assert.That(
        string.Join(' ', Chunkings.Of("abcd".ToBytes()).Select(cut => $"{cut.Marbles}={cut.Frames(lengths)}")), Is.EqualTo(frames));

    [TestCase(new[] { 3, int.MaxValue }, "longer than the 4 bytes")]
    [TestCase(new[] { 5 }, "longer than the 4 bytes")]
    [TestCase(new[] { 0 }, "has no bytes")]
    public void Frames_that_cannot_be_are_refused(int[] lengths, string problem) => Assert.That(
        () => Chunkings.Of("abcd".ToBytes()).First().Frames(lengths), Throws.ArgumentException.With.Message.Contains(problem));

    [TestCase(0)]
    [TestCase(4097)]
    public void No_bytes_or_too_many_are_refused(int count) =>
        Assert.That(() => Chunkings.Of(new byte[count]), Throws.ArgumentException.With.Message.Contains($"{count} bytes"));

    [Test]
    public void A_decoder_that_forgets_is_caught_with_the_simplest_cut()
    {
        var error = Assert.Throws<ChunkingFailedException>(() => Chunkings.ForEach(Forgetful, ("ab\r\n".ToBytes(), "ab"), ("c\r\n".ToBytes(), "c")));
        Assert.That(error!.Cut.Marbles, Is.EqualTo(@"a'b\r\nc\r\n'"));
        Assert.That(error.Message.ReplaceLineEndings("\n"), Is.EqualTo(
            """
            It fails with the bytes in these 2 chunks, and with fewer it did not:

              a'b\r\nc\r\n'

            Marbles differ: frames

              ms        0  1           2
              chunks    a  'b\r\nc\r\n'|
              expected  -  [ab]        |
              actual    'a'['b'b]      |
                        ^   ^
              2 of 4 differ, first at 0 ms:
                'a'   unexpected at 0 ms
                a     at 1 ms: expected a = 'ab', was 'b'
              values    a='ab'  b='c'
            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_decoder_that_merges_frames_is_caught_in_one_chunk() => Assert.That(
        () => Chunkings.ForEach(chunks => chunks.Select(chunk => chunk.ToText()), ("ab".ToBytes(), "ab"), ("c".ToBytes(), "c")),
        Throws.TypeOf<ChunkingFailedException>().With.Message.StartsWith("It fails with the bytes in one chunk:"));

    [Test]
    public void A_decoder_that_is_late_is_caught() => Assert.That(
        () => Chunkings.ForEach(chunks => chunks.UntilEol().Buffer(2).SelectMany(all => all.Select(line => line.ToText())), ("a\r\n".ToBytes(), "a\r\n"), ("b\r\n".ToBytes(), "b\r\n")),
        Throws.TypeOf<ChunkingFailedException>().With.Property("Cut").Property("Marbles").EqualTo(@"'a\r\n''b\r\n'"));

    [Test]
    public void A_connection_is_cut_in_every_way_too() => Chunkings.ForEach("PING\r\nX\r\n".ToBytes(), (t, cut) =>
    {
        var connection = t.Duplex(rx: cut.Marbles + "|", tx: cut.Frames(6, 3).Replace("a", @"'PING\r\n'").Replace("b", @"'X\r\n'") + "|").Connection;
        connection.UntilEol().Subscribe(connection);
    });

    [Test]
    public void Whatever_a_test_throws_is_told_with_the_cut() => Assert.That(
        () => Chunkings.ForEach("ab".ToBytes(), (_, cut) => throw new FormatException($"no {cut}")),
        Throws.TypeOf<ChunkingFailedException>().With.InnerException.TypeOf<FormatException>().And.Message.EndsWith("no 'ab'"));

    // Looks at each chunk alone.
    private static IObservable<string> Forgetful(IObservable<ReadOnlyMemory<byte>> chunks) =>
        chunks.SelectMany(chunk => chunk.ToText().Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
}
