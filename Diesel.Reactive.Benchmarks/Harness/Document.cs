namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>A Markdown file with sections between markers; its plots lie in a folder beside it, named like it.</summary>
internal sealed class Document
{
    const string Targets = "targets";

    readonly string _file;

    /// <exception cref="UsageException">There is no such file.</exception>
    public Document(string file)
    {
        _file = File.Exists(file) ? file : throw new UsageException($"there is no file '{file}'");
    }

    string PlotFolder => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_file))!, Path.GetFileNameWithoutExtension(_file));

    /// <exception cref="UsageException">The file has no such section, or none for the targets.</exception>
    public void Require(string section)
    {
        Around(section);
        Around(Targets);
    }

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

    /// <summary>
    /// Puts what became of a section's targets into the table of all: its rows are replaced, those of the others stay.
    /// </summary>
    /// <param name="section">Whose targets they are.</param>
    /// <param name="verdicts">What became of them.</param>
    /// <param name="sections">All sections, in the order of the table.</param>
    public void WriteTargets(string section, IEnumerable<Verdict> verdicts, IReadOnlyList<string> sections)
    {
        var (before, after) = Around(Targets);
        var rows = File.ReadAllText(_file)[before.Length..^after.Length]
            .Split('\n')
            .Where(line => sections.Contains(SectionOf(line)) && SectionOf(line) != section)
            .Concat(verdicts.Select(verdict => verdict.Row(section)))
            .OrderBy(row => sections.TakeWhile(known => known != SectionOf(row)).Count());
        File.WriteAllText(_file, $"{before}\n\n{Verdict.Header}\n{string.Join('\n', rows)}\n\n{after}");

        static string? SectionOf(string row) => row.Split('|', StringSplitOptions.TrimEntries) is ["", var first, ..] ? first : null;
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
