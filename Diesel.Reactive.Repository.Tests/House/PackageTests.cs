using System.IO.Compression;
using System.Xml.Linq;

namespace Diesel.Reactive.Tests;

/// <summary>What is in the packages that <c>./pack</c> makes. They are packed twice, of what was built already.</summary>
[Parallelizable(ParallelScope.All)]
public class PackageTests
{
    private const string Queries = "linqpad-samples/";

    private static readonly Lazy<Task<(string First, string Second)>> Packed = new(Pack);

    [TestCase("Diesel.Reactive", "System.Reactive")]
    [TestCase("Diesel.Reactive.Protocols", "Diesel.Reactive System.Reactive")]
    [TestCase("Diesel.Reactive.Hosting", "Diesel.Reactive Diesel.Reactive.Protocols Microsoft.Extensions.Caching.Abstractions Microsoft.Extensions.Diagnostics.HealthChecks Microsoft.Extensions.Hosting.Abstractions Microsoft.Extensions.Http System.Reactive")]
    [TestCase("Diesel.Reactive.Protocols.MongoDB", "Diesel.Reactive.Protocols MongoDB.Bson System.Reactive")]
    [TestCase("Diesel.Reactive.Protocols.MongoDB.Testing", "Diesel.Reactive.Protocols.MongoDB System.Reactive")]
    [TestCase("Diesel.Reactive.Protocols.Riak", "Diesel.Reactive.Protocols Google.Protobuf System.Reactive")]
    [TestCase("Diesel.Reactive.Protocols.Riak.Testing", "Diesel.Reactive.Protocols.Riak Google.Protobuf System.Reactive")]
    [TestCase("Diesel.Reactive.Dashboard", "Diesel.Reactive Spectre.Console System.Reactive")]
    [TestCase("Diesel.Reactive.AspNetCore", "Diesel.Reactive Diesel.Reactive.Hosting Diesel.Reactive.Protocols System.Reactive")]
    [TestCase("Diesel.Reactive.Testing", "Diesel.Reactive System.Reactive")]
    [TestCase("Diesel.Reactive.Testing.NUnit", "Diesel.Reactive.Testing NUnit")]
    [TestCase("Diesel.Reactive.Testing.Xunit", "Diesel.Reactive.Testing xunit.v3.extensibility.core")]
    [TestCase("Diesel.Reactive.Testing.MSTest", "Diesel.Reactive.Testing MSTest.TestFramework")]
    [TestCase("Diesel.Reactive.Testing.FsCheck", "Diesel.Reactive.Testing FsCheck")]
    [TestCase("Diesel.Reactive.Testing.CsCheck", "CsCheck Diesel.Reactive.Testing")]
    [TestCase("Diesel.Reactive.Inspector", "Diesel.Reactive.Protocols Diesel.Reactive.Testing")]
    public async Task A_library_has_its_code_its_documentation_its_page_its_symbols_and_nothing_else(string id, string dependencies)
    {
        using var package = Open((await Packed.Value).First, id, "nupkg");
        Assert.That(Contents(package), Is.EqualTo(new[] { "README.md", "icon.png", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml" }));

        var says = Specification(package, id);
        Assert.That(Says("id"), Is.EqualTo(id));
        Assert.That(Says("license"), Is.EqualTo("MIT"));
        Assert.That(Says("readme"), Is.EqualTo("README.md"));
        Assert.That(Says("icon"), Is.EqualTo("icon.png"));
        Assert.That(Says("projectUrl"), Does.StartWith("https://"));
        Assert.That(Says("description"), Has.Length.GreaterThan(40));
        Assert.That(Says("tags").Split(' '), Does.Contain("reactive").And.Contain("network"));
        Assert.That(says.Single(element => element.Name.LocalName == "repository").Attribute("commit")?.Value, Does.Match("^[0-9a-f]{40}$"));
        Assert.That(
            says.Where(element => element.Name.LocalName == "dependency").Select(one => one.Attribute("id")!.Value).Order(StringComparer.Ordinal),
            Is.EqualTo(dependencies.Split(' ')));

        using var symbols = Open((await Packed.Value).First, id, "snupkg");
        Assert.That(Contents(symbols), Is.EqualTo(new[] { $"lib/net10.0/{id}.pdb" }), "the sources are in the symbols");

        string Says(string name) => says.Single(element => element.Name.LocalName == name).Value;
    }

    [Test]
    public async Task LINQPad_finds_each_query_in_the_package_that_it_needs()
    {
        foreach (var name in LinqPadTests.Queries)
        {
            using var package = Open((await Packed.Value).First, LinqPadQuery.Read($"{name}.linq").Packages[0], "nupkg");
            Assert.That(package.Entries.Select(entry => Uri.UnescapeDataString(entry.FullName)), Does.Contain($"{Queries}{name}.linq"));
        }
    }

    [Test]
    public async Task The_tool_has_all_it_needs()
    {
        using var package = Open((await Packed.Value).First, "Diesel.Reactive.Marbles", "nupkg");
        Assert.That(Contents(package), Does.Contain("tools/net10.0/any/DotnetToolSettings.xml")
            .And.Contain("tools/net10.0/any/Diesel.Reactive.Marbles.dll")
            .And.Contain("tools/net10.0/any/Diesel.Reactive.Testing.dll")
            .And.Contain("tools/net10.0/any/System.Reactive.dll"));
        Assert.That(Specification(package, "Diesel.Reactive.Marbles").Count(element => element.Name.LocalName == "packageType"), Is.EqualTo(1));
    }

    [TestCase("Diesel.Reactive", "T:Diesel.Reactive.Hub", "T:Diesel.Reactive.UserCode")]
    [TestCase("Diesel.Reactive.Testing", "T:Diesel.Reactive.Testing.MarbleTest", "T:Diesel.Reactive.Testing.DueWork")]
    public async Task Documentation_tells_of_what_is_public_only(string id, string told, string kept)
    {
        using var package = Open((await Packed.Value).First, id, "nupkg");
        var names = XDocument.Load(package.GetEntry($"lib/net10.0/{id}.xml")!.Open()).Descendants("member").Select(member => member.Attribute("name")!.Value).ToHashSet();
        var all = await File.ReadAllTextAsync(Path.Join(SampleBuild.Root, id, "bin", "Release", "net10.0", $"{id}.xml"));
        Assert.That((names.Contains(told), names.Contains(kept), all.Contains(kept, StringComparison.Ordinal)), Is.EqualTo((true, false, true)));
    }

    [Test]
    public async Task A_page_links_nowhere_that_is_not_on_the_web()
    {
        foreach (var path in Directory.EnumerateFiles((await Packed.Value).First, "*.nupkg"))
        {
            using var package = ZipFile.OpenRead(path);
            using var page = new StreamReader(package.GetEntry("README.md")!.Open());
            Assert.That(await page.ReadToEndAsync(), Does.Not.Match(@"\]\((?!https://|#)"), path);
        }
    }

    [Test]
    public async Task The_same_sources_give_the_same_bytes()
    {
        var (first, second) = await Packed.Value;
        foreach (var path in Directory.EnumerateFiles(first, "*.*nupkg"))
        {
            using var one = ZipFile.OpenRead(path);
            using var other = ZipFile.OpenRead(Path.Join(second, Path.GetFileName(path)));
            Assert.That(Hashes(one), Is.EqualTo(Hashes(other)), Path.GetFileName(path));
        }
    }

    private static async Task<(string, string)> Pack()
    {
        var folder = Path.Join(Path.GetTempPath(), $"diesel-packages-{Environment.ProcessId}");
        var both = (Path.Join(folder, "1"), Path.Join(folder, "2"));
        foreach (var to in new[] { both.Item1, both.Item2 })
        {
            var output = await SampleTool.Run(Path.Join(SampleBuild.Root, "pack"), "--no-build", "--to", to);
            Assert.That(output.ExitCode, Is.Zero, output.Text);
        }

        return both;
    }

    private static ZipArchive Open(string folder, string id, string extension) =>
        ZipFile.OpenRead(Directory.EnumerateFiles(folder, $"{id}.*.{extension}").Single(path => char.IsAsciiDigit(Path.GetFileName(path)[id.Length + 1])));

    // What the format itself puts beside: relations, types, and an entry of its own with a random name.
    private static IEnumerable<string> Contents(ZipArchive package) => package.Entries.Select(entry => entry.FullName)
        .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml")
        .Where(name => !name.EndsWith(".nuspec", StringComparison.Ordinal) && !name.StartsWith(Queries, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static List<XElement> Specification(ZipArchive package, string id) => [.. XDocument.Load(package.GetEntry($"{id}.nuspec")!.Open()).Descendants()];

    private static IEnumerable<string> Hashes(ZipArchive package) => package.Entries
        .Where(entry => !entry.FullName.StartsWith("package/", StringComparison.Ordinal) && !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal))
        .Select(entry =>
        {
            using var content = entry.Open();
            return $"{entry.FullName} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content))}";
        })
        .Order(StringComparer.Ordinal);
}
