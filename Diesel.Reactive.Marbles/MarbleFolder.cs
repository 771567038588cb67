namespace Diesel.Reactive.Marbles;

/// <summary>A folder of files, or one file, as the command names it.</summary>
internal sealed class MarbleFolder
{
    private readonly string _path;

    /// <summary>Looks what there is.</summary>
    /// <exception cref="FileNotFoundException">There is neither a folder nor a file.</exception>
    public MarbleFolder(string path, string pattern = "*.marble")
    {
        IsFolder = Directory.Exists(path);
        _path = IsFolder ? path : Path.GetDirectoryName(path) ?? "";
        Names = IsFolder
            ? [.. Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(path, file)).Order(StringComparer.Ordinal)]
            : File.Exists(path) ? [Path.GetFileName(path)] : throw new FileNotFoundException($"{path}: there is no such folder or file.");
    }

    /// <summary>False: one file was named.</summary>
    public bool IsFolder { get; }

    /// <summary>The files' paths from the folder, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    public string PathOf(string name) => Path.Combine(_path, name);
}
