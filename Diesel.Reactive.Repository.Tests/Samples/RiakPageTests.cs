using Diesel.Reactive.Protocols.Riak;
using Diesel.Reactive.Protocols.Riak.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>What the page about Riak shows, run in its order against the node in memory. That it compiles as it stands is seen by <see cref="DocumentTests"/>.</summary>
public class RiakPageTests
{
    // What each block prints, in the page's order. The node in memory has no maps, and says so.
    private static readonly string[] Said = ["1 @*a test for you!", "", "book: 1*film:*song:", "1815: ada*1", "no_type"];

    [Test]
    public void Each_block_runs()
    {
        var blocks = Markdown.CSharpBlocks(File.ReadAllText(Repository.PathOf("docs", "protocols", "riak.md"))).ToArray();
        Assert.That(blocks, Has.Length.EqualTo(Said.Length));
        using var live = new Live();
        using var riak = new RiakClient($"127.0.0.1:{live.Starts(new RiakService()).Port}", hub: live.Hub);
        foreach (var (block, expected) in blocks.Zip(Said))
        {
            Assert.That(Run(live, riak, block.Code), Does.Match($"^{string.Join(".*", expected.Split('*').Select(System.Text.RegularExpressions.Regex.Escape))}").Or.EqualTo(expected), $"line {block.Line}");
        }
    }

    private static string Run(Live live, RiakClient riak, string code)
    {
        var program = new PageProgram(
            string.Join('\n', code.Split('\n').Where(static line => !line.StartsWith("using var riak", StringComparison.Ordinal))), "", ["Riak"], "", ("riak", typeof(RiakClient), riak));
        try
        {
            live.Run(program.Run);
        }
        catch (RiakErrorException refused)
        {
            return string.Concat([.. program.Printed, refused.Text]);
        }

        return string.Concat(program.Printed);
    }
}
