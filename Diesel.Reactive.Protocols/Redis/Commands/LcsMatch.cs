namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What two values have in common: a run of bytes.</summary>
/// <param name="Start">Its first byte in the one.</param>
/// <param name="OtherStart">Its first byte in the other.</param>
/// <param name="Length">How many bytes.</param>
public readonly record struct LcsMatch(long Start, long OtherStart, long Length)
{
    // {matches: [[[from, to], [from, to], length], …], len}
    internal static IReadOnlyList<LcsMatch> ReadAll(RespValue value) =>
        [.. Reply.In(Reply.Named(value), "matches").ToItems().Select(static match => match.ToItems() is [var one, var other, var length, ..]
            ? new LcsMatch(one.ToItems()[0].ToInt64(), other.ToItems()[0].ToInt64(), length.ToInt64())
            : throw new ProtocolException("A reply arrived that is no match."))];
}
