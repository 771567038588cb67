using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diesel.Reactive.Tests;

/// <summary>Compiles what a document shows: programs, members and types, or single expressions.</summary>
/// <remarks>A block sees what earlier blocks of its document declare, and the names every document may use without
/// declaring them: a hub, a connection, a socket …. A block that begins a file (it says <c>using Diesel.Reactive</c> or the like)
/// has to name all the namespaces it needs, as whoever copies it has no others than the SDK's.</remarks>
internal static class Snippets
{
    private static readonly string[] Protocols =
    [
        "Diesel.Reactive.Protocols", "Diesel.Reactive.Protocols.Dns", "Diesel.Reactive.Protocols.Http", "Diesel.Reactive.Protocols.Memcached",
        "Diesel.Reactive.Protocols.MongoDB", "Diesel.Reactive.Protocols.Redis", "Diesel.Reactive.Protocols.Riak",
    ];

    private static readonly string Usings = GlobalUsings.Implicit
        + GlobalUsings.Of("System.Net", "System.Reactive", "System.Reactive.Concurrency", "System.Reactive.Linq", "Microsoft.Reactive.Testing", "NUnit.Framework", "Diesel.Reactive", "Diesel.Reactive.Testing")
        + GlobalUsings.Of(Protocols);

    private static readonly string Known = $$"""
        global using static Document;
        using Diesel.Reactive;
        {{string.Concat(Protocols.Select(static space => $"using {space};\n"))}}
        public partial class Document
        {
            public static readonly Hub hub = null!;
            public static readonly Connection connection = null!;
            public static readonly IDatagramSocket socket = null!;
            public static readonly INetwork network = null!;
            public static readonly IObservable<ReadOnlyMemory<byte>> bytes = null!;
            public static readonly TcpService service = null!;
            public static readonly RedisClient redis = null!;
            public static readonly MemcachedClient cache = null!;
            public static readonly MongoClient mongo = null!;
            public static readonly RiakClient riak = null!;
        }
        """;

    private static readonly SyntaxTree Prelude = Compiled.Parse(Usings);
    private static readonly SyntaxTree KnownNames = Compiled.Parse(Known);

    /// <summary>What is wrong with a document's blocks, one line per error, with file and line.</summary>
    public static IReadOnlyList<string> Errors(string name, string text)
    {
        var earlier = new List<SyntaxTree> { Prelude, KnownNames };
        var files = new List<SyntaxTree> { Compiled.ImplicitUsings, KnownNames };
        var errors = new List<string>();
        foreach (var block in Markdown.CSharpBlocks(text))
        {
            var shapes = Shapes(name, block).Select(shape => (shape.Declares, shape.File, Errors: Compile(shape.File, earlier)))
                .OrderBy(shape => shape.Errors.Count).ThenByDescending(shape => shape.Declares).ToArray();
            errors.AddRange(shapes[0].Errors);
            if (shapes[0].Errors.Count == 0 && block.Code.Contains("using Diesel.Reactive", StringComparison.Ordinal))
            {
                errors.AddRange(Compile(shapes[0].File, files));
                files.AddRange(shapes[0].Declares ? [shapes[0].File] : []);
            }

            if (shapes[0] is { Declares: true, Errors.Count: 0 })
            {
                earlier.Add(shapes[0].File);
            }
        }

        return errors;
    }

    private static IEnumerable<(bool Declares, SyntaxTree File)> Shapes(string name, CodeBlock block)
    {
        var code = $"\n#line {block.Line} \"{name}\"\n{block.Code}\n";
        var program = Compiled.Parse(code);
        yield return (!HasStatements(program), program);
        yield return (true, InDocument(code));
        yield return (false, InDocument($"static async Task Statements() {{{code}}}"));
        yield return (false, InDocument($"static object Expression() => {code};"));
    }

    private static SyntaxTree InDocument(string members) => Compiled.Parse($"public partial class Document {{{members}}}");

    // What a document declares is a program when it is followed by a statement.
    private static List<string> Compile(SyntaxTree file, List<SyntaxTree> earlier)
    {
        var syntax = file.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        var errors = syntax.Length > 0 ? syntax : Compiled.Errors([.. WithProgram(file), .. earlier]);
        return [.. errors.Select(error => $"{error.Location.GetMappedLineSpan() switch { var at => $"{at.Path}:{at.StartLinePosition.Line + 1}" }}: {error.Id}: {error.GetMessage()}")];
    }

    private static IEnumerable<SyntaxTree> WithProgram(SyntaxTree file) =>
        HasStatements(file) ? [file] : [file, Compiled.Parse("return;")];

    private static bool HasStatements(SyntaxTree file) =>
        ((CompilationUnitSyntax)file.GetRoot()).Members.OfType<GlobalStatementSyntax>().Any();
}
