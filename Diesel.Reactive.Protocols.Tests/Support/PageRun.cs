using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Diesel.Reactive.Protocols.Memcached;

namespace Diesel.Reactive.Tests;

/// <summary>The blocks of a page of <c>docs/protocols</c>, run one by one on a hub in virtual time.</summary>
/// <remarks>A block sees what the page may use without declaring it (<c>hub</c>, <c>cache</c>), and the roots that the tests trust. What it prints is kept, and what it
/// starts runs on the hub.</remarks>
internal sealed partial class PageRun : IDisposable
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Net;
        global using System.Threading.Tasks;
        global using System.Reactive.Linq;
        global using Diesel.Reactive;
        global using Diesel.Reactive.Protocols;
        global using Diesel.Reactive.Protocols.Dns;
        global using Diesel.Reactive.Protocols.Http;
        global using Diesel.Reactive.Protocols.Memcached;
        """;

    // In place of the real ones: the console is the test's, and a program runs on the hub that is there.
    private const string Known = """
        static class Console { public static void WriteLine(object? what) => Shown.Printed.Add($"{what}"); }
        static class Application { public static void Quickstart(IService service) => service.Start(Shown.hub); }
        public static partial class Shown
        {
            public static readonly List<string> Printed = [];
            public static Hub hub = null!;
            public static MemcachedClient cache = null!;
            public static System.Security.Cryptography.X509Certificates.X509Certificate2Collection roots = null!;
        }
        """;

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
    /// <returns>What it printed, line by line; goes on to grow.</returns>
    public IReadOnlyList<string> Run(CodeBlock block, string then = "", params (string Old, string New)[] changes)
    {
        var code = Imports().Replace(block.Code, "");
        foreach (var (old, @new) in changes)
        {
            Assert.That(code, Does.Contain(old));
            code = code.Replace(old, @new, StringComparison.Ordinal);
        }

        var page = Compile(code, then).GetType("Shown")!;
        Set("hub", World.Hub);
        Set("cache", Cache);
        Set("roots", Authority.Shared.Roots);
        var run = page.GetMethod("Run")!;
        var (_, end) = World.Runs(() => (Task)run.Invoke(null, null)!);
        World.Passes(60);
        Assert.That($"{end.Error}{string.Concat(World.Errors)}", Is.Empty);
        Assert.That(end.IsCompleted, "It waits for something that does not come.");
        return (IReadOnlyList<string>)page.GetField("Printed")!.GetValue(null)!;

        void Set(string name, object? value) => page.GetField(name)!.SetValue(null, value);
    }

    public void Dispose()
    {
        Cache?.Dispose();
        World.Dispose();
    }

    private static Assembly Compile(string code, string then)
    {
        string[] shapes = [$"public static async Task Run() {{ {code}\n{then}\nawait Task.CompletedTask; }}", $"{code}\npublic static async Task Run() {{ {then}\nawait Task.CompletedTask; }}"];
        var files = shapes.Select(shape => new[] { Usings, Known, $"public static partial class Shown {{ {shape} }}", "return;" }.Select(text => Compiled.Parse(text)).ToArray()).ToArray();
        return Compiled.Program(files.FirstOrDefault(static file => Compiled.Errors(file).Count == 0) ?? files[0]);
    }

    [GeneratedRegex(@"^using [\w.]+;\s*$", RegexOptions.Multiline)]
    private static partial Regex Imports();
}
