using System.Text.RegularExpressions;
using Diesel.Reactive.Marbles;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>Every file in <c>marbles</c> is a test, a picture and a part of the documents.</summary>
public partial class MarbleHouseTests
{
    private const string Document = "docs/operators.md";

    private static readonly string[] Files = Named("marbles", "*.marble");

    private static readonly string[] Pictures = Named("docs/marbles", "*.svg");

    private readonly string _document = File.ReadAllText(Repository.PathOf(Document));

    [Test]
    public void Is_formatted_and_drawn()
    {
        var output = new StringWriter();
        Assert.That(new MarblesTool(output, output).Run("check", "--cases", Repository.PathOf("marbles"), Repository.PathOf("docs", "marbles")), Is.Zero,
            () => $"{output}\nRun: dotnet run --project Diesel.Reactive.Marbles -- fmt marbles, then: render --cases marbles docs/marbles");
    }

    [TestCaseSource(nameof(Files))]
    public void Is_run_by_a_test(string file) => Assert.That(Tested(), Does.Contain(file), $"Name it: [MarbleFile(\"{file}\")].");

    [TestCaseSource(nameof(Pictures))]
    public void Is_shown_in_the_document(string picture) =>
        Assert.That(Shown(_document), Does.Contain(picture), $"Show it: ![what is seen](marbles/{picture}) in {Document}.");

    [TestCase("![A thing](marbles/a.svg)", "a.svg")]
    [TestCase("![](marbles/a.svg) [a](marbles/b.svg) ![c](benchmarks/c.svg)", "")]
    public void A_picture_is_shown_with_what_is_seen(string document, string pictures) =>
        Assert.That(string.Join(' ', Shown(document)), Is.EqualTo(pictures));

    private static string[] Named(string folder, string pattern) =>
        [.. Repository.Files(pattern, folder).Select(path => Path.GetRelativePath(Repository.PathOf(folder), path).Replace('\\', '/'))];

    private static IEnumerable<string> Shown(string document) => Picture().Matches(document).Select(picture => picture.Groups[1].Value);

    private static IEnumerable<string> Tested() => typeof(MarbleHouseTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        .SelectMany(method => method.GetCustomAttributesData())
        .Where(data => data.AttributeType == typeof(MarbleFileAttribute))
        .Select(data => (string)data.ConstructorArguments[0].Value!);

    [GeneratedRegex(@"!\[[^\]]+\]\(marbles/([^)\s]+)\)")]
    private static partial Regex Picture();
}
