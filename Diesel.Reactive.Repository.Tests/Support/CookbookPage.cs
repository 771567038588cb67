using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diesel.Reactive.Tests;

/// <summary>A page of the cookbook: files of a program, what it says, and behind "Test it" the tests of it.</summary>
internal sealed class CookbookPage
{
    private static readonly string[] Libraries =
    [
        "Diesel.Reactive", "Diesel.Reactive.Protocols", "Diesel.Reactive.Hosting",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Diagnostics.HealthChecks",
    ];

    private readonly string _name;
    private readonly string _program;
    private readonly string _tests;

    private CookbookPage(string name, string program, string tests) => (_name, _program, _tests) = (name, program, tests);

    public static IEnumerable<string> Names => Repository.Files("*.md", "docs/cookbook").Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != "README");

    /// <summary>What is said to it and answered, in order; empty where it ends by itself.</summary>
    public IReadOnlyList<string> Conversation => [.. Markdown.Blocks(_program, "session").SelectMany(block => block.Code.Split('\n'))];

    /// <summary>What it prints.</summary>
    public string Output => string.Concat(Markdown.Blocks(_program, "output").Select(block => block.Code + "\n"));

    public static CookbookPage Read(string name) =>
        File.ReadAllText(Repository.PathOf("docs", "cookbook", $"{name}.md")).Split("## Test it\n") is [var program, var tests]
            ? new(name, program, tests)
            : throw new FormatException($"docs/cookbook/{name}.md has not one heading 'Test it'.");

    /// <summary>Runs it on ports that are free, as a process of its own.</summary>
    public (SampleProcess Process, int Port) Start()
    {
        var (port, other) = (Daemon.FreePort().Port, Daemon.FreePort().Port);
        var image = Compiled.Image($"cookbook-{_name}", Libraries, Files(_program, code => code.Replace("4321", $"{port}", StringComparison.Ordinal).Replace("4322", $"{other}", StringComparison.Ordinal)));
        return (SampleProcess.Run(_name, SampleBuild.Write($"cookbook-{_name}", image, "Microsoft.AspNetCore.App")), port);
    }

    /// <summary>The methods that are tests, each on an object of its own.</summary>
    public IEnumerable<Func<Task>> Tests()
    {
        var assembly = Compiled.Program([.. Files(_program).Where(file => !IsProgram(file)), .. Files(_tests), Compiled.Parse(GlobalUsings.Implicit + "return;")]);
        return
            from type in assembly.GetTypes()
            from method in type.GetMethods()
            where method.IsDefined(typeof(TestAttribute))
            select (Func<Task>)(() => method.Invoke(Activator.CreateInstance(type), null) as Task ?? Task.CompletedTask);
    }

    private IEnumerable<SyntaxTree> Files(string text, Func<string, string>? change = null) =>
        Markdown.CSharpBlocks(text).Select(block => Compiled.Parse(block.Code, $"{_name}.md")).Select(file =>
            change is not null && IsProgram(file) ? Compiled.Parse(change(file.ToString()), $"{_name}.md") : file);

    private static bool IsProgram(SyntaxTree file) => ((CompilationUnitSyntax)file.GetRoot()).Members.OfType<GlobalStatementSyntax>().Any();
}
