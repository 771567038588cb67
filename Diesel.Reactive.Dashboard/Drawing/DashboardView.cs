using Spectre.Console;
using Spectre.Console.Rendering;

namespace Diesel.Reactive.Dashboard.Drawing;

/// <summary>What is known now, as a picture of some size or as a line.</summary>
/// <param name="Numbers">Of the hub; null: it has not been seen yet.</param>
internal sealed record DashboardView(DashboardNumbers? Numbers)
{
    private const int NumberWidth = 11;

    /// <summary>Since when the hub has taken no turn; null: it takes them.</summary>
    public TimeSpan? HeldUp { get; init; }

    /// <summary>How many errors nobody received.</summary>
    public long Errors { get; init; }

    /// <summary>The last of them; null: there was none.</summary>
    public string? LastError { get; init; }

    /// <summary>Long operations.</summary>
    public IReadOnlyList<DashboardProgress> Progress { get; init; } = [];

    private string State => HeldUp is { } since ? $"no turn for {DashboardText.Time(since)}" : "";

    /// <summary>All of it in a line.</summary>
    public string ToLine() => Numbers is not { } numbers ? $"waiting for the hub{(HeldUp is null ? "" : $": {State}")}" : string.Join(", ", new[]
    {
        $"{numbers.Now.Time:HH:mm:ss} {DashboardText.Fit(numbers.Now.Name, 40)}: {numbers.Now.ConnectionCount} connections",
        numbers.In + numbers.Out >= 0.5 ? $"{DashboardText.Short(numbers.In)}B/s in, {DashboardText.Short(numbers.Out)}B/s out" : "",
        $"{DashboardText.Short(numbers.Turns)} turns/s",
        $"{numbers.Now.LoopCount} loops",
        numbers.Now.Pools.Sum(static pool => pool.Counts.Waiting) is > 0 and var waiting ? $"{waiting} wait for pools" : "",
        Errors > 0 ? $"{Errors} errors ({DashboardText.Fit(LastError ?? "", 80)})" : "",
        string.Join(", ", Progress.Select(Text)),
        State,
    }.Where(static part => part.Length > 0));

    /// <summary>All of it as a picture that is no larger than that.</summary>
    /// <param name="width">In characters.</param>
    /// <param name="height">In lines.</param>
    public IRenderable ToPicture(int width, int height)
    {
        var lines = new List<IRenderable>(Head(width));
        var sections = Numbers is null ? [] : Sections(Numbers, width).Where(static section => section.Count > 0).ToArray();
        var rows = Shares([.. sections.Select(static section => section.Rows.Count)], height - lines.Count - Progress.Count - sections.Length - 1);
        lines.AddRange(Progress.Select(each => Bar(each, width)));
        for (var i = 0; i < sections.Length; i++)
        {
            lines.Add(sections[i].ToTable(rows[i], width));
        }

        return new Rows(lines);
    }

    /// <summary>Deals lines out, one each in turn, to those that still want some.</summary>
    internal static int[] Shares(int[] wanted, int lines)
    {
        var given = new int[wanted.Length];
        for (var dealt = true; dealt && lines > 0;)
        {
            dealt = false;
            for (var i = 0; i < wanted.Length && lines > 0; i++)
            {
                if (given[i] < wanted[i])
                {
                    (given[i], lines, dealt) = (given[i] + 1, lines - 1, true);
                }
            }
        }

        return given;
    }

    private IEnumerable<IRenderable> Head(int width)
    {
        if (Numbers is not { } numbers)
        {
            yield return Line(ToLine(), width, Color.Yellow);
            yield break;
        }

        var now = numbers.Now;
        yield return Line($"{now.Name}, {DashboardText.Time(now.Age)}: {DashboardText.Short(numbers.Turns)} turns/s{(now.LongestTurn is { } longest ? $", the longest {DashboardText.Time(longest)}" : "")}, {now.TimerCount} timers, "
            + $"{DashboardText.Short(numbers.In)}B/s in, {DashboardText.Short(numbers.Out)}B/s out", width, null);
        if (HeldUp is not null)
        {
            yield return Line(State, width, Color.Red);
        }

        if (Errors > 0)
        {
            yield return Line($"{Errors} errors, the last: {LastError}", width, Color.Red);
        }
    }

    private static DashboardSection[] Sections(DashboardNumbers numbers, int width) =>
    [
        new("services", numbers.Now.ServiceCount, ["open", "refused"],
            [.. numbers.Now.Services.Select(static each => new DashboardRow(each.Name, [DashboardText.Count(each.Counts.Open), DashboardText.Count(Enum.GetValues<ServiceLimit>().Sum(each.Counts.Ended))]))]),
        new("connections", numbers.Now.ConnectionCount, width >= 60 ? ["in", "out", "unread", "unsent"] : ["in", "out"],
        [
            .. numbers.Connections.Select(each => new DashboardRow(
                $"{each.Now.LocalEndPoint} to {each.Now.RemoteEndPoint}, waits for {each.Now.WaitsFor}",
                [DashboardText.Rate(each.In), DashboardText.Rate(each.Out), DashboardText.Count(each.Now.UnreadBytes), DashboardText.Count(each.Now.PendingBytes)])),
        ]),
        new("pools", numbers.Now.PoolCount, ["lent", "idle", "waiting"],
            [.. numbers.Now.Pools.Select(static each => new DashboardRow(each.Name, [$"{each.Counts.Lent} of {each.Counts.Max}", DashboardText.Count(each.Counts.Idle), DashboardText.Count(each.Counts.Waiting)]))]),
        new("pipelines", numbers.Now.PipelineCount, ["in flight", "queued"],
            [.. numbers.Now.Pipelines.Select(static each => new DashboardRow($"to {each.RemoteEndPoint}{(each.WaitsFor is null ? "" : $", waits for {each.WaitsFor}")}", [DashboardText.Count(each.Counts.InFlight), DashboardText.Count(each.Counts.Queued)]))]),
        new("loops", numbers.Now.LoopCount, ["for"],
            [.. numbers.Now.Loops.Roots.Select(static each => new DashboardRow($"{each.Name}{(each.WaitsFor.Count == 0 ? "" : $", waits for {string.Join(", ", each.WaitsFor)}")}", [DashboardText.Time(each.Since)]))]),
    ];

    private static Text Line(string text, int width, Color? colour) => new(DashboardText.Fit(text, width), colour is { } one ? new Style(one) : Style.Plain);

    private static string Text(DashboardProgress each) =>
        $"{DashboardText.Fit(each.Name, 30)} {DashboardText.Short(each.Done)}{(each.Total is > 0 and var total ? $" of {DashboardText.Short(total)} ({Math.Clamp(each.Done / total, 0, 1):0 %})" : "")}";

    private static Text Bar(DashboardProgress each, int width)
    {
        if (each.Total is not > 0)
        {
            return Line(Text(each), width, null);
        }

        var room = Math.Max(0, width - 52);
        var full = (int)Math.Round(room * Math.Clamp(each.Done / each.Total.Value, 0, 1));
        return Line($"{Text(each),-50} {new string('━', full)}{new string('─', room - full)}", width, each.Done >= each.Total ? Color.Green : null);
    }

    /// <summary>Some things of a kind.</summary>
    private sealed record DashboardSection(string Title, int Count, string[] Columns, IReadOnlyList<DashboardRow> Rows)
    {
        public Table ToTable(int rows, int width)
        {
            // The last line says how many there is no room for.
            var shown = rows < Count && rows > 0 ? rows - 1 : Math.Min(rows, Rows.Count);
            var name = Math.Max(8, width - (Columns.Length * NumberWidth));
            var table = new Table { Border = TableBorder.None, ShowRowSeparators = false };
            table.AddColumn(new TableColumn(new Text($"{Title} ({Count})", new Style(decoration: Decoration.Bold))) { Width = name, NoWrap = true, Padding = new(0, 0, 0, 0) });
            foreach (var column in Columns)
            {
                table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Dim))) { Width = NumberWidth, NoWrap = true, Alignment = Justify.Right, Padding = new(0, 0, 0, 0) });
            }

            foreach (var row in Rows.Take(shown))
            {
                table.AddRow([new Text(DashboardText.Fit(row.Name, name - 1)), .. row.Cells.Take(Columns.Length).Select(static cell => new Text(DashboardText.Fit(cell, NumberWidth - 1)))]);
            }

            if (rows > 0 && shown < Count)
            {
                table.AddRow([new Text($"and {Count - shown} more", new Style(decoration: Decoration.Dim)), .. Columns.Select(static _ => new Text(""))]);
            }

            return table;
        }
    }

    private sealed record DashboardRow(string Name, string[] Cells);
}
