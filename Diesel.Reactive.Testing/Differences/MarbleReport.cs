namespace Diesel.Reactive.Testing;

/// <summary>How what happened differs from what was expected.</summary>
public sealed class MarbleReport
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly Lazy<string> _fullText;

    internal MarbleReport(ReportText text, IReadOnlyList<MarbleRow> context, IReadOnlyList<RowPair> pairs)
    {
        (Text, Context) = (text.Write(isWhole: false), context);
        Expected = [.. pairs.Select(pair => pair.Expected).OfType<MarbleRow>()];
        Actual = [.. pairs.Select(pair => pair.Actual).OfType<MarbleRow>()];
        _fullText = new(() => text.Write(isWhole: true));
    }

    /// <summary>Of a failure that is no difference between rows.</summary>
    internal MarbleReport(string text) => (Text, Context, Expected, Actual, _fullText) = (text, [], [], [], new(text));

    /// <summary>What the names in the rows stand for, where that is not themselves.</summary>
    internal IReadOnlyDictionary<string, string> Meanings { get; init; } = Nothing;

    /// <summary>Whether it has rows that can be drawn.</summary>
    internal bool HasRows => Expected.Count + Actual.Count > 0;

    /// <summary>To be read by a person: the rows, around the first difference if they are long; the differences one by one,
    /// a dozen at most; and what the names stand for.</summary>
    public string Text { get; }

    /// <summary>The same with nothing left out; written when it is asked for.</summary>
    public string FullText => _fullText.Value;

    /// <summary>The sources, each as it was written.</summary>
    public IReadOnlyList<MarbleRow> Context { get; }

    /// <summary>What should have happened, in full; for subscriptions, one row for each.</summary>
    public IReadOnlyList<MarbleRow> Expected { get; }

    /// <summary>What happened, in full; for subscriptions, one row for each.</summary>
    public IReadOnlyList<MarbleRow> Actual { get; }
}
