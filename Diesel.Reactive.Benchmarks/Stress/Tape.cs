namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>Random bytes without end: what each side of a connection sends is a stretch of them, from a place of its own.</summary>
internal static class Tape
{
    const int Period = 1 << 20;
    const int ServersPlace = 7_919;

    static readonly byte[] Bytes = Make();

    public static ReadOnlyMemory<byte> OfClient(int id, long position, int count) => At(id * 104_729L, position, count);

    public static ReadOnlyMemory<byte> OfServer(int id, long position, int count) =>
        At((id * 104_729L) + ServersPlace, position, count);

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
