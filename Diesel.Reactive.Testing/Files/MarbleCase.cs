namespace Diesel.Reactive.Testing;

/// <summary>One case of a <c>.marble</c> file: what comes in, what is done with it, and what is to come out.</summary>
public sealed class MarbleCase
{
    internal MarbleCase(
        string path, string title, int line, string text,
        IReadOnlyList<MarbleFileRow> rows, IReadOnlyList<MarbleOperator> operators,
        IReadOnlyList<MarbleDefinition> definitions, IReadOnlyList<MarbleStyle> styles, IReadOnlyList<MarbleLink> links) =>
        (Path, Title, Line, Text, Rows, Operators, Definitions, Styles, Links) =
        (path, title, line, text, rows, operators, definitions, styles, links);

    /// <summary>The file it stands in.</summary>
    public string Path { get; }

    /// <summary>Unlike those of the file's other cases.</summary>
    public string Title { get; }

    /// <summary>Where its title stands, from 1.</summary>
    public int Line { get; }

    /// <summary>Its lines as they stand in the file, without comments.</summary>
    public string Text { get; }

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<MarbleFileRow> Rows { get; }

    /// <summary>In the file's order; their lines tell between which rows.</summary>
    public IReadOnlyList<MarbleOperator> Operators { get; }

    /// <summary>What its names stand for, where they do not stand for themselves.</summary>
    public IReadOnlyList<MarbleDefinition> Definitions { get; }

    /// <summary>How it is drawn: the file's own settings, then its own; later ones win.</summary>
    public IReadOnlyList<MarbleStyle> Styles { get; }

    /// <summary>The arrows of its picture.</summary>
    public IReadOnlyList<MarbleLink> Links { get; }

    /// <summary>Its title.</summary>
    public override string ToString() => Title;

    /// <summary>Whether a row says what a value of another is: a stream.</summary>
    internal bool IsInner(MarbleFileRow row) => row.Role == MarbleRowRole.Cold && Rows.Any(other => other != row && Tells(other, row) && !Tells(row, other));

    /// <summary>The stream that a value is, as a row writes it; null: it is none.</summary>
    internal MarbleFileRow? Inner(string written) =>
        (Definition(written)?.Text ?? written) is var name && Rows.FirstOrDefault(row => row.Role == MarbleRowRole.Cold && row.Name == name) is { } row && IsInner(row) ? row : null;

    private bool Tells(MarbleFileRow outer, MarbleFileRow inner) =>
        outer.Diagram.Events.Any(told => told.Spelling is { } spelling && Meaning(spelling).Text == inner.Name);

    /// <summary>What a row's value means: its definition's value, or itself.</summary>
    internal MarbleSpelling Meaning(MarbleSpelling written) =>
        (written.Kind == MarbleSpellingKind.Name ? Definition(written.Text) : null) ?? written;

    /// <summary>What a name stands for; null: for itself.</summary>
    internal MarbleSpelling? Definition(string name) => Definitions.FirstOrDefault(definition => definition.Name == name)?.Value;
}
