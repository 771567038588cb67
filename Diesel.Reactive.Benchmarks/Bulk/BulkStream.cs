namespace Diesel.Reactive.Benchmarks.Bulk;

/// <summary>What flows: a mebibyte over and over. The client's first line says in which direction.</summary>
internal static class BulkStream
{
    public const int Length = 1 << 20;

    /// <summary>The server sends until the client is gone.</summary>
    public const string Download = "download";

    /// <summary>The server counts until the client's end, and answers with the count.</summary>
    public const string Upload = "upload";

    public static readonly byte[] Content = [.. Enumerable.Range(0, Length).Select(i => (byte)((i * 31) + (i >> 8)))];

    public static bool IsDownload(ReadOnlySpan<byte> line) => line.StartsWith("d"u8);
}
