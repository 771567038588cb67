using System.Collections.Concurrent;

namespace Diesel.Reactive.Tests;

/// <summary>Builds each sample once per run, when the first test asks for it, two at a time.</summary>
internal static class SampleBuild
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Built = [];
    private static readonly SemaphoreSlim Builders = new(2);

    public static string Root { get; } = Ancestors(AppContext.BaseDirectory)
        .First(folder => File.Exists(Path.Join(folder, "Diesel.Reactive.sln")));

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Path.Join(Root, "samples"), "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order();

    /// <summary>The built assembly of a sample; fails with the compiler's output.</summary>
    public static Task<string> Of(string sample) => Built.GetOrAdd(sample, static name => new(() => Build(name))).Value;

    private static async Task<string> Build(string sample)
    {
        await Builders.WaitAsync();
        try
        {
            // The library is built: the tests refer to it. Analyzers take as long as all the rest; the longer run has them.
            var output = await SampleTool.Run(
                "dotnet", "build", Path.Join(Root, "samples", $"{sample}.cs"), "-c", Configuration, "-p:BuildProjectReferences=false", $"-p:RunAnalyzers={Live.IsSoak}");
            var arrow = $"{sample}.cs -> ";
            return output.Text.Split('\n').FirstOrDefault(line => line.Contains(arrow, StringComparison.Ordinal)) is { } line && output.ExitCode == 0
                ? line[(line.IndexOf(arrow, StringComparison.Ordinal) + arrow.Length)..].Trim()
                : throw new InvalidOperationException($"samples/{sample}.cs does not build:\n{output.Text}");
        }
        finally
        {
            Builders.Release();
        }
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }

    private static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif
}
