using System.Globalization;

namespace Diesel.Reactive.Testing;

/// <summary>Makes one case of its lines.</summary>
internal sealed class MarbleCaseReader(string path, string title, int titleLine, IEnumerable<MarbleStyle> fileStyles)
{
    private const int MostRows = 64;

    private readonly List<string> _text = [];
    private readonly List<MarbleFileRow> _rows = [];
    private readonly List<MarbleOperator> _operators = [];
    private readonly Dictionary<string, MarbleDefinition> _definitions = [];
    private readonly Dictionary<int, HashSet<string>> _values = [];
    private readonly List<MarbleLink> _links = [];
    private readonly List<(MarbleFileLine Line, Func<string?> Problem)> _checks = [];

    public List<MarbleStyle> Styles { get; } = [.. fileStyles];

    /// <summary>How many bytes the repetitions of its rows and definitions make, where few characters are many.</summary>
    public long RepeatedBytes { get; private set; }

    public void AddText(string line) => _text.Add(line);

    public void Add(MarbleFileLine line)
    {
        switch (line.Kind)
        {
            case MarbleFileLineKind.Row:
                AddRow(line);
                break;
            case MarbleFileLineKind.Operator when line.Value.Length == 0:
                throw Wrong(line, line.KeyColumn, "The operator has no text: write it behind the '>'.");
            case MarbleFileLineKind.Operator:
                _operators.Add(new(line.Value, line.Number));
                break;
            case MarbleFileLineKind.Definition:
                AddDefinition(line);
                break;
            default:
                AddGhosts(line);
                break;
        }
    }

    /// <summary>Reads <c>row.value -> row.value</c>.</summary>
    public void AddLink(MarbleFileLine line)
    {
        var parts = line.Text.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [var from, "->" or "-.->", var to] || Divide(from) is not var (fromRow, fromValue) || Divide(to) is not var (toRow, toValue))
        {
            throw Wrong(line, line.KeyColumn, "A link is written 'row.value -> row.value', dashed with '-.->'.");
        }

        _links.Add(new(fromRow, fromValue, toRow, toValue, parts[1] == "-.->", line.Number));
        _checks.Add((line, () => Missing(fromRow, fromValue) ?? Missing(toRow, toValue)));

        static (string Row, string Value)? Divide(string end) =>
            end.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && dot < end.Length - 1 ? (end[..dot], end[(dot + 1)..]) : null;
        string? Missing(string row, string value) =>
            _rows.Exists(r => r.Name == row && r.Role != MarbleRowRole.Subs && Spells(r, value))
                ? null : $"No row '{row}' has a value '{value}': write both as the row does.";
    }

    /// <summary>Looks at what can be told only when all lines are known.</summary>
    public MarbleCase End()
    {
        if (_rows.Count == 0)
        {
            throw new MarbleFileException(path, titleLine, 1, $"The case '{title}' has no rows: write 'hot name : --a-|' below its title.");
        }

        foreach (var (line, problem) in _checks)
        {
            if (problem() is { } text)
            {
                throw Wrong(line, line.KeyColumn, text);
            }
        }

        return new(path, title, titleLine, string.Join('\n', _text).Trim('\n'), _rows, _operators, [.. _definitions.Values], Styles, _links);
    }

    private void AddRow(MarbleFileLine line)
    {
        if (_rows.Count == MostRows)
        {
            throw Wrong(line, line.KeyColumn, $"A case has at most {MostRows} rows: divide it.");
        }

        var row = MarbleFileRowReader.Read(path, line);
        _rows.Add(row);
        RepeatedBytes += row.Diagram.Events.Sum(static told => (long)(told.Spelling?.RepeatedBytes ?? 0));
        if (row.Role == MarbleRowRole.Subs)
        {
            _checks.Add((line, () => _rows.Exists(other => other.Name == row.Name && (other.IsSource || other.IsExpected))
                ? null : $"There is no row '{row.Name}' that could be subscribed: name a hot, cold, rx or expect row."));
            _checks.Add((line, () => _rows.Exists(other => other.Name == row.Name && other.IsExpected)
                && _rows.Exists(other => other != row && other.Name == row.Name && other.Role == MarbleRowRole.Subs)
                ? $"A result is subscribed once: leave one subs row for '{row.Name}'." : null));
        }
        else if (row.Role != MarbleRowRole.Note && _rows.Find(other => other != row && Named(other) && other.Name == row.Name) is { } same)
        {
            throw Wrong(line, line.KeyColumn, $"The row on line {same.Line} is named '{row.Name}' too: give this one another name.");
        }

        static bool Named(MarbleFileRow other) => other.Role is not (MarbleRowRole.Subs or MarbleRowRole.Note);
    }

    private void AddDefinition(MarbleFileLine line)
    {
        var name = line.Key;
        if (StringInfo.GetNextTextElementLength(name) != name.Length)
        {
            throw Wrong(line, line.KeyColumn, $"'{name}' is longer than one character, as a name of a value is not.");
        }

        var definition = new MarbleDefinition(name, MarbleFileRowReader.Value(path, line), line.Number);
        if (!_definitions.TryAdd(name, definition))
        {
            throw Wrong(line, line.KeyColumn, $"Line {_definitions[name].Line} says what '{name}' is: remove one of the two.");
        }

        RepeatedBytes += definition.Value.RepeatedBytes;
        _checks.Add((line, () => _rows.Exists(row => Spells(row, name))
            ? null : $"'{name}' stands in no row of this case: remove the definition, or use it."));
    }

    private void AddGhosts(MarbleFileLine line)
    {
        if (line.Key != "ghosts")
        {
            throw Wrong(line, line.KeyColumn, $"'{line.Key} =' means nothing here: write 'ghosts = a, b' below a row, or settings below [styles].");
        }

        if (_rows.Count == 0)
        {
            throw Wrong(line, line.KeyColumn, "There is no row above whose values could be ghosts.");
        }

        var names = line.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.FirstOrDefault(name => !Spells(_rows[^1], name)) is { } unknown)
        {
            throw Wrong(line, line.ValueColumn, $"The row above has no value '{unknown}'.");
        }

        _rows[^1] = _rows[^1] with { Ghosts = names };
    }

    private bool Spells(MarbleFileRow row, string value)
    {
        if (!_values.TryGetValue(row.Line, out var values))
        {
            _values[row.Line] = values = [.. row.Diagram.Events.Select(told => told.Spelling?.Text ?? (told.Kind == MarbleKind.Failed ? "#" : null)).OfType<string>()];
        }

        return values.Contains(value);
    }

    private MarbleFileException Wrong(MarbleFileLine line, int column, string problem) => new(path, line.Number, column, problem);
}
