namespace Diesel.Reactive.Testing;

/// <summary>One row of a case of a <c>.marble</c> file.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="Name">Its name; the role's word when it has none of its own.</param>
/// <param name="Marbles">The text behind the colon, without blanks around it; may be empty.</param>
/// <param name="Diagram">What that says; without events for a <see cref="MarbleRowRole.Note"/>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Ghosts">The names of values that are drawn faintly.</param>
public sealed record MarbleFileRow(
    MarbleRowRole Role, string Name, string Marbles, MarbleDiagram Diagram, int Line, IReadOnlyList<string> Ghosts)
{
    /// <summary>Whether it is a source of the test: <c>hot</c>, <c>cold</c> or <c>rx</c>.</summary>
    public bool IsSource => Role is MarbleRowRole.Hot or MarbleRowRole.Cold or MarbleRowRole.Rx;

    /// <summary>Whether a result is compared with it: <c>expect</c>, <c>tx</c> or <c>frames</c>.</summary>
    public bool IsExpected => Role is MarbleRowRole.Expect or MarbleRowRole.Tx or MarbleRowRole.Frames;

    /// <summary>Whether its values are bytes: <c>rx</c>, <c>tx</c> or <c>frames</c>. On other rows the test decides.</summary>
    public bool IsBytes => Role is MarbleRowRole.Rx or MarbleRowRole.Tx or MarbleRowRole.Frames;

    /// <summary>Its name as it is written; empty when it is named by its role.</summary>
    internal string GivenName { get; init; } = "";
}
