using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Diesel.Reactive.Tests;

/// <summary>Builds each sample once per run, when the first test asks for it.</summary>
/// <remarks>The compiler runs within the tests, which takes a second where <c>dotnet build</c> takes ten; the longer run has the latter. Either way a
/// sample sees no more than its <c>#:</c> lines name.</remarks>
internal static partial class SampleBuild
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Built = [];
    private static readonly SemaphoreSlim Builders = new(2);

    // They have packages that the tests have not, and need the list of what they depend on, which only the tool writes.
    private static readonly string[] OfTheTool = ["nats", "orleans"];

    private static readonly Lazy<string> Folder = new(PrepareFolder);

    public static string Root => Repository.Root;

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Path.Join(Root, "samples"), "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order();

    /// <summary>The built assembly of a sample; fails with the compiler's output.</summary>
    public static Task<string> Of(string sample) => Built.GetOrAdd(sample, static name => new(() => Build(name, Live.IsSoak || OfTheTool.Contains(name) ? WithTool : Compile))).Value;

    /// <summary>The assembly of a sample as <c>dotnet build</c> makes it.</summary>
    public static async Task<string> WithTool(string sample)
    {
        // The library is built: the tests refer to it. Analyzers take as long as all the rest; the longer run has them.
        var output = await SampleTool.Run(
            "dotnet", "build", PathOf(sample), "-c", Configuration, "-p:BuildProjectReferences=false", $"-p:RunAnalyzers={Live.IsSoak}");
        var arrow = $"{sample}.cs -> ";
        return output.Text.Split('\n').FirstOrDefault(line => line.Contains(arrow, StringComparison.Ordinal)) is { } line && output.ExitCode == 0
            ? line[(line.IndexOf(arrow, StringComparison.Ordinal) + arrow.Length)..].Trim()
            : throw new InvalidOperationException($"samples/{sample}.cs does not build:\n{output.Text}");
    }

    private static async Task<string> Build(string sample, Func<string, Task<string>> builder)
    {
        await Builders.WaitAsync();
        try
        {
            return await Task.Run(() => builder(sample));
        }
        finally
        {
            Builders.Release();
        }
    }

    private static Task<string> Compile(string sample)
    {
        var path = PathOf(sample);
        var source = File.ReadAllText(path);
        string[] named = [.. Reference().Matches(source).Select(line => Path.GetFileName(line.Groups[1].Value))];
        var image = Compiled.Image(
            sample,
            named,
            [Compiled.Parse(source, path), .. Repository.Files("*.cs", "samples/shared").Select(shared => Compiled.Parse(File.ReadAllText(shared), shared))]);
        return Task.FromResult(Write(sample, image, named.Contains(Compiled.Web) ? "Microsoft.AspNetCore.App" : "Microsoft.NETCore.App"));
    }

    /// <summary>Lays a program beside the libraries it needs.</summary>
    /// <returns>Its assembly, for <c>dotnet</c> to run.</returns>
    public static string Write(string name, byte[] image, string framework = "Microsoft.NETCore.App")
    {
        var assembly = Path.Join(Folder.Value, $"{name}.dll");
        File.WriteAllBytes(assembly, image);
        File.WriteAllText(Path.ChangeExtension(assembly, ".runtimeconfig.json"), $$"""
            { "runtimeOptions": { "framework": { "name": "{{framework}}", "version": "10.0.0" }, "configProperties": { "System.Globalization.Invariant": true } } }
            """);
        return assembly;
    }

    // Without a list of its dependencies a program finds those that lie beside it.
    private static string PrepareFolder()
    {
        var folder = Path.Join(AppContext.BaseDirectory, "samples");
        Directory.CreateDirectory(folder);
        foreach (var library in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
        {
            File.Copy(library, Path.Join(folder, Path.GetFileName(library)), overwrite: true);
        }

        return folder;
    }

    private static string PathOf(string sample) => Path.Join(Root, "samples", $"{sample}.cs");

    [GeneratedRegex(@"^#:(?:project|package) (\S+?)(?:@\S+)?\r?$", RegexOptions.Multiline)]
    private static partial Regex Reference();

    private static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif
}
