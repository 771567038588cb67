namespace Diesel.Reactive.Testing;

/// <summary>Bytes that are handed over from several places.</summary>
internal static class Segments
{
    /// <summary>The same in one place.</summary>
    public static byte[] Joined(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        var length = 0;
        foreach (var segment in segments)
        {
            length += segment.Length;
        }

        var joined = new byte[length];
        var at = 0;
        foreach (var segment in segments)
        {
            segment.Span.CopyTo(joined.AsSpan(at));
            at += segment.Length;
        }

        return joined;
    }
}
