using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Diesel.Reactive.Tests;

/// <summary>What the compiler sees of everything the tests run with.</summary>
internal static class Compiled
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.Preview);

    private static readonly CSharpCompilation Everything = CSharpCompilation.Create(
        "Snippet",
        references: ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
        options: new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));

    public static IAssemblySymbol Assembly(string name) =>
        Everything.References.Select(Everything.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>().SingleOrDefault(a => a.Name == name)
        ?? throw new FileNotFoundException($"{name} is not among the assemblies of the tests: reference it from Diesel.Reactive.Tests.csproj.");

    public static SyntaxTree Parse(string source, string path = "") => CSharpSyntaxTree.ParseText(source, Language, path);

    /// <summary>The errors of a program made of these files.</summary>
    public static IReadOnlyList<Diagnostic> Errors(params SyntaxTree[] files) =>
        [.. Everything.AddSyntaxTrees(files).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)];
}
