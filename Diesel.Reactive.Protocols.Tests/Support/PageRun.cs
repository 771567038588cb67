using System.Net;
using System.Security.Cryptography.X509Certificates;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>The blocks of a page of <c>docs/protocols</c>, run one by one on a hub in virtual time.</summary>
/// <remarks>A block sees what the page may use without declaring it (<c>hub</c>, <c>cache</c>), and the roots that the tests trust. What it prints is kept, and what it
/// starts runs on the hub.</remarks>
internal sealed class PageRun : IDisposable
{
    // In place of the real one: a program runs on the hub that is there.
    private const string Known = "static class Application { public static void Quickstart(IService service) => service.Start(hub); }";

    private static readonly string[] Spaces = ["Dns", "Http", "Memcached"];

    public World World { get; } = new();

    /// <summary>The client that a page may use.</summary>
    public MemcachedClient? Cache { get; set; }

    /// <summary>The blocks of a page, for a test each.</summary>
    public static IEnumerable<TestCaseData> Blocks(string page) =>
        Markdown.CSharpBlocks(File.ReadAllText(Repository.PathOf("docs", "protocols", page))).Select((block, n) => new TestCaseData(block).SetArgDisplayNames($"block {n + 1}"));

    /// <summary>A hub on a host of its own: that of a server.</summary>
    public Hub Host(string name, string address) => new(World.Clock, World.Network.Host(name, IPAddress.Parse(address)));

    /// <summary>Runs a block to its end; what it throws fails the test.</summary>
    /// <param name="block">The block: statements, or members with <paramref name="then"/> to use them.</param>
    /// <param name="then">What runs behind it, and sees what it has declared.</param>
    /// <param name="changes">What is another thing here: files, roots.</param>
    /// <returns>What it printed, line by line.</returns>
    public IReadOnlyList<string> Run(CodeBlock block, string then = "", params (string Old, string New)[] changes)
    {
        var code = block.Code;
        foreach (var (old, @new) in changes)
        {
            Assert.That(code, Does.Contain(old));
            code = code.Replace(old, @new, StringComparison.Ordinal);
        }

        var program = new PageProgram(code, then, Spaces, Known, ("hub", typeof(Hub), World.Hub), ("cache", typeof(MemcachedClient), Cache), ("roots", typeof(X509Certificate2Collection), Authority.Shared.Roots));
        var (_, end) = World.Runs(program.Run);
        World.Passes(60);
        Assert.That($"{end.Error}{string.Concat(World.Errors)}", Is.Empty);
        Assert.That(end.IsCompleted, "It waits for something that does not come.");
        return program.Printed;
    }

    public void Dispose()
    {
        Cache?.Dispose();
        World.Dispose();
    }
}
