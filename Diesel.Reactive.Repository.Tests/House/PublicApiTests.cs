namespace Diesel.Reactive.Tests;

/// <summary>What users can see changes on purpose only: PublicApi.txt is a part of the review.</summary>
public class PublicApiTests
{
    [TestCaseSource(typeof(Repository), nameof(Repository.Libraries))]
    public void Is_what_PublicApi_txt_says(string library)
    {
        var file = Repository.PathOf(library, "PublicApi.txt");
        var present = PublicApi.Of(Compiled.Assembly(library));
        if (Environment.GetEnvironmentVariable("UPDATE_API") == "1")
        {
            File.WriteAllText(file, present);
        }

        Assert.That(Difference(File.Exists(file) ? File.ReadAllText(file) : "", present), Is.Empty,
            $"{Repository.Name(file)} and the assembly differ (-: file only, +: assembly only). " +
            "If that is meant: UPDATE_API=1 ./test --filter PublicApi");
    }

    [TestCase("a\nb\nc\n", "a\nc\n", "- b")]
    [TestCase("a\nc\n", "a\nb\nc\n", "+ b")]
    [TestCase("a\r\nb\r\n", "a\nb\n", "")]
    [TestCase("T\n    x\nU\n    x\n", "T\n    x\nU\n", "- x (in U)")]
    public void Shows_the_lines_that_differ(string file, string present, string difference) =>
        Assert.That(Difference(file, present), Is.EqualTo(difference));

    private static string Difference(string file, string present)
    {
        var (before, after) = (Lines(file), Lines(present));
        return string.Join('\n', before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line)));
    }

    // A member's line names its type: the same signature may occur in several.
    private static List<string> Lines(string text)
    {
        var type = "";
        return [.. text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            if (line.StartsWith(' '))
            {
                return $"{line.Trim()} (in {type})";
            }

            type = line;
            return line;
        })];
    }
}
