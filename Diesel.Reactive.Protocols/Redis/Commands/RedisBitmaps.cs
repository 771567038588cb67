namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Bits of values, and numbers of some bits within them.</summary>
public static class RedisBitmaps
{
    /// <summary>Counts the bits that are set.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> BitCount(this IRedisCommands redis, Bytes key) => redis.Reads("BITCOUNT", Reply.Number, key);

    /// <summary>Counts the bits that are set within a part of a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="start">The first, from 0; negative: counted from the end.</param>
    /// <param name="stop">The last; negative: counted from the end.</param>
    /// <param name="bits">Whether the part is said in bits, and not in bytes.</param>
    /// <returns>How many.</returns>
    public static Awaitable<long> BitCount(this IRedisCommands redis, Bytes key, long start, long stop, bool bits = false) =>
        redis.Reads("BITCOUNT", Reply.Number, key, start, stop, Unit(bits));

    /// <summary>Reads and changes numbers within a value, one after the other.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="fields">What is done; at least one.</param>
    /// <returns>The number of each; null: it did not fit, and nothing was changed.</returns>
    public static Awaitable<IReadOnlyList<long?>> BitField(this IRedisCommands redis, Bytes key, params ReadOnlySpan<BitField> fields) =>
        redis.Writes("BITFIELD", Reply.NumbersOrNull, [key, .. Redis.BitField.Words(fields)]);

    /// <summary>Reads numbers within a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="fields">What is read; at least one. The server refuses what would change something.</param>
    /// <returns>The numbers.</returns>
    public static Awaitable<IReadOnlyList<long>> BitFieldRo(this IRedisCommands redis, Bytes key, params ReadOnlySpan<BitField> fields) =>
        redis.Reads("BITFIELD_RO", Reply.Numbers, [key, .. Redis.BitField.Words(fields)]);

    /// <summary>Stores what is made of the bits of values.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="operation">How.</param>
    /// <param name="destination">To where.</param>
    /// <param name="keys">At least one.</param>
    /// <returns>Bytes of what is stored.</returns>
    public static Awaitable<long> BitOp(this IRedisCommands redis, BitOperation operation, Bytes destination, params ReadOnlySpan<Bytes> keys) =>
        redis.Writes("BITOP", Reply.Number, [operation.ToString().ToUpperInvariant(), destination, .. keys]);

    /// <summary>Finds the first bit that is set, or the first that is not.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="bit">Which.</param>
    /// <returns>Where, in bits; behind a value none are set. -1: there is none.</returns>
    public static Awaitable<long> BitPos(this IRedisCommands redis, Bytes key, bool bit) => redis.Reads("BITPOS", Reply.Number, key, bit ? 1 : 0);

    /// <summary>Finds the first bit that is set, or the first that is not, within a part of a value.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="bit">Which.</param>
    /// <param name="start">The first, from 0; negative: counted from the end.</param>
    /// <param name="stop">The last; negative: counted from the end.</param>
    /// <param name="bits">Whether the part is said in bits, and not in bytes.</param>
    /// <returns>Where, in bits, counted from the beginning of the value. -1: there is none.</returns>
    public static Awaitable<long> BitPos(this IRedisCommands redis, Bytes key, bool bit, long start, long stop = -1, bool bits = false) =>
        redis.Reads("BITPOS", Reply.Number, key, bit ? 1 : 0, start, stop, Unit(bits));

    /// <summary>Reads a bit.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="offset">Where, from 0.</param>
    /// <returns>Whether it is set.</returns>
    public static Awaitable<bool> GetBit(this IRedisCommands redis, Bytes key, long offset) => redis.Reads("GETBIT", Reply.Truth, key, offset);

    /// <summary>Changes a bit; what is missing before it becomes zeros.</summary>
    /// <param name="redis">Where to.</param>
    /// <param name="key">Of what.</param>
    /// <param name="offset">Where, from 0.</param>
    /// <param name="bit">Whether it is set.</param>
    /// <returns>Whether it was set before.</returns>
    public static Awaitable<bool> SetBit(this IRedisCommands redis, Bytes key, long offset, bool bit) =>
        redis.Writes("SETBIT", Reply.Truth, key, offset, bit ? 1 : 0);

    private static Bytes Unit(bool bits) => bits ? "BIT" : "BYTE";
}
