namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>Random bytes without end: what each side of a connection sends is a stretch of them, from a place of its own; at most a
/// mebibyte at a time.</summary>
internal static class Tape
{
    const int Period = 1 << 20;
    const int ServersPlace = 7_919;

    static readonly byte[] Bytes = Make();

    public static ReadOnlyMemory<byte> OfClient(int id, long position, int count) => At(id * 104_729L, position, count);

    public static ReadOnlyMemory<byte> OfServer(int id, long position, int count) =>
        At((id * 104_729L) + ServersPlace, position, count);

    /// <summary>Whether bytes are what the tape holds there; as many as there may be.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes, Func<int, long, int, ReadOnlyMemory<byte>> side, int id, long position)
    {
        for (var at = 0; at < bytes.Length; at += Period)
        {
            var part = bytes[at..Math.Min(bytes.Length, at + Period)];
            if (!part.SequenceEqual(side(id, position + at, part.Length).Span))
            {
                return false;
            }
        }

        return true;
    }

    static ReadOnlyMemory<byte> At(long place, long position, int count) =>
        Bytes.AsMemory((int)((place + position) % Period), count);

    static byte[] Make()
    {
        var bytes = new byte[2 * Period];
        new Random(1).NextBytes(bytes.AsSpan(0, Period));
        bytes.AsSpan(0, Period).CopyTo(bytes.AsSpan(Period));
        return bytes;
    }
}
