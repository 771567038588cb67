namespace Diesel.Reactive.Marbles;

/// <summary>What the files looked like at the last look, to tell which are others now.</summary>
/// <remarks>Looks, as watchers of file systems lose what editors do in two steps.</remarks>
internal sealed class FolderLook(string marbles)
{
    private Dictionary<string, (DateTime, long)> _known = [];

    /// <summary>The files that there were, in order.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Looks again.</summary>
    /// <returns>Whether there are other files than before, and which of the old ones were written.</returns>
    public (bool IsOther, IReadOnlyList<string> Written) Again()
    {
        try
        {
            var folder = new MarbleFolder(marbles);
            var now = folder.Names.ToDictionary(static name => name, name => Stamp(folder.PathOf(name)));
            (var others, Names) = (!folder.Names.SequenceEqual(Names), folder.Names);
            (var before, _known) = (_known, now);
            return (others, [.. now.Where(file => before.TryGetValue(file.Key, out var known) && known != file.Value).Select(static file => file.Key)]);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            // Between two steps of an editor a file is not there: the next look will tell.
            return (false, []);
        }
    }

    private static (DateTime, long) Stamp(string path) => (File.GetLastWriteTimeUtc(path), new FileInfo(path).Length);
}
