using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Diesel.Reactive.Tests;

/// <summary>What the compiler sees of everything the tests run with.</summary>
internal static class Compiled
{
    // A single-file program says by lines that begin with #: what it refers to.
    private static readonly CSharpParseOptions Language = new CSharpParseOptions(LanguageVersion.Preview).WithFeatures([new("FileBasedProgram", "true")]);

    /// <summary>The library that brings the framework of the web along.</summary>
    public const string Web = "Diesel.Reactive.AspNetCore";

    // DnsClient comes with a peer of the tests, and its namespace would hide a class of ours.
    private static readonly string[] Assemblies =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(static path => Path.GetFileName(path) != "DnsClient.dll")];

    private static readonly CSharpCompilation Everything = CSharpCompilation.Create(
        "Snippet",
        references: References(Assemblies),
        options: new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));

    // That a newer framework stands in for the one a library was made with: every project is silent of it.
    private static readonly IReadOnlyDictionary<string, ReportDiagnostic> Unified =
        new Dictionary<string, ReportDiagnostic> { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress };

    /// <summary>What a project with implicit usings sees in each of its files.</summary>
    public static readonly SyntaxTree ImplicitUsings = Parse("""
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """);

    public static IAssemblySymbol Assembly(string name) =>
        Everything.References.Select(Everything.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>().SingleOrDefault(a => a.Name == name)
        ?? throw new FileNotFoundException($"{name} is not among the assemblies of the tests: reference it from Diesel.Reactive.Tests.Support.csproj.");

    public static SyntaxTree Parse(string source, string path = "") => CSharpSyntaxTree.ParseText(source, Language, path);

    /// <summary>The errors of a program made of these files.</summary>
    public static IReadOnlyList<Diagnostic> Errors(params SyntaxTree[] files) =>
        [.. Everything.AddSyntaxTrees(files).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)];

    /// <summary>A program made of these files, loaded; throws with the compiler's errors.</summary>
    public static System.Reflection.Assembly Program(params SyntaxTree[] files)
    {
        using var image = new MemoryStream();
        var result = Everything.WithAssemblyName($"Program{Guid.NewGuid():N}").AddSyntaxTrees(files).Emit(image);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        }

        return System.Reflection.Assembly.Load(image.ToArray());
    }

    /// <summary>A program made of these files, optimized, as a file; throws with the compiler's errors and warnings.</summary>
    /// <param name="name">Of the assembly.</param>
    /// <param name="assemblies">What it refers to by name. It sees them, what they bring along, and the framework.</param>
    /// <param name="files">Beside those usings that are implicit.</param>
    public static byte[] Image(string name, IEnumerable<string> assemblies, IEnumerable<SyntaxTree> files)
    {
        using var image = new MemoryStream();
        var result = Everything
            .WithAssemblyName(name)
            .WithReferences(References(SeenBy(assemblies)))
            .WithOptions(Everything.Options.WithOptimizationLevel(OptimizationLevel.Release).WithAllowUnsafe(false).WithSpecificDiagnosticOptions(Unified))
            .AddSyntaxTrees([ImplicitUsings, .. files])
            .Emit(image);
        string[] complaints = [.. result.Diagnostics.Where(static d => d.Severity >= DiagnosticSeverity.Warning).Select(static d => d.ToString())];
        return complaints is [] ? image.ToArray() : throw new InvalidOperationException(string.Join('\n', complaints));
    }

    /// <summary>One of the libraries, made of these files: for questions about its symbols.</summary>
    /// <remarks>Without the analysis of nulls, which takes most of the time.</remarks>
    public static CSharpCompilation Library(string name, IEnumerable<SyntaxTree> files) =>
        Everything.WithAssemblyName(name)
            .WithReferences(References(Assemblies.Where(path => Path.GetFileNameWithoutExtension(path) != name)))
            .WithOptions(Everything.Options.WithOutputKind(OutputKind.DynamicallyLinkedLibrary).WithNullableContextOptions(NullableContextOptions.Annotations))
            .AddSyntaxTrees([ImplicitUsings, .. files]);

    /// <summary>What the compiler warns of, and its errors, in the program of a new console project that refers to these assemblies.</summary>
    public static IReadOnlyList<Diagnostic> Warnings(string program, params IEnumerable<string> assemblies) =>
    [
        .. Everything
            .WithReferences(References(Assemblies.Where(path => IsOfTheFramework(path) || assemblies.Contains(Path.GetFileNameWithoutExtension(path)))))
            .WithOptions(Everything.Options.WithAllowUnsafe(false))
            .AddSyntaxTrees(ImplicitUsings, Parse(program))
            .GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning),
    ];

    // The framework, these assemblies, and what they refer to in turn.
    private static HashSet<string> SeenBy(IEnumerable<string> assemblies)
    {
        var left = new Queue<string>(assemblies);
        var seen = Assemblies.Where(path => IsOfTheFramework(path) || (left.Contains(Web) && IsOfTheWeb(path))).ToHashSet();
        while (left.TryDequeue(out var name))
        {
            if (Assemblies.FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == name) is { } path && seen.Add(path))
            {
                System.Reflection.Assembly.LoadFrom(path).GetReferencedAssemblies().ToList().ForEach(one => left.Enqueue(one.Name!));
            }
        }

        return seen;
    }

    private static bool IsOfTheFramework(string path) => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location);

    private static bool IsOfTheWeb(string path) => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Builder.WebApplication).Assembly.Location);

    private static IEnumerable<MetadataReference> References(IEnumerable<string> paths) =>
        paths.Select(static path => MetadataReference.CreateFromFile(path, new(aliases: IsOfAnotherFramework(path) ? ["another"] : [])));

    // The adapters to test frameworks have the same attributes: a program means those of NUnit.
    private static bool IsOfAnotherFramework(string path) => Path.GetFileNameWithoutExtension(path) is "Diesel.Reactive.Testing.Xunit" or "Diesel.Reactive.Testing.MSTest";
}
