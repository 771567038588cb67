namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>A Markdown file with sections between markers; its plots lie in a folder beside it, named like it.</summary>
internal sealed class Document
{
    readonly string _file;

    /// <exception cref="UsageException">There is no such file.</exception>
    public Document(string file)
    {
        _file = File.Exists(file) ? file : throw new UsageException($"there is no file '{file}'");
    }

    string PlotFolder => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_file))!, Path.GetFileNameWithoutExtension(_file));

    /// <exception cref="UsageException">The file has no such section.</exception>
    public void Require(string section) => Around(section);

    public void Write(string section, string text, IReadOnlyList<BarChart> charts)
    {
        var (before, after) = Around(section);
        File.WriteAllText(_file, $"{before}\n\n{text.TrimEnd()}\n{Images(charts)}\n{after}");
        if (charts.Count > 0)
        {
            Directory.CreateDirectory(PlotFolder);
        }

        foreach (var chart in charts)
        {
            File.WriteAllText(Path.Combine(PlotFolder, chart.File), chart.ToSvg());
        }
    }

    string Images(IReadOnlyList<BarChart> charts) =>
        string.Concat(charts.Select(chart => $"\n![{chart.Title}]({Path.GetFileName(PlotFolder)}/{chart.File})\n"));

    (string Before, string After) Around(string section)
    {
        var (begin, end) = ($"<!-- {section} -->", $"<!-- /{section} -->");
        var text = File.ReadAllText(_file);
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, StringComparison.Ordinal);
        return from >= begin.Length && to >= from
            ? (text[..from], text[to..])
            : throw new UsageException($"'{_file}' has no section between {begin} and {end}");
    }
}
