namespace Diesel.Reactive.Testing;

/// <summary>One row of a picture.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="Label">To its left; may be empty.</param>
/// <param name="Text">Of an operator, a remark or a length of time.</param>
internal sealed record PictureRow(PictureRowKind Kind, string Label, string Text = "")
{
    /// <summary>In order of time.</summary>
    public IReadOnlyList<PictureMark> Marks { get; init; } = [];

    /// <summary>How long it is drawn at least.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>When a span that is left open ends by itself; null: with the picture.</summary>
    public TimeSpan? End { get; init; }

    /// <summary>Whether it stands above the operator: a source.</summary>
    public bool IsSource { get; init; }

    /// <summary>The instant at which it begins: that at which it was told, if it is the value of another row.</summary>
    public TimeSpan Begin { get; init; }

    /// <summary>How many rows above it stands the row whose value it is; 0: it is nobody's.</summary>
    public int Above { get; init; }

    /// <summary>Marks of one instant stand below each other: so many places it needs.</summary>
    public int Places => Math.Max(1, Stacks.Select(stack => stack.Count()).DefaultIfEmpty().Max());

    /// <summary>The marks that need a place of their own, by their instant: all but completions, and failures that stand beside a value.</summary>
    public IEnumerable<IGrouping<TimeSpan, PictureMark>> Stacks =>
        Marks.Where(mark => mark.Kind != MarbleKind.Completed && Shift(mark) == 0).GroupBy(mark => mark.Time);

    /// <summary>Pixels by which an end stands to the right of its instant, so that it can be seen beside the values and the ends that are there.</summary>
    public double Shift(PictureMark mark)
    {
        if (mark.Kind is not (MarbleKind.Completed or MarbleKind.Failed))
        {
            return 0;
        }

        var there = Marks.Where(other => other.Time == mark.Time).TakeWhile(other => !ReferenceEquals(other, mark)).ToArray();
        var taken = there.Sum(other => other.Kind == MarbleKind.Value ? 0 : 2 * other.Left + 6)
            + there.Where(static other => other.Kind == MarbleKind.Value).Select(static other => other.Right).DefaultIfEmpty().Max();
        return taken == 0 ? 0 : taken + mark.Left + 5;
    }
}

/// <summary>What a row of a picture shows.</summary>
internal enum PictureRowKind
{
    /// <summary>Values over time.</summary>
    Stream,

    /// <summary>From when to when somebody listens, or takes bytes.</summary>
    Span,

    /// <summary>A box over the whole width.</summary>
    Operator,

    /// <summary>A line of text.</summary>
    Remark,
}
