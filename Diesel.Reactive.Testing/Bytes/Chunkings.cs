using System.Numerics;

namespace Diesel.Reactive.Testing;

/// <summary>Tests that how a stream of bytes is cut does not matter.</summary>
/// <remarks>Up to 11 bytes are cut in all 2^(n-1) ways. More are given whole, cut once in every place, cut at random (reproducibly),
/// and byte by byte. Those with fewer chunks come first, so that the first one that fails is the simplest.</remarks>
public static class Chunkings
{
    private const int FewBytes = 11;
    private const int MostBytes = 4096;
    private const int LongestChunk = 40;

    /// <summary>Ways to cut some bytes.</summary>
    /// <param name="bytes">At least 1, at most 4096.</param>
    /// <param name="randomCuts">How many random ways to add where not all are tried.</param>
    /// <param name="seed">What those are drawn from.</param>
    /// <returns>Each once, those with fewer chunks first.</returns>
    /// <exception cref="ArgumentException">There are no bytes, or too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="randomCuts"/> is negative.</exception>
    public static IEnumerable<Chunking> Of(ReadOnlyMemory<byte> bytes, int randomCuts = 100, int seed = 0)
    {
        if (bytes.Length is 0 or > MostBytes)
        {
            throw new ArgumentException($"There are {bytes.Length} bytes to cut: give at least 1, at most {MostBytes}.", nameof(bytes));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(randomCuts);
        var places = Enumerable.Range(1, bytes.Length - 1);
        var cuts = bytes.Length <= FewBytes ? All(places) : Some(places, randomCuts, new Random(seed));
        return cuts.Select(each => new Chunking(bytes, each));
    }

    /// <summary>Runs a test for each way to cut some bytes.</summary>
    /// <param name="bytes">At least 1, at most 4096.</param>
    /// <param name="test">Makes a source of the cut's <see cref="Chunking.Marbles"/>, and says what is expected: by
    /// <see cref="Chunking.Frames"/>, most often.</param>
    /// <param name="randomCuts">How many random ways to add where not all are tried.</param>
    /// <param name="seed">What those are drawn from.</param>
    /// <param name="options">Of each test; null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="test"/> is null.</exception>
    /// <exception cref="ArgumentException">There are no bytes, or too many.</exception>
    /// <exception cref="ChunkingFailedException">The test failed; the message shows the cut and why.</exception>
    public static void ForEach(
        ReadOnlyMemory<byte> bytes, Action<MarbleTest, Chunking> test, int randomCuts = 100, int seed = 0, MarbleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        foreach (var cut in Of(bytes, randomCuts, seed))
        {
            try
            {
                MarbleTest.Run(t => test(t, cut), options);
            }
            catch (Exception error)
            {
                throw new ChunkingFailedException(cut, error);
            }
        }
    }

    /// <summary>Decodes frames that follow each other in a stream of bytes, for each way to cut it: each frame shall come with the
    /// chunk that holds its last byte, and the end a frame after the last chunk.</summary>
    /// <typeparam name="T">A frame.</typeparam>
    /// <param name="decode">The operator under test.</param>
    /// <param name="frames">Each with its bytes on the wire; from 1 to 52, of at most 4096 bytes together.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There are no bytes, or too many.</exception>
    /// <exception cref="ChunkingFailedException">What came is not what was expected; the message shows the cut and both diagrams.</exception>
    public static void ForEach<T>(
        Func<IObservable<ReadOnlyMemory<byte>>, IObservable<T>> decode, params (ReadOnlyMemory<byte> Wire, T Frame)[] frames)
    {
        ArgumentNullException.ThrowIfNull(decode);
        ArgumentNullException.ThrowIfNull(frames);
        byte[] bytes = [.. frames.SelectMany(frame => frame.Wire.ToArray())];
        int[] lengths = [.. frames.Select(frame => frame.Wire.Length)];
        ForEach(bytes, (t, cut) => t.ExpectObservable(decode(t.ColdBytes(cut.Marbles + "|").Named("chunks")), null, "frames", "", 0)
            .ToBe(cut.Frames(lengths) + "|", [.. frames.Select((frame, i) => (Chunking.Name(i), frame.Frame))]));
    }

    private static IEnumerable<IEnumerable<int>> All(IEnumerable<int> places) => Enumerable.Range(0, 1 << places.Count())
        .OrderBy(set => BitOperations.PopCount((uint)set))
        .Select(set => places.Where(place => (set >> (place - 1) & 1) != 0));

    private static IEnumerable<IEnumerable<int>> Some(IEnumerable<int> places, int count, Random random) =>
    [
        [],
        .. places.Select(place => new[] { place }),
        .. Enumerable.Range(0, count).Select(_ => Drawn(places, random)).Where(cuts => cuts.Count is > 1 && cuts.Count < places.Count())
            .DistinctBy(cuts => string.Join(' ', cuts)).OrderBy(cuts => cuts.Count),
        places,
    ];

    private static List<int> Drawn(IEnumerable<int> places, Random random)
    {
        var length = random.Next(1, LongestChunk);
        return [.. places.Where(_ => random.Next(length + 1) == 0)];
    }
}
