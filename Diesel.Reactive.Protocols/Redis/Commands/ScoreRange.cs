namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A range of scores; made without anything, all of them.</summary>
public readonly record struct ScoreRange
{
    private readonly double? _min;
    private readonly double? _max;

    /// <summary>Makes a range.</summary>
    /// <param name="min">The lowest; may be infinite.</param>
    /// <param name="max">The highest; may be infinite.</param>
    /// <param name="withoutMin">Whether the lowest itself is left out.</param>
    /// <param name="withoutMax">Whether the highest itself is left out.</param>
    /// <exception cref="ArgumentException">An end is no number.</exception>
    public ScoreRange(double min, double max, bool withoutMin = false, bool withoutMax = false)
    {
        if (double.IsNaN(min) || double.IsNaN(max))
        {
            throw new ArgumentException("A range of scores ends with numbers.");
        }

        (_min, _max, WithoutMin, WithoutMax) = (min, max, withoutMin, withoutMax);
    }

    /// <summary>Whether the lowest itself is left out.</summary>
    public bool WithoutMin { get; }

    /// <summary>Whether the highest itself is left out.</summary>
    public bool WithoutMax { get; }

    internal Bytes Min => Word(_min ?? double.NegativeInfinity, WithoutMin);

    internal Bytes Max => Word(_max ?? double.PositiveInfinity, WithoutMax);

    private static Bytes Word(double score, bool isWithout) => (isWithout ? "(" : "") + RespDouble.Text(score);
}
