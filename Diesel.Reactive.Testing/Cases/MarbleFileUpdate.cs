namespace Diesel.Reactive.Testing;

/// <summary>Rewrites the rows of a file to what came.</summary>
internal static class MarbleFileUpdate
{
    // The cases of one file may be run at the same time.
    private static readonly Lock Files = new();

    /// <summary>Writes the file of a failed case.</summary>
    /// <returns>The case as it is by now.</returns>
    public static MarbleCase Write(MarbleCaseFailedException failed)
    {
        lock (Files)
        {
            var path = failed.Case.Path;
            var lines = File.ReadAllText(path).Split('\n');
            foreach (var row in Find(MarbleFile.Load(path), failed.Case.Title).Rows)
            {
                if (row.IsExpected && failed.Actual.TryGetValue(row.Name, out var came))
                {
                    var line = lines[row.Line - 1];
                    lines[row.Line - 1] = line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)] + " " + MarbleTable.Draw(new MarbleRow("", came));
                }
            }

            var text = MarbleFile.Parse(string.Join('\n', lines), path).Format();
            File.WriteAllText(path, text);
            return Find(MarbleFile.Parse(text, path), failed.Case.Title);
        }
    }

    private static MarbleCase Find(MarbleFile file, string title) => file.Cases.FirstOrDefault(@case => @case.Title == title)
        ?? throw new InvalidOperationException($"{file.Path} has no case '{title}' any more: run the tests again.");
}
