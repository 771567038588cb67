namespace Diesel.Reactive.Tests;

/// <summary>What the documents say can be tried as it stands there.</summary>
public class DocumentTests
{
    private static readonly string[] Documents = [.. Repository.Files("*.md").Select(Repository.Name)];

    private static readonly string[] DocumentsWithCode =
        [.. Documents.Where(name => Markdown.CSharpBlocks(Read(name)).Any())];

    private static readonly string[] Samples = [.. Directory.GetFiles(Repository.PathOf("samples"), "*.cs").Order(StringComparer.Ordinal).Select(Repository.Name)];

    [TestCaseSource(nameof(DocumentsWithCode))]
    public void Code_compiles(string document) =>
        Assert.That(Snippets.Errors(document, Read(document)), Is.Empty);

    [TestCaseSource(nameof(Documents))]
    public void Links_lead_somewhere(string document) =>
        Assert.That(Markdown.Links(Read(document)).Where(link => !LeadsSomewhere(document, link)), Is.Empty);

    [TestCaseSource(nameof(Samples))]
    public void Every_sample_is_described(string sample) =>
        Assert.That(Read("docs/samples.md"), Does.Contain($"`{Path.GetFileName(sample)}`"), "Add it to the table of docs/samples.md.");

    // That its links lead somewhere is tested above, with all others.
    [TestCase("a framing")]
    [TestCase("a layer that agrees with its peer's")]
    [TestCase("a stream of the system's signals")]
    [TestCase("a metric of pools")]
    [TestCase("a loop for another system")]
    public void Contributing_tells_where_to_add_it(string thing)
    {
        var answer = Read("CONTRIBUTING.md").Split('\n').SingleOrDefault(line => line.StartsWith($"| {thing} |", StringComparison.Ordinal), "");
        Assert.That(Markdown.Links(answer).ToArray(), Has.Length.GreaterThan(1).And.All.StartsWith("Diesel.Reactive/"));
    }

    [TestCase("```csharp\nvar answer = await connection.Read(Framing.UntilEol());\n```")]
    [TestCase("```csharp\npublic static int Answer => 42;\n```\n```csharp\nConsole.WriteLine(Answer);\n```")]
    [TestCase("```csharp\nstatic int Answer() => 42;\n```\n```csharp\n[Test]\npublic void Is_true() => Assert.That(Answer(), Is.EqualTo(42));\n```")]
    [TestCase("```csharp\nclass Echo(int port);\n```\n```csharp\nnew Echo(7)\n```")]
    [TestCase("```csharp\nstatic int Answer => 42;\n```\n```csharp\nvar task = Task.FromResult(Answer);\nawait task;\n```")]
    [TestCase("```csharp\nusing System.Text;\nConsole.WriteLine(Encoding.UTF8);\n```")]
    public void Natural_shapes_compile(string document) => Assert.That(Snippets.Errors("x.md", document), Is.Empty);

    [TestCase("Text.\n\n```csharp\nvar x = 1;\nvar y = z;\n```", "x.md:5: CS0103")]
    [TestCase("```csharp\nvar x = ;\n```", "x.md:2: CS1525")]
    [TestCase("```csharp\nint Wrong() => \"\";\n```", "x.md:2: CS0029")]
    [TestCase("```csharp\nusing Diesel.Reactive;\nhub.Schedule(() => { });\n```", "x.md:3: CS")]
    public void An_error_tells_file_and_line(string document, string error) =>
        Assert.That(Snippets.Errors("x.md", document).Single(), Does.StartWith(error));

    [TestCase("[a](missing.md)", false)]
    [TestCase("[a](README.md) ![b](docs/samples.md#no-such-heading)", false)]
    [TestCase("[a](README.md)", true)]
    [TestCase("`[a](missing.md)` [b](https://example.org/x)", true)]
    public void Broken_links_are_found(string document, bool good) =>
        Assert.That(Markdown.Links(document).All(link => LeadsSomewhere("README.md", link)), Is.EqualTo(good));

    private static bool LeadsSomewhere(string document, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
        {
            return true;
        }

        var (path, anchor) = link.Split('#', 2) is [var before, var behind] ? (before, behind) : (link, null);
        var target = path.Length == 0 ? Repository.PathOf(document) : Path.Combine(Path.GetDirectoryName(Repository.PathOf(document))!, path);
        return (File.Exists(target) || (anchor is null && Directory.Exists(target)))
            && (anchor is null || !target.EndsWith(".md", StringComparison.Ordinal) || Markdown.Anchors(File.ReadAllText(target)).Contains(anchor));
    }

    private static string Read(string name) => File.ReadAllText(Repository.PathOf(name));
}
