using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diesel.Reactive.Tests;

/// <summary>The folders of a library and what they use of each other, as the compiler binds it.</summary>
/// <remarks>What comments mention does not count.</remarks>
internal sealed class Rooms
{
    private readonly string _library;

    /// <summary>Looks at a library.</summary>
    /// <param name="library">Its name.</param>
    /// <param name="files">With paths as messages show them: <c>Library/Room/File.cs</c>.</param>
    public Rooms(string library, IReadOnlyList<SyntaxTree> files)
    {
        _library = library;
        var compilation = Compiled.Library(library, files);
        Names = [.. files.Select(file => RoomOf(file.FilePath)).Distinct()];
        Uses = [.. files.SelectMany(file => UsesIn(compilation.GetSemanticModel(file))).Distinct()];
    }

    /// <summary>The folders that hold files.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Every use of one room in another.</summary>
    public IReadOnlyList<RoomUse> Uses { get; }

    /// <summary>A library of the repository.</summary>
    public static Rooms Of(string library) =>
        new(library, [.. Repository.Files("*.cs", library).Select(path => Compiled.Parse(File.ReadAllText(path), Repository.Name(path)))]);

    private IEnumerable<RoomUse> UsesIn(SemanticModel model)
    {
        var path = model.SyntaxTree.FilePath;
        return from node in model.SyntaxTree.GetRoot().DescendantNodes()
               where node is ExpressionSyntax or ConstructorInitializerSyntax or AttributeSyntax
               let symbol = Declared(model.GetSymbolInfo(node).Symbol)
               where symbol is not (null or INamespaceSymbol)
               let declared = symbol.Locations.FirstOrDefault(location => location.IsInSource)
               where declared is not null && RoomOf(declared.SourceTree!.FilePath) != RoomOf(path)
               let line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1
               select new RoomUse(RoomOf(path), RoomOf(declared.SourceTree!.FilePath), $"{path}:{line}", symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
    }

    // What all rooms of a library share lies at its root.
    private string RoomOf(string path) =>
        Path.GetDirectoryName(Path.GetRelativePath(_library, path))!.Replace('\\', '/') is { Length: > 0 } room ? room : ".";

    private static ISymbol? Declared(ISymbol? used) => ((used as IMethodSymbol)?.ReducedFrom ?? used)?.OriginalDefinition;
}
