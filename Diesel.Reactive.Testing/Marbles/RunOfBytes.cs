namespace Diesel.Reactive.Testing;

/// <summary>Runs of one byte, of which a recording may be full: all runs of the same byte are parts of one.</summary>
internal static class RunOfBytes
{
    /// <summary>Longer runs are made anew. So all the shared ones together are 16 MiB at most.</summary>
    public const int Longest = 64 * 1024;

    private static readonly byte[]?[] Runs = new byte[256][];

    public static ReadOnlyMemory<byte> Of(byte value, int count) => (Runs[value] ??= New(value)).AsMemory(0, count);

    private static byte[] New(byte value)
    {
        var run = new byte[Longest];
        run.AsSpan().Fill(value);
        return run;
    }
}
