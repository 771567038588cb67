using System.Globalization;

namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>One line of the table: a peer under one load, the medians of all rounds.</summary>
internal sealed class EchoRow(string peer, Load load, IReadOnlyList<IReadOnlyDictionary<string, LoadResult?>> rounds)
{
    readonly List<LoadResult> _results = [.. rounds.Select(round => round[peer]).OfType<LoadResult>()];

    public static string Header =>
        "| peer | connections | depth | lines/s | p50 µs | p99 µs | × kestrel | × epoll | lines/CPU s "
        + "| server | generator | others |\n"
        + "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

    /// <summary>The generator had no time to spare: a faster one might have got more from the server.</summary>
    public bool GeneratorIsFull => Median(r => r.GeneratorCpu) >= 0.97;

    /// <summary>The server had time to spare, or was not given all of its core.</summary>
    public bool ServerIsNotFull => Median(r => r.ServerCpu) is null or < 0.9;

    public string Name => $"{peer} ({load.Connections} connections, depth {load.Depth})";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {peer} | {load.Connections} | {load.Depth} | {Cell(r => r.Rate, "N0")} | {Cell(r => r.P50, "N0")} "
        + $"| {Cell(r => r.P99, "N0")} | {RatioTo("kestrel")} | {RatioTo("epoll")} | {PerCpu()} "
        + $"| {Cell(r => r.ServerCpu, "P0")} | {Cell(r => r.GeneratorCpu, "P0")} | {Cell(r => r.StrangerCpu, "P0")} |");

    string RatioTo(string yardstick)
    {
        var ratios = RatiosTo(yardstick, result => result.Rate);
        return Middle(ratios) is { } middle
            ? string.Create(CultureInfo.InvariantCulture, $"{middle:0.00} ({ratios.Min():0.00}–{ratios.Max():0.00})")
            : "–";
    }

    string PerCpu() => Middle(RatiosTo("kestrel", result => result.PerServerCpu)) is { } ratio
        ? string.Create(CultureInfo.InvariantCulture, $"{Cell(r => r.PerServerCpu, "N0")} ({ratio:0.00})")
        : Cell(r => r.PerServerCpu, "N0");

    // Of values from the same round, so that a slow minute of the machine cancels out.
    List<double> RatiosTo(string yardstick, Func<LoadResult, double?> value) =>
    [
        .. from round in rounds
           let own = round[peer]
           let other = round.GetValueOrDefault(yardstick)
           where own is not null && other is not null
           select value(own) / value(other) into ratio
           where ratio is not null
           select ratio.Value,
    ];

    string Cell(Func<LoadResult, double?> value, string format) =>
        Median(value)?.ToString(format, CultureInfo.InvariantCulture) ?? "–";

    double? Median(Func<LoadResult, double?> value) => Middle([.. _results.Select(value).OfType<double>()]);

    static double? Middle(List<double> values)
    {
        values.Sort();
        return values.Count == 0 ? null : (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
