using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>Each command of the documents names what is there: a sample, a script, a project, a package, a template.</summary>
public partial class CommandTests
{
    private static readonly string[] OthersPackages = ["Microsoft.Extensions.Hosting", "System.Reactive", "NUnit"];

    private static readonly string[] OthersTemplates = ["console", "nugetconfig", "nunit", "web", "worker"];

    private static readonly TestCaseData[] Commands =
    [
        .. from path in Repository.Files("*.md")
           where !path.Contains("CHANGELOG", StringComparison.Ordinal)
           from command in CommandsOf(File.ReadAllText(path)).Distinct()
           select new TestCaseData(command).SetArgDisplayNames(Repository.Name(path), command),
    ];

    [TestCaseSource(nameof(Commands))]
    public void Names_what_is_there(string command) => Assert.That(IsThere(command), command);

    [TestCase("./no-such-script")]
    [TestCase("dotnet run samples/no-such-sample.cs")]
    [TestCase("dotnet add package Diesel.Reactiv")]
    [TestCase("dotnet new diesel-sevice")]
    [TestCase("dotnet pusblish")]
    public void What_is_not_there_is_found(string command) => Assert.That(IsThere(command), Is.False);

    // A line of a block of code that begins as a command does; what is behind a blank and a # is a remark.
    private static IEnumerable<string> CommandsOf(string text) => Line().Matches(text).Select(line => Remark().Replace(line.Groups[1].Value, "").Trim());

    private static bool IsThere(string command) => command.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["dotnet", "run", "-c", "Release", "--project", var project, ..] => Directory.Exists(Repository.PathOf(project)),
        ["dotnet", "run", "--project", var project, ..] => Directory.Exists(Repository.PathOf(project)),
        ["dotnet", "run", var file, ..] => file.EndsWith("NAME.cs", StringComparison.Ordinal) || File.Exists(Repository.PathOf(file)),
        ["dotnet", "add", "package", var package, ..] => IsPackage(package),
        ["dotnet", "add", "reference", ..] => true,
        ["dotnet", "nuget", "add", "source", ..] => true,
        ["dotnet", "tool", "install", .., var tool] => IsPackage(tool),
        ["dotnet", "new", "install", var package] => IsPackage(package),
        ["dotnet", "new", var template, ..] => OthersTemplates.Contains(template) || Templates().Contains(template),
        ["dotnet", "test" or "build", ..] => true,
        [['.', '/', .. var script], ..] => File.Exists(Repository.PathOf(script)),
        _ => false,
    };

    private static bool IsPackage(string name) => OthersPackages.Contains(name)
        || Repository.Files("*.csproj").Any(project => Path.GetFileNameWithoutExtension(project) == name && File.ReadAllText(project).Contains("<PackageId>", StringComparison.Ordinal));

    private static IEnumerable<string> Templates() => Directory
        .EnumerateFiles(Repository.PathOf("Diesel.Reactive.Templates", "content"), "template.json", SearchOption.AllDirectories)
        .Select(path => ShortName().Match(File.ReadAllText(path)).Groups[1].Value);

    [GeneratedRegex(@"^(?: {4,})?((?:dotnet |\./)\S.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"\s#.*")]
    private static partial Regex Remark();

    [GeneratedRegex(@"""shortName"": ""([^""]+)""")]
    private static partial Regex ShortName();
}
