using System.Globalization;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What <c>BitField</c> does with a number of some bits within a value.</summary>
public readonly record struct BitField
{
    private readonly Bytes[]? _words;

    private BitField(bool isRead, params Bytes[] words) => (_words, IsRead) = (words, isRead);

    internal bool IsRead { get; }

    /// <summary>Reads a number.</summary>
    /// <param name="type"><c>u8</c>: without a sign, of 8 bits; <c>i5</c>: with one, of 5.</param>
    /// <param name="offset">Its first bit; as text with <c>#</c> counted in numbers of this type.</param>
    /// <returns>What is to be done.</returns>
    public static BitField Get(string type, Bytes offset) => new(true, "GET", type, offset);

    /// <summary>Stores a number; the result is the one before.</summary>
    /// <param name="type"><c>u8</c>: without a sign, of 8 bits; <c>i5</c>: with one, of 5.</param>
    /// <param name="offset">Its first bit; as text with <c>#</c> counted in numbers of this type.</param>
    /// <param name="value">To store.</param>
    /// <param name="overflow">What becomes of one that does not fit.</param>
    /// <returns>What is to be done.</returns>
    public static BitField Set(string type, Bytes offset, long value, BitOverflow overflow = BitOverflow.Wrap) =>
        new(false, "OVERFLOW", Word(overflow), "SET", type, offset, value);

    /// <summary>Counts a number up; the result is the number now.</summary>
    /// <param name="type"><c>u8</c>: without a sign, of 8 bits; <c>i5</c>: with one, of 5.</param>
    /// <param name="offset">Its first bit; as text with <c>#</c> counted in numbers of this type.</param>
    /// <param name="by">How much.</param>
    /// <param name="overflow">What becomes of one that does not fit.</param>
    /// <returns>What is to be done.</returns>
    public static BitField IncrBy(string type, Bytes offset, long by, BitOverflow overflow = BitOverflow.Wrap) =>
        new(false, "OVERFLOW", Word(overflow), "INCRBY", type, offset, by);

    internal static Bytes[] Words(ReadOnlySpan<BitField> all)
    {
        var words = new List<Bytes>();
        foreach (var one in all)
        {
            words.AddRange(one._words ?? throw new ArgumentException($"Of each {nameof(BitField)} it is said what is to be done."));
        }

        return [.. words];
    }

    private static Bytes Word(BitOverflow overflow) => overflow.ToString().ToUpper(CultureInfo.InvariantCulture);
}
