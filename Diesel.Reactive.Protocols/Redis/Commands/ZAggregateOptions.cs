using System.Globalization;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Which scores members get when sorted sets are put together.</summary>
public readonly record struct ZAggregateOptions
{
    /// <summary>What the scores of each sorted set are multiplied with, in the order of the keys; null: 1.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>What is made of several scores.</summary>
    public ScoreAggregate Aggregate { get; init; }

    /// <summary>Several scores as said.</summary>
    /// <param name="aggregate">How.</param>
    public static implicit operator ZAggregateOptions(ScoreAggregate aggregate) => new() { Aggregate = aggregate };

    /// <exception cref="ArgumentException">There is not one weight for each key.</exception>
    internal Bytes[] Words(int keys)
    {
        if (Weights is not null && Weights.Count != keys)
        {
            throw new ArgumentException($"There are {Weights.Count} weights for {keys} keys.");
        }

        return [.. Weights is null ? [] : (Bytes[])["WEIGHTS", .. Weights.Select(static weight => (Bytes)weight)], "AGGREGATE", Aggregate.ToString().ToUpper(CultureInfo.InvariantCulture)];
    }
}
