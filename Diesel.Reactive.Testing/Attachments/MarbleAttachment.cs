namespace Diesel.Reactive.Testing;

/// <summary>What helps to see why a test failed, to be attached to its result: a picture, or the whole text.</summary>
/// <param name="Extension">Of a file that holds it: <c>.svg</c> or <c>.txt</c>.</param>
/// <param name="MediaType">The same, as a media type.</param>
/// <param name="Description">What it is, in a few words.</param>
/// <param name="Content">The text of the file.</param>
public sealed record MarbleAttachment(string Extension, string MediaType, string Description, string Content)
{
    /// <summary>What can be attached for a failure; for adapters to test frameworks.</summary>
    /// <param name="failure">What the test threw: <see cref="MarblesDifferException"/>, <see cref="MarbleCaseFailedException"/> or
    /// <see cref="SimulationFailedException"/>, also inside of others.</param>
    /// <returns>Nothing for what is none of these.</returns>
    public static IReadOnlyList<MarbleAttachment> Of(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure switch
        {
            MarbleCaseFailedException difference => [Picture(difference.Draw()), Text(difference.FullText)],
            MarblesDifferException difference => [.. Pictures(difference), Text(difference.FullText)],
            SimulationFailedException simulation => Of(simulation),
            AggregateException several => [.. several.InnerExceptions.SelectMany(Of)],
            { InnerException: { } inner } => Of(inner),
            _ => [],
        };
    }

    /// <summary>Writes it beside others.</summary>
    /// <param name="folder">Is made when it is not there.</param>
    /// <param name="test">The test's name, and what tells it from others of that name.</param>
    /// <returns>The path of the file.</returns>
    public string Save(string folder, string test)
    {
        ArgumentNullException.ThrowIfNull(test);
        var name = string.Concat(test.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, name[..Math.Min(name.Length, 100)] + Extension);
        File.WriteAllText(path, Content);
        return path;
    }

    // Not where nothing can be drawn, as of a test that expects nothing.
    private static IEnumerable<MarbleAttachment> Pictures(MarblesDifferException difference) =>
        difference.Reports.Where(static report => report.HasRows).ToList() is { Count: > 0 } drawn ? [Picture(MarblePicture.DrawDifferences(drawn))] : [];

    private static IReadOnlyList<MarbleAttachment> Of(SimulationFailedException simulation) =>
    [
        .. simulation.Rows.Count > 0 ? [Picture(MarblePicture.Draw(simulation.Message.Split('\n')[0].TrimEnd(), simulation.Rows))] : Array.Empty<MarbleAttachment>(),
        Text($"{simulation.Message}{Environment.NewLine}{Environment.NewLine}{MarbleTable.Draw(simulation.Rows)}"),
    ];

    private static MarbleAttachment Picture(string svg) => new(".svg", "image/svg+xml", "What was expected and what came, as a picture", svg);

    private static MarbleAttachment Text(string text) => new(".txt", "text/plain", "What was expected and what came", text);
}
