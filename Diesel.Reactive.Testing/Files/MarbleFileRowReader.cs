namespace Diesel.Reactive.Testing;

/// <summary>Reads what stands in a line as a diagram, and tells errors by their place in the file.</summary>
internal static class MarbleFileRowReader
{
    private static readonly string[] Roles = [.. Enum.GetNames<MarbleRowRole>().Select(name => name.ToLowerInvariant())];
    private static readonly MarbleDiagram Nothing = new([], TimeSpan.Zero);

    /// <summary>How a file writes a role.</summary>
    public static string Word(MarbleRowRole role) => Roles[(int)role];

    /// <summary>Role and name as they stand before the colon; the name is empty when there is none.</summary>
    public static (string Role, string Name) Words(MarbleFileLine line) =>
        line.Key.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) switch
        {
            [var role, var name] => (role, name.TrimEnd()),
            [var role] => (role, ""),
            _ => ("", ""),
        };

    public static MarbleFileRow Read(string path, MarbleFileLine line)
    {
        var (word, name) = Words(line);
        var role = Array.IndexOf(Roles, word);
        if (role < 0)
        {
            throw new MarbleFileException(path, line.Number, line.KeyColumn,
                $"'{word}' is no role. A row begins with one of {string.Join(", ", Roles)}, its name and a colon.");
        }

        if (line.ValueColumn == line.KeyColumn + line.Key.Length)
        {
            throw new MarbleFileException(path, line.Number, line.ValueColumn, "There is no colon: a row is written 'role name : marbles'.");
        }

        if (name.Any(char.IsWhiteSpace))
        {
            throw new MarbleFileException(path, line.Number, line.KeyColumn + line.Key.IndexOf(name, StringComparison.Ordinal),
                $"A row's name is one word, and '{name}' is more: join them.");
        }

        return new((MarbleRowRole)role, name.Length > 0 ? name : word, line.Value, Diagram(path, line, (MarbleRowRole)role), line.Number, [])
        {
            GivenName = name,
        };
    }

    /// <summary>What stands behind <c>:=</c>: written as a value of a diagram, or a text as it is.</summary>
    public static MarbleSpelling Value(string path, MarbleFileLine line)
    {
        if (line.Value is not ['\'' or '<', ..])
        {
            return MarbleSpelling.Quoted(line.Value);
        }

        return Parse(path, line, MarbleRole.Cold).Events is [{ Spelling: { } spelling }]
            ? spelling
            : throw new MarbleFileException(path, line.Number, line.ValueColumn,
                "A definition that begins with ' or < is one text or one group of bytes: put the whole text between quotes.");
    }

    private static MarbleDiagram Diagram(string path, MarbleFileLine line, MarbleRowRole role) => role switch
    {
        MarbleRowRole.Note => Nothing,
        MarbleRowRole.Hot => Parse(path, line, MarbleRole.Hot),
        MarbleRowRole.Rx or MarbleRowRole.Tx => Parse(path, line, MarbleRole.Bytes),
        MarbleRowRole.Cold => Parse(path, line, MarbleRole.Cold),
        MarbleRowRole.Subs => Parse(path, line, MarbleRole.Subscription),
        MarbleRowRole.Time => Parse(path, line, MarbleRole.Time),
        MarbleRowRole.Window => Parse(path, line, MarbleRole.Window),
        _ => Parse(path, line, MarbleRole.Expected),
    };

    private static MarbleDiagram Parse(string path, MarbleFileLine line, MarbleRole role)
    {
        try
        {
            return MarbleDiagram.Parse(line.Value, role);
        }
        catch (MarbleSyntaxException wrong)
        {
            throw new MarbleFileException(path, line.Number, line.ValueColumn + wrong.Column, wrong.Problem);
        }
    }
}
