using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Marbles;

/// <summary>A file as the page shows it.</summary>
internal static class WatchedFile
{
    /// <summary>What is written as JSON: the text, and each case with its picture and what came of it.</summary>
    /// <param name="name">From the folder.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="text">What is to be shown, which need not be what is in the file.</param>
    /// <param name="tests">The tests to run it with; null: none.</param>
    /// <param name="focus">The sign that was moved, as <c>line:index</c>; null: none.</param>
    public static object Of(string name, string path, string text, CaseTests? tests, string? focus = null)
    {
        try
        {
            var file = MarbleFile.Parse(text, path);
            return new { t = "file", name, text, focus, cases = file.Cases.Select(marble => Of(marble, name, tests)).ToArray() };
        }
        catch (MarbleFileException wrong)
        {
            return new { t = "file", name, text, focus, error = wrong.Message };
        }
    }

    private static object Of(MarbleCase marble, string name, CaseTests? tests)
    {
        var picture = MarblePicture.DrawEditable(marble);
        if (tests is null)
        {
            return new { title = marble.Title, picture };
        }

        var (isTested, failure) = tests.Run(marble, name);
        return new
        {
            title = marble.Title, picture, passed = isTested && failure is null,
            result = !isTested ? "No test is written for this file." : failure is null ? "passes" : failure.Message,
            difference = (failure as MarbleCaseFailedException)?.Draw(),
        };
    }
}
