using System.Reactive;
using System.Text;

namespace Diesel.Reactive.Testing;

/// <summary>One way to cut some bytes into chunks, of which each arrives a frame after the one before.</summary>
public sealed class Chunking
{
    private const string Names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private readonly int[] _ends;

    internal Chunking(ReadOnlyMemory<byte> bytes, IEnumerable<int> cuts)
    {
        _ends = [.. cuts, bytes.Length];
        Chunks = [.. _ends.Select((end, i) => bytes[(i == 0 ? 0 : _ends[i - 1])..end])];
        Marbles = MarblePrinter.Print(new Recording<ReadOnlyMemory<byte>>([.. Chunks.Select((chunk, i) =>
            new RecordedNotification<ReadOnlyMemory<byte>>(TimeSpan.FromMilliseconds(i), Notification.CreateOnNext(chunk)))])).Marbles;
    }

    /// <summary>At least one, and none of them empty.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Chunks { get; }

    /// <summary>The chunks as a diagram, one per frame: <c>'PI''NG\r\n'</c>. It can be pasted into a test; add the end as the test
    /// needs it: <c>cut.Marbles + "|"</c>.</summary>
    public string Marbles { get; }

    /// <summary>The diagram of frames that follow each other in the bytes: each comes with the chunk that holds its last
    /// byte.</summary>
    /// <param name="lengths">How many of the bytes each frame takes, at least 1; together at most all, and at most 52 frames.</param>
    /// <returns>The frames are named <c>a</c>, <c>b</c>, … It is as long as <see cref="Marbles"/>.</returns>
    /// <exception cref="ArgumentException">A length is not positive, or there are too many.</exception>
    public string Frames(params ReadOnlySpan<int> lengths)
    {
        if (lengths.Length > Names.Length)
        {
            throw new ArgumentException($"There are {lengths.Length} frames, and names for {Names.Length}: use fewer.", nameof(lengths));
        }

        var (marbles, frame, end) = (new StringBuilder(), 0, 0);
        foreach (var arrived in _ends)
        {
            var first = frame;
            while (frame < lengths.Length && (long)end + Positive(lengths[frame]) <= arrived)
            {
                end += lengths[frame++];
            }

            marbles.Append((frame - first) switch { 0 => "-", 1 => Names[first..frame], _ => $"[{Names[first..frame]}]" });
        }

        return frame == lengths.Length ? marbles.ToString()
            : throw new ArgumentException($"The frames are longer than the {_ends[^1]} bytes: make them shorter.", nameof(lengths));

        static int Positive(int length) => length > 0 ? length
            : throw new ArgumentException("A frame has no bytes: it would come at no chunk's time. Give it at least one.", nameof(lengths));
    }

    /// <summary>The diagram.</summary>
    public override string ToString() => Marbles;

    /// <summary>The name of a frame in <see cref="Frames"/>.</summary>
    internal static string Name(int frame) => Names[frame].ToString();
}
