namespace Diesel.Reactive.Tests;

/// <summary>The files the tests run over, found from the test's own place.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>The projects that become packages, by name.</summary>
    public static IReadOnlyList<string> Libraries { get; } =
    [
        .. Directory.GetDirectories(Root, "Diesel.Reactive*")
            .Select(folder => new FileInfo(Path.Combine(folder, Path.GetFileName(folder) + ".csproj")))
            .Where(project => project.Exists && !project.Directory!.Name.EndsWith(".Tests", StringComparison.Ordinal) && !IsNoLibrary(File.ReadAllText(project.FullName)))
            .Select(project => Path.GetFileNameWithoutExtension(project.Name))
            .Order(StringComparer.Ordinal),
    ];

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A file's path from the root, as messages show it.</summary>
    public static string Name(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Files of the sources below a folder; nothing a build made.</summary>
    public static IEnumerable<string> Files(string pattern, string folder = "") => Below(PathOf(folder), pattern);

    private static IEnumerable<string> Below(string folder, string pattern) => !Directory.Exists(folder) ? [] :
        Directory.GetFiles(folder, pattern)
            .Concat(Directory.GetDirectories(folder).Where(IsSource).SelectMany(inner => Below(inner, pattern)))
            .Order(StringComparer.Ordinal);

    private static bool IsSource(string folder) =>
        Path.GetFileName(folder) is var name && !name.StartsWith('.') && !Skipped.Contains(name);

    private static bool IsNoLibrary(string project) =>
        project.Contains("<IsPackable>false", StringComparison.Ordinal) || project.Contains("<IncludeBuildOutput>false", StringComparison.Ordinal) || project.Contains("<OutputType>Exe", StringComparison.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Diesel.Reactive.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("These tests run inside the repository: they read its files.");
        }

        return folder.FullName;
    }
}
