namespace Diesel.Reactive.Testing;

/// <summary>A test failed with its bytes cut in one way; with all that have fewer chunks it passed.</summary>
public sealed class ChunkingFailedException : Exception
{
    internal ChunkingFailedException(Chunking cut, Exception error)
        : base(Describe(cut, error), error is MarblesDifferException ? null : error) => Cut = cut;

    /// <summary>How the bytes were cut.</summary>
    public Chunking Cut { get; }

    private static string Describe(Chunking cut, Exception error)
    {
        var newLine = Environment.NewLine;
        var how = cut.Chunks.Count == 1 ? "It fails with the bytes in one chunk:" : $"It fails with the bytes in these {cut.Chunks.Count} chunks, and with fewer it did not:";
        return $"{how}{newLine}{newLine}  {cut.Marbles}{newLine}{newLine}{error.Message}";
    }
}
