using System.Net;
using Diesel.Reactive.Protocols.MongoDB.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diesel.Reactive.Tests;

/// <summary>What docs/protocols/mongodb.md shows is run, one after another, as one program, on a replica set in memory.</summary>
public class MongoDocumentTests
{
    private const string Before = """
        var bytes = new[] { new ReadOnlyMemory<byte>(new byte[300_000]), new ReadOnlyMemory<byte>(new byte[5]) }.ToAsyncEnumerable();

        """;

    [Test]
    public void Each_block_of_the_page_runs()
    {
        using var live = new Live();
        var port = Set(live);
        var files = Markdown.CSharpBlocks(File.ReadAllText(Repository.PathOf("docs", "protocols", "mongodb.md"))).Select(block => Parts(block.Code)).ToList();
        Assert.That(files, Has.Count.GreaterThanOrEqualTo(9));
        var statements = string.Concat([
            .. files.SelectMany(static file => file.Usings).Distinct(), Before, files[0].Statements,
            .. files.Skip(1).Select(static (file, number) => file.Statements.Length == 0 ? "" : $"{{\n{file.Statements}\nConsole.WriteLine(\"block {number}\");\n}}\n"),
        ]).Replace("mongodb://localhost", $"mongodb://127.0.0.1:{port}/?replicaSet=rs", StringComparison.Ordinal);
        var program = new PageProgram(statements, "Console.WriteLine(\"end\");", [], string.Concat(files.Select(static file => file.Types)));
        live.Run(program.Run);
        TestContext.Out.WriteLine(string.Join(Environment.NewLine, program.Printed));
        Assert.That(program.Printed[^1], Is.EqualTo("end"));
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
