using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>The few house rules a machine can check; the others are read.</summary>
public class StyleTests
{
    private const int MostLines = 300;

    private static readonly string[] BannedSuffixes = ["Helper", "Helpers", "Utils", "Util", "Manager", "Common", "Base", "Infrastructure"];
    private static readonly string[] BannedFiles = ["Constants", "Enums"];

    private static readonly string[] Sources = [.. Repository.Libraries.SelectMany(library => Repository.Files("*.cs", library))];

    [Test]
    public void There_are_libraries_to_look_at() => Assert.That(Sources, Has.Length.GreaterThan(100));

    [Test]
    public void Files_are_short() => Assert.That(Long, Is.Empty, "Look for the concept that is missing.");

    [Test]
    public void Files_have_names_that_say_something() =>
        Assert.That(Sources.Where(file => IsBanned(Path.GetFileNameWithoutExtension(file))).Select(Repository.Name), Is.Empty);

    [Test]
    public void Types_have_names_that_say_something() =>
        Assert.That(
            Sources.SelectMany(file => Regex.Matches(File.ReadAllText(file), @"\b(?:class|record|struct|interface|enum) +(\w+)")
                .Where(type => IsBanned(type.Groups[1].Value)).Select(type => $"{Repository.Name(file)}: {type.Groups[1]}")),
            Is.Empty);

    [Test]
    public void Nothing_is_folded_away() =>
        Assert.That(Sources.Where(file => File.ReadAllText(file).Contains("#region", StringComparison.Ordinal)).Select(Repository.Name), Is.Empty);

    // "Source: diesel's queue" would read like a source of data to whoever sees it beside a method.
    [Test]
    public void Whose_idea_something_was_is_called_an_idea() =>
        Assert.That(Sources.Where(file => Regex.IsMatch(File.ReadAllText(file), "Source: (diesel|Twisted|bluelet)")).Select(Repository.Name), Is.Empty);

    private static IEnumerable<string> Long => Sources.Where(file => File.ReadLines(file).Count() > MostLines).Select(Repository.Name);

    private static bool IsBanned(string name) =>
        BannedFiles.Contains(name) || BannedSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));
}
