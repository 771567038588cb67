namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A range of members that all have the same score, byte by byte; made without anything, all of them.</summary>
public readonly record struct LexRange
{
    /// <summary>Makes a range.</summary>
    /// <param name="min">The first; null: from the beginning.</param>
    /// <param name="max">The last; null: to the end.</param>
    /// <param name="withoutMin">Whether the first itself is left out.</param>
    /// <param name="withoutMax">Whether the last itself is left out.</param>
    public LexRange(Bytes? min, Bytes? max, bool withoutMin = false, bool withoutMax = false) =>
        (From, To, WithoutMin, WithoutMax) = (min, max, withoutMin, withoutMax);

    /// <summary>The first; null: from the beginning.</summary>
    public Bytes? From { get; }

    /// <summary>The last; null: to the end.</summary>
    public Bytes? To { get; }

    /// <summary>Whether the first itself is left out.</summary>
    public bool WithoutMin { get; }

    /// <summary>Whether the last itself is left out.</summary>
    public bool WithoutMax { get; }

    internal Bytes Min => From is { } min ? Word(min, WithoutMin) : "-";

    internal Bytes Max => To is { } max ? Word(max, WithoutMax) : "+";

    private static Bytes Word(Bytes member, bool isWithout) => (byte[])[isWithout ? (byte)'(' : (byte)'[', .. member.Span];
}
