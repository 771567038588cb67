namespace Diesel.Reactive.Testing;

/// <summary>What came is not what a case of a <c>.marble</c> file expects.</summary>
public sealed class MarbleCaseFailedException : Exception
{
    internal MarbleCaseFailedException(MarbleCase marble, IReadOnlyDictionary<string, MarbleDiagram> actual, MarblesDifferException difference)
        : base($"{marble.Path}:{marble.Line}: {marble.Title}{Environment.NewLine}{difference.Message}") =>
        (Case, Actual, FullText) = (marble, actual, difference.FullText);

    /// <summary>The case.</summary>
    public MarbleCase Case { get; }

    /// <summary>What came, by the name of the row it was compared with.</summary>
    public IReadOnlyDictionary<string, MarbleDiagram> Actual { get; }

    /// <summary>The message with nothing left out.</summary>
    public string FullText { get; }

    /// <summary>Draws what was expected and what came.</summary>
    /// <returns>An SVG document.</returns>
    public string Draw() => MarblePicture.DrawDifference(Case, Actual);
}
