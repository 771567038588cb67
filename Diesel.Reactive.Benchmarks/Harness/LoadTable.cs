namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>A peer under one load, in all rounds; and what the first columns say of the load.</summary>
internal sealed record LoadRow(string Peer, string Label, IReadOnlyList<string> Cells, Rounds<LoadResult> Rounds)
{
    /// <summary>The generator had no time to spare: a faster one might have got more from the server.</summary>
    public bool GeneratorIsFull => Rounds.Median(Peer, r => r.GeneratorCpu) >= 0.97;

    /// <summary>The server had time to spare, or was not given all of its core.</summary>
    public bool ServerIsNotFull => Rounds.Median(Peer, r => r.ServerCpu) < 0.9;

    public string Name => $"{Peer} ({Label})";
}

/// <summary>The table of a comparison under load, with what is needed to doubt it.</summary>
/// <param name="unit">What is counted, in the plural.</param>
/// <param name="scale">How many of the generator's things make one of the table's: 2^20 bytes are a MiB.</param>
/// <param name="columns">The headers of what tells the rows' loads apart.</param>
/// <param name="yardsticks">Peers that the others are compared with.</param>
internal sealed class LoadTable(string unit, double scale, string[] columns, params string[] yardsticks)
{
    public string ToMarkdown(IReadOnlyList<LoadRow> rows)
    {
        string[] header =
        [
            "peer", .. columns, $"{unit}/s", "p50 µs", "p99 µs", .. yardsticks.Select(name => $"× {name}"),
            $"{unit}/CPU s", .. yardsticks.Select(name => $"× {name} by CPU"), "server", "generator", "others",
        ];
        return string.Join('\n',
        [
            Line(header),
            $"|---|{string.Concat(header.Skip(1).Select(_ => "--:|"))}",
            .. rows.Select(row => Line(Cells(row))),
            "",
            $"Medians of the rounds; in brackets the ratio of the worst and of the best round. {unit}/CPU s are {unit} for "
            + "each second of CPU time the server used: where others disturbed, the better measure. The last three columns "
            + "are CPU use during the measurement: of the server, of the load generator, and of anything else on their two "
            + "cores (the worse one).",
            "",
            Saturation(rows),
        ]);
    }

    string[] Cells(LoadRow row)
    {
        string Median(Func<LoadResult, double?> value, double scale = 1) =>
            Number.Text(row.Rounds.Median(row.Peer, value) / scale);
        string Share(Func<LoadResult, double?> value) => Number.Percent(row.Rounds.Median(row.Peer, value));

        return
        [
            row.Peer, .. row.Cells, Median(r => r.Rate, scale), Median(r => r.P50), Median(r => r.P99),
            .. yardsticks.Select(name => row.Rounds.RatioOf(row.Peer, name, r => r.Rate)?.ToString() ?? "–"),
            Median(r => r.PerServerCpu, scale),
            .. yardsticks.Select(name => Number.Text(row.Rounds.RatioOf(row.Peer, name, r => r.PerServerCpu)?.Middle)),
            Share(r => r.ServerCpu), Share(r => r.GeneratorCpu), Share(r => r.StrangerCpu),
        ];
    }

    static string Saturation(IReadOnlyList<LoadRow> rows) =>
        "The generator is not the bottleneck where its own CPU use is below 97 % while the server's is above 90 %. "
        + Where("Where the generator was full, the rate is a lower bound", rows.Count, rows.Where(row => row.GeneratorIsFull)) + " "
        + Where("Where the server was not full, it waited for the generator, or others disturbed it", rows.Count, rows.Where(row => row.ServerIsNotFull));

    static string Where(string judgement, int all, IEnumerable<LoadRow> rows) =>
        $"{judgement}: {(rows.Count() == all ? "every row" : string.Join("; ", rows.Select(row => row.Name).DefaultIfEmpty("no row")))}.";

    static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
