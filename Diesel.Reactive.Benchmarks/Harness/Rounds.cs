using System.Globalization;

namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>The results of rounds in which every peer had its turn; null where one failed.</summary>
internal sealed class Rounds<T>(IReadOnlyList<IReadOnlyDictionary<string, T?>> rounds)
    where T : class
{
    /// <summary>A B C, A B C: whatever else the machine does meets all peers alike.</summary>
    public static Rounds<T> Run(int count, IReadOnlyList<string> peers, Func<int, string, T?> measure) => new(
    [
        .. Enumerable.Range(1, count).Select(round => peers.ToDictionary(peer => peer, peer => Turn(() => measure(round, peer)))),
    ]);

    // redis-benchmark, for one, ends now and then because it has counted its clients wrong. Whatever fails twice fails.
    static T? Turn(Func<T?> measure)
    {
        try
        {
            return measure();
        }
        catch (NoResultException error)
        {
            Console.Error.WriteLine($"once more, as {error.Message}");
            return measure();
        }
    }

    public double? Median(string peer, Func<T, double?> value) => Medians.Of(
        from round in rounds
        let result = round.GetValueOrDefault(peer)
        where result is not null
        select value(result));

    public double? Most(string peer, Func<T, double?> value) =>
        rounds.Select(round => round.GetValueOrDefault(peer)).OfType<T>().Max(value);

    /// <summary>Of ratios taken within one result.</summary>
    public Ratio? Ratio(string peer, Func<T, double?> ratio) => Harness.Ratio.Of(
    [
        .. from round in rounds
           let result = round.GetValueOrDefault(peer)
           where result is not null
           select ratio(result) into known
           where known is not null
           select known.Value,
    ]);

    /// <summary>Of values from the same round, so that a slow minute of the machine cancels out.</summary>
    public Ratio? RatioOf(string peer, string yardstick, Func<T, double?> value)
    {
        double[] ratios =
        [
            .. from round in rounds
               let own = round.GetValueOrDefault(peer)
               let other = round.GetValueOrDefault(yardstick)
               where own is not null && other is not null
               select value(own) / value(other) into ratio
               where ratio is { } known && double.IsFinite(known)
               select ratio.Value,
        ];
        return Harness.Ratio.Of(ratios);
    }
}

internal static class Medians
{
    public static double? Of(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToArray();
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>The median of the rounds' ratios, the worst and the best.</summary>
internal sealed record Ratio(double Middle, double Least, double Most)
{
    public static Ratio? Of(IReadOnlyCollection<double> ratios) => ratios.Count == 0
        ? null
        : new Ratio(Medians.Of(ratios.Select(ratio => (double?)ratio))!.Value, ratios.Min(), ratios.Max());

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Middle:0.00} ({Least:0.00}–{Most:0.00})");
}
