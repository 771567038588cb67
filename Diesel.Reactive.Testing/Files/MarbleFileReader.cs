namespace Diesel.Reactive.Testing;

/// <summary>Makes cases of the lines of a file.</summary>
internal sealed class MarbleFileReader(string path, IReadOnlyList<MarbleFileLine> lines)
{
    private readonly List<MarbleCase> _cases = [];
    private readonly Dictionary<string, int> _titles = [];
    private readonly List<MarbleStyle> _fileStyles = [];
    private MarbleCaseReader? _case;
    private MarbleFileLine? _section;
    private long _repeated;

    public IReadOnlyList<MarbleCase> Read()
    {
        foreach (var line in lines)
        {
            Read(line);
        }

        EndCase();
        return _cases.Count > 0
            ? _cases
            : throw new MarbleFileException(path, 1, 1, "There is no case: begin one with '= title'.");
    }

    private void Read(MarbleFileLine line)
    {
        switch (line.Kind)
        {
            case MarbleFileLineKind.Comment:
                return;
            case MarbleFileLineKind.Section:
                _section = Section(line);
                break;
            case MarbleFileLineKind.Title:
                EndCase();
                _case = new(path, Title(line), line.Number, _fileStyles);
                break;
            case var _ when _section is { Key: "[links]" } && line.Kind != MarbleFileLineKind.Blank:
                InCase(line).AddLink(line);
                break;
            case MarbleFileLineKind.Setting when _section is not null:
                AddStyle(line);
                break;
            case var kind:
                _section = null;
                if (kind != MarbleFileLineKind.Blank)
                {
                    InCase(line).Add(line);
                    RefuseTooManyBytes(line, _repeated + _case!.RepeatedBytes);
                }

                break;
        }

        _case?.AddText(line.Text);
    }

    private string Title(MarbleFileLine line)
    {
        if (line.Value.Length == 0)
        {
            throw Wrong(line, line.KeyColumn, "The case has no title: write one behind the '='.");
        }

        return _titles.TryAdd(line.Value, line.Number)
            ? line.Value
            : throw Wrong(line, line.ValueColumn, $"The case on line {_titles[line.Value]} has this title: give this one another.");
    }

    private MarbleFileLine Section(MarbleFileLine line) =>
        line.Key is "[styles]" or "[links]" || (line.Key.StartsWith("[styles.", StringComparison.Ordinal) && line.Key.Length > "[styles.]".Length)
            ? line
            : throw Wrong(line, line.KeyColumn, $"'{line.Key}' begins nothing: write [styles], [styles.a] or [links].");

    private void AddStyle(MarbleFileLine line)
    {
        var name = _section!.Key == "[styles]" ? "" : _section.Key["[styles.".Length..^1];
        var style = new MarbleStyle(name, line.Key, line.Value, line.Number);
        if (style.Problem is { } problem)
        {
            throw Wrong(line, line.ValueColumn, problem);
        }

        (_case?.Styles ?? _fileStyles).Add(style);
    }

    private MarbleCaseReader InCase(MarbleFileLine line) =>
        _case ?? throw Wrong(line, line.KeyColumn, "This line belongs to no case: begin one with '= title' above it.");

    private void EndCase()
    {
        _section = null;
        if (_case is not null)
        {
            _cases.Add(_case.End());
            _repeated += _case.RepeatedBytes;
        }
    }

    private void RefuseTooManyBytes(MarbleFileLine line, long bytes)
    {
        if (bytes > HexMarble.MostBytes)
        {
            throw Wrong(line, line.ValueColumn, $"The file makes more than {HexMarble.MostBytes} bytes with '*': write fewer.");
        }
    }

    private MarbleFileException Wrong(MarbleFileLine line, int column, string problem) => new(path, line.Number, column, problem);
}
