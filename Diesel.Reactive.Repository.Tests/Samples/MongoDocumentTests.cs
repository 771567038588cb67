using System.Net;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diesel.Reactive.Tests;

/// <summary>What docs/protocols/mongodb.md shows is run, one after another, as a program of its own, on a replica set in memory.</summary>
public class MongoDocumentTests
{
    private const string Before = """
        var bytes = new[] { new ReadOnlyMemory<byte>(new byte[300_000]), new ReadOnlyMemory<byte>(new byte[5]) }.ToAsyncEnumerable();

        """;

    [Test]
    public async Task Each_block_of_the_page_runs()
    {
        using var live = new Live();
        var port = Set(live);
        var files = Markdown.CSharpBlocks(await File.ReadAllTextAsync(Repository.PathOf("docs", "protocols", "mongodb.md"))).Select(block => Parts(block.Code)).ToList();
        Assert.That(files, Has.Count.GreaterThanOrEqualTo(9));
        var program = string.Join('\n', [
            .. files.SelectMany(static file => file.Usings).Append("using System.Reactive.Linq;\n").Append("using Diesel.Reactive;\n").Distinct(), Before, files[0].Statements,
            .. files.Skip(1).Select(static (file, number) => file.Statements.Length == 0 ? "" : $"{{\n{file.Statements}\nConsole.WriteLine(\"block {number}\");\n}}"),
            "Console.WriteLine(\"end\");", .. files.Select(static file => file.Types),
        ]).Replace("mongodb://localhost", $"mongodb://127.0.0.1:{port}/?replicaSet=rs", StringComparison.Ordinal);
        var image = Compiled.Image("mongo-page", ["Diesel.Reactive.Protocols.MongoDB.Testing", "System.Interactive.Async"], [Compiled.Parse(program, "mongodb.md")]);
        await using var process = SampleProcess.Run("mongo-page", SampleBuild.Write("mongo-page", image));
        var said = await process.ReadToEnd();
        Assert.That(await process.End(), Is.EqualTo((0, "")), said);
        Assert.That(said.TrimEnd().Split('\n')[^1], Is.EqualTo("end"), said);
        TestContext.Out.WriteLine(said);
    }

    private static (string[] Usings, string Statements, string Types) Parts(string block)
    {
        var file = (CompilationUnitSyntax)Compiled.Parse(block).GetRoot();
        return (
            [.. file.Usings.Select(static each => each.ToFullString())],
            string.Concat(file.Members.OfType<GlobalStatementSyntax>().Select(static each => each.ToFullString())),
            string.Concat(file.Members.Where(static each => each is not GlobalStatementSyntax).Select(static each => each.ToFullString())));
    }

    private static int Set(Live live)
    {
        var ports = Enumerable.Range(0, 3).Select(static _ => Daemon.FreePort().Port).ToArray();
        var set = new MongoReplicaSet([.. ports.Select(static port => new IPEndPoint(IPAddress.Loopback, port))], hub: live.Hub);
        live.Do(() => set.Start(live.Hub));
        return ports[0];
    }
}
