namespace Diesel.Reactive.Testing;

/// <summary>A specification file of swirly, as a case that can be drawn.</summary>
/// <remarks>Blocks stand between blank lines: <c>n = marbles</c> says what the value <c>n</c> is, <c>&gt; text</c> is an operator, <c>[styles.a]</c> begins colours, and
/// all else is a stream, with <c>title = …</c>, <c>ghosts = a, b</c> and <c>a := text</c> below it. A space is a frame. Other settings are swirly's own sizes, and not
/// taken. Source: swirly's README.</remarks>
public static class SwirlyFile
{
    private static readonly string[] Colours = ["fill_color", "stroke_color", "text_color"];

    /// <summary>Reads a file.</summary>
    /// <param name="text">Lines end with LF or CRLF.</param>
    /// <param name="path">As messages shall show it; its name is the case's title.</param>
    /// <returns>The case, for <see cref="MarblePicture.Draw(MarbleCase)"/>. It has no roles, and cannot be run.</returns>
    /// <exception cref="MarbleFileException">A diagram breaks swirly's rules, or there is no stream.</exception>
    public static MarbleCase Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var reading = new Reading(path);
        var block = new List<(string Line, int Number)>();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var kept = line.TrimEnd('\r', ' ', '\t');
            if (kept.Length == 0)
            {
                reading.Add(block);
                block.Clear();
            }
            else if (!kept.TrimStart().StartsWith('%'))
            {
                block.Add((kept, index + 1));
            }
        }

        reading.Add(block);
        return reading.End(text);
    }

    private sealed class Reading(string path)
    {
        private readonly List<MarbleFileRow> _rows = [];
        private readonly List<MarbleOperator> _operators = [];
        private readonly Dictionary<string, MarbleDefinition> _definitions = [];
        private readonly List<MarbleStyle> _styles = [];

        public void Add(List<(string Line, int Number)> block)
        {
            if (block.Count == 0)
            {
                return;
            }

            var (first, number) = block[0];
            var settings = block.Skip(1).Select(static each => (Divide(each.Line).Key, Divide(each.Line).Value, each.Number)).ToArray();
            if (first.StartsWith('['))
            {
                var name = first.StartsWith("[styles.", StringComparison.Ordinal) ? first["[styles.".Length..].TrimEnd(']') : "";
                _styles.AddRange(settings.Where(setting => name.Length > 0 && Colours.Contains(setting.Key))
                    .Select(setting => new MarbleStyle(name, setting.Key, setting.Value, setting.Number)).Where(static style => style.Problem is null));
            }
            else if (first.StartsWith('>'))
            {
                _operators.Add(new(first[1..].Trim(), number));
            }
            else
            {
                AddStream(first, number, settings);
            }
        }

        public MarbleCase End(string text) => _rows.Count > 0
            ? new(path, Path.GetFileNameWithoutExtension(path), 1, text.Trim(), _rows, _operators, [.. _definitions.Values], _styles, [])
            : throw new MarbleFileException(path, 1, 1, "There is no stream in this file.");

        private void AddStream(string first, int number, (string Key, string Value, int Number)[] settings)
        {
            foreach (var (key, value, line) in settings.Where(static setting => setting.Key.EndsWith(':')))
            {
                var name = key.TrimEnd(':').TrimEnd();
                _definitions.TryAdd(name, new(name, MarbleSpelling.Quoted(value), line));
            }

            // One letter or digit, and an equals sign: what a value is. Else the line is a diagram.
            var isInner = Divide(first) is { Key: [var letter], Value.Length: > 0 } && char.IsAsciiLetterOrDigit(letter);
            var marbles = isInner ? Divide(first).Value : first;
            var title = settings.FirstOrDefault(static setting => setting.Key == "title").Value ?? "";
            var ghosts = (settings.FirstOrDefault(static setting => setting.Key == "ghosts").Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            _rows.Add(new(isInner ? MarbleRowRole.Cold : _operators.Count > 0 ? MarbleRowRole.Expect : MarbleRowRole.Hot, isInner ? Divide(first).Key : title, marbles, Diagram(marbles, number), number, ghosts));
        }

        private MarbleDiagram Diagram(string marbles, int line)
        {
            try
            {
                return MarbleDiagram.Parse(marbles, MarbleRole.Any, MarbleDialect.Swirly);
            }
            catch (MarbleSyntaxException wrong)
            {
                throw new MarbleFileException(path, line, wrong.Column + 1, wrong.Problem);
            }
        }

        private static (string Key, string Value) Divide(string line) => line.IndexOf('=', StringComparison.Ordinal) is >= 0 and var sign
            ? (line[..sign].Trim(), line[(sign + 1)..].Trim()) : (line.Trim(), "");
    }
}
