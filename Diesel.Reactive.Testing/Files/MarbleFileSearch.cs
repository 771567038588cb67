namespace Diesel.Reactive.Testing;

/// <summary>Finds a file from a test's place.</summary>
internal static class MarbleFileSearch
{
    private const string Folder = "marbles";

    /// <summary>Where the file is.</summary>
    /// <param name="path">As the test names it.</param>
    /// <param name="source">The test's source file.</param>
    /// <exception cref="FileNotFoundException">Nowhere.</exception>
    public static string Find(string path, string source)
    {
        // Where a build hides the paths of its sources, or runs elsewhere, the tests' own folder is a place to begin.
        string[] places = [.. new[] { Path.GetDirectoryName(source), AppContext.BaseDirectory }.OfType<string>().Where(Directory.Exists)];
        return places.Select(place => Path.Combine(place, path))
                   .Concat(places.SelectMany(Above).Select(folder => Path.Combine(folder, Folder, path))).FirstOrDefault(File.Exists)
               ?? throw new FileNotFoundException(
                   $"There is no '{path}' beside {Path.GetFileName(source)}, nor in a folder '{Folder}' of {string.Join(" or ", places)} "
                   + "or the folders above: write the file, or correct the path.");
    }

    private static IEnumerable<string> Above(string place)
    {
        for (var folder = new DirectoryInfo(place); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
