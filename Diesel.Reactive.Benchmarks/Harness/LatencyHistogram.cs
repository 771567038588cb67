using System.Numerics;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>Counts durations in logarithmic buckets, 32 to each power of two: a percentile is exact to 3 %.</summary>
internal sealed class LatencyHistogram
{
    const int MantissaBits = 5;
    const int BucketsPerOctave = 1 << MantissaBits;

    readonly long[] _counts = new long[(64 - MantissaBits + 1) * BucketsPerOctave];

    public long Count { get; private set; }

    /// <summary>All that were ever added, also before it was cleared.</summary>
    public long Total { get; private set; }

    public void Add(long ticks)
    {
        _counts[BucketOf((ulong)ticks)]++;
        Count++;
        Total++;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    /// <summary>The lower bound of the bucket that the given fraction of all values does not exceed.</summary>
    public long Percentile(double fraction)
    {
        var rank = (long)Math.Ceiling(Count * fraction);
        var bucket = 0;
        for (var seen = _counts[0]; seen < rank;)
        {
            seen += _counts[++bucket];
        }

        return LowerBoundOf(bucket);
    }

    static int BucketOf(ulong value)
    {
        if (value < BucketsPerOctave)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2(value) - MantissaBits;
        return (shift << MantissaBits) + (int)(value >> shift);
    }

    static long LowerBoundOf(int bucket)
    {
        if (bucket < 2 * BucketsPerOctave)
        {
            return bucket;
        }

        var shift = (bucket >> MantissaBits) - 1;
        return (long)(BucketsPerOctave + (bucket & (BucketsPerOctave - 1))) << shift;
    }
}
