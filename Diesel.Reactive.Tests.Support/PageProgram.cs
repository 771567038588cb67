using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>A block of code of a page, made a program: it sees names that the page need not declare (a client, a hub), and what it prints is kept.</summary>
internal sealed partial class PageProgram
{
    private static readonly string Usings = GlobalUsings.Implicit
        + GlobalUsings.Of("System.Net", "System.Reactive.Linq", "Diesel.Reactive", "Diesel.Reactive.Protocols", "static Shown");

    // In place of the real one.
    private const string Console = """
        static class Console
        {
            public static System.Collections.Concurrent.ConcurrentQueue<string> Printed { get; } = new();
            public static void WriteLine(object? what) => Printed.Enqueue($"{what}");
        }
        """;

    private readonly Func<Task> _run;
    private readonly IReadOnlyCollection<string> _printed;

    /// <summary>Compiles it.</summary>
    /// <param name="code">Statements; or members, or types, with <paramref name="then"/> to use them.</param>
    /// <param name="then">Statements behind it, which see what it declares.</param>
    /// <param name="spaces">Of the protocols' namespaces those that it uses without saying so.</param>
    /// <param name="known">Types in place of real ones.</param>
    /// <param name="names">What it knows by name.</param>
    /// <exception cref="InvalidOperationException">It does not compile: with the compiler's errors.</exception>
    public PageProgram(string code, string then, string[] spaces, string known, params (string Name, Type Type, object? Value)[] names)
    {
        var usings = string.Concat([.. spaces.Select(static space => $"using Diesel.Reactive.Protocols.{space};\n"), .. Imports().Matches(code).Select(static line => line.Value)]);
        var fields = string.Concat(names.Select(static name => $"public static {name.Type.FullName} {name.Name} = null!;\n"));
        code = Imports().Replace(code, "");
        (string Types, string Members, string Statements)[] shapes = [("", "", code), ("", code, ""), (code, "", "")];
        var files = Array.ConvertAll(shapes, shape => Compiled.Parse($$"""
            {{Usings}}
            {{usings}}
            return;
            {{Console}}
            {{known}}
            {{shape.Types}}
            public static partial class Shown
            {
                {{fields}}
                {{shape.Members}}
                public static async Task Run()
                {
                    {{shape.Statements}}
                    {{then}}
                    await Task.CompletedTask;
                }
            }
            """));
        var program = Compiled.Program(Array.Find(files, static file => Compiled.Errors(file).Count == 0) ?? files[0]);
        var page = program.GetType("Shown")!;
        foreach (var (name, _, value) in names)
        {
            page.GetField(name)!.SetValue(null, value);
        }

        _run = page.GetMethod("Run")!.CreateDelegate<Func<Task>>();
        _printed = (IReadOnlyCollection<string>)program.GetType("Console")!.GetProperty("Printed")!.GetValue(null)!;
    }

    /// <summary>What it has printed until now, line by line.</summary>
    public IReadOnlyList<string> Printed => [.. _printed];

    public Task Run() => _run();

    [GeneratedRegex(@"^using [\w.]+;\s*$\n?", RegexOptions.Multiline)]
    private static partial Regex Imports();
}
