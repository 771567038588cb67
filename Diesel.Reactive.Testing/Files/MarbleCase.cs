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

    /// <summary>Runs the case as a test whose result is compared with the only <c>expect</c>, <c>frames</c> or <c>tx</c> row.</summary>
    /// <typeparam name="T">The result's values: bytes are compared as bytes, all else by its spelling.</typeparam>
    /// <param name="operation">Gets the rows by name, and gives what the operator under test makes of the sources.</param>
    /// <param name="spell">What the file calls a value; null: a text as it is, a number as in code, a date or time of day as ISO 8601
    /// has it, all else by its own <c>ToString</c>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
    /// <exception cref="MarbleCaseFailedException">What came is not what the file expects.</exception>
    /// <exception cref="InvalidOperationException">The test leaves out a row of the case, or asks for one that is not there.</exception>
    /// <remarks>With the environment variable <c>MARBLES_UPDATE=1</c> the file's rows are rewritten to what came.</remarks>
    public void Run<T>(Func<MarbleCaseRun, IObservable<T>> operation, Func<T, string>? spell = null, MarbleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(operation);
        Run(run => run.ExpectRest(operation(run), spell), options);
    }

    /// <summary>Runs the case as a test that says itself what is compared with which row.</summary>
    /// <param name="body">Gets the rows by name, and says <see cref="MarbleCaseRun.Expect{T}"/>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="MarbleCaseFailedException">What came is not what the file expects.</exception>
    /// <exception cref="InvalidOperationException">The test leaves out a row of the case, or asks for one that is not there.</exception>
    /// <remarks>With the environment variable <c>MARBLES_UPDATE=1</c> the file's rows are rewritten to what came.</remarks>
    public void Run(Action<MarbleCaseRun> body, MarbleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            MarbleCaseRun.Execute(this, body, options);
        }
        catch (MarbleCaseFailedException failed) when (MarbleFileUpdate.IsWanted)
        {
            // What is left then differs by more than what came: in its subscriptions, or its error.
            MarbleCaseRun.Execute(MarbleFileUpdate.Write(failed), body, options);
        }
    }

    /// <summary>Its title.</summary>
    public override string ToString() => Title;

    /// <summary>What a row's value means: its definition's value, or itself.</summary>
    internal MarbleSpelling Meaning(MarbleSpelling written) =>
        (written.Kind == MarbleSpellingKind.Name ? Definition(written.Text) : null) ?? written;

    /// <summary>What a name stands for; null: for itself.</summary>
    internal MarbleSpelling? Definition(string name) => Definitions.FirstOrDefault(definition => definition.Name == name)?.Value;
}
