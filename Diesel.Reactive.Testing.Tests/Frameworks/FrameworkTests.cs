using System.Xml.Linq;

namespace Diesel.Reactive.Tests;

/// <summary>One test, written for each test framework, fails in a real run with its picture and its text.</summary>
public class FrameworkTests
{
    private const string Failing = """
        [assembly: Pictures]
        [Class] public class ThrottleTests
        {
            [Test] public void Throttle_keeps_the_last_key() => MarbleTest.Run(t =>
            {
                var keys = t.Hot("--a-b------c--|").Named("keys");
                t.ExpectObservable(keys.Throttle(t.Time("---|"), t.Scheduler)).ToBe("-----b--------(c|)");
            });

            [Test] public void A_difference_that_was_caught_is_none()
            {
                try
                {
                    Throttle_keeps_the_last_key();
                }
                catch (MarblesDifferException)
                {
                }
            }

            [MarbleFile("throttle.marble")] public void Throttle(MarbleCase marble) =>
                marble.Run(m => m.Strings("keys").Throttle(m.Time("quiet"), m.Scheduler));
        }
        """;

    // A name of its own is kept.
    private const string Shown = "what was caught is shown";

    private const string Cases = """
        = Right
        hot    keys  : -a---|
        time   quiet : --|
        expect late  : ---a-|

        = Wrong
        hot    keys  : -a---|
        time   quiet : --|
        expect late  : --a--|
        """;

    private static readonly string Folder = Directory.CreateTempSubdirectory("frameworks").FullName;
    private static readonly Lazy<Task<string>> Output = new(RunAll);

    private static string Package(string name) => Repository.PathOf(name, "bin", "Release", "net10.0", $"{name}.dll");

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(Folder, recursive: true);

    [TestCase("NUnit")]
    [TestCase("Xunit")]
    [TestCase("MSTest")]
    public async Task A_failure_has_its_picture_and_its_text(string framework)
    {
        var output = await Output.Value;
        var results = Directory.Exists(Path.Combine(Folder, "results")) ? Directory.EnumerateFiles(Path.Combine(Folder, "results"), "*.trx").Select(XDocument.Load).ToList() : [];
        var run = results.SingleOrDefault(run => $"{run}".Contains($"{framework}Case.dll", StringComparison.OrdinalIgnoreCase));
        Assert.That(run, Is.Not.Null, output);
        var tests = run!.Descendants().Where(static e => e.Name.LocalName == "UnitTestResult" && e.Attribute("testName") is not null && e.Elements().All(static inner => inner.Name.LocalName != "InnerResults"))
            .ToDictionary(static e => (string)e.Attribute("testName")!);
        var body = tests.Single(static test => test.Key.Contains("Throttle_keeps", StringComparison.Ordinal)).Value;
        Assert.That($"{body}", Does.Contain("Marbles differ: keys.Throttle(t.Time(").And.Contain("expected 5 ms, was 7 ms"));
        Assert.That(Attached(body), Is.EqualTo(new[] { ".svg", ".txt" }), "the body");
        Assert.That(Attached(tests.Single(test => test.Key.Contains(framework == "MSTest" ? Shown : "caught", StringComparison.Ordinal)).Value), Is.Empty, "what was caught");
        var wrong = tests.Single(static test => test.Key.Contains("Wrong", StringComparison.Ordinal));
        Assert.That(wrong.Key, Is.EqualTo(framework == "Xunit" ? "Wrong(marble: Wrong)" : "Throttle(Wrong)"));
        Assert.That(Attached(wrong.Value), Is.EqualTo(new[] { ".svg", ".txt" }), "the file");
        Assert.That(tests.Single(static test => test.Key.Contains("Right", StringComparison.Ordinal)).Value.Attribute("outcome")!.Value, Is.EqualTo("Passed"));
    }

    private static string[] Attached(XElement test) =>
        [.. test.Descendants().Where(static e => e.Name.LocalName == "ResultFile").Select(static e => Path.GetExtension((string)e.Attribute("path")!)).Order(StringComparer.Ordinal)];

    private static async Task<string> RunAll()
    {
        Write("NUnit", "NUnit.Framework", "NUnit NUnit3TestAdapter",
            Failing.Replace("[assembly: Pictures]", "[assembly: MarblePictures]", StringComparison.Ordinal).Replace("[Class] ", "", StringComparison.Ordinal));
        Write("Xunit", "Xunit", "xunit.v3.mtp-off xunit.runner.visualstudio",
            Failing.Replace("[assembly: Pictures]", "[assembly: MarblePictures]", StringComparison.Ordinal).Replace("[Class] ", "", StringComparison.Ordinal).Replace("[Test]", "[Fact]", StringComparison.Ordinal));
        Write("MSTest", "Microsoft.VisualStudio.TestTools.UnitTesting", "MSTest.TestFramework MSTest.TestAdapter",
            Failing.Replace("[assembly: Pictures]\n", "", StringComparison.Ordinal).Replace("[Class]", "[MarblePictures]", StringComparison.Ordinal)
                .Replace("[Test] public void A", $"[TestMethod(DisplayName = \"{Shown}\")] public void A", StringComparison.Ordinal).Replace("[Test]", "[TestMethod]", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(Folder, "Directory.Build.props"), "<Project />");
        File.Copy(Repository.PathOf("Directory.Packages.props"), Path.Combine(Folder, "Directory.Packages.props"));
        File.WriteAllText(Path.Combine(Folder, "throttle.marble"), Cases);
        File.WriteAllText(Path.Combine(Folder, "all.slnx"), """
            <Solution><Project Path="NUnitCase/NUnitCase.csproj" /><Project Path="XunitCase/XunitCase.csproj" /><Project Path="MSTestCase/MSTestCase.csproj" /></Solution>
            """);
        return (await SampleTool.Run("dotnet", "test", Path.Combine(Folder, "all.slnx"), "--results-directory", Path.Combine(Folder, "results"), "--logger", "trx", "-v", "q", "-tl:off")).Text;
    }

    private static void Write(string framework, string space, string packages, string source)
    {
        var project = Directory.CreateDirectory(Path.Combine(Folder, $"{framework}Case")).FullName;
        var used = string.Concat($"Microsoft.NET.Test.Sdk System.Reactive {packages}".Split(' ').Select(static name => $"""<PackageReference Include="{name}" />"""));
        var references = string.Concat(((string[])["Diesel.Reactive", "Diesel.Reactive.Testing", $"Diesel.Reactive.Testing.{framework}"])
            .Select(static name => $"""<Reference Include="{name}" HintPath="{Package(name)}" />"""));
        File.WriteAllText(Path.Combine(project, $"{framework}Case.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><OutputType>Exe</OutputType></PropertyGroup>
              <ItemGroup>{used}{references}</ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "ThrottleTests.cs"), $"using System.Reactive.Linq;\nusing Diesel.Reactive.Testing;\nusing {space};\n\n{source}\n");
        File.WriteAllText(Path.Combine(project, "throttle.marble"), Cases);
    }
}
