using static Diesel.Reactive.Testing.MarbleTokenKind;

namespace Diesel.Reactive.Testing;

/// <summary>Cuts a strict diagram into tokens; white space is free and looks at nothing.</summary>
internal sealed class MarbleTokenizer(MarbleCursor cursor)
{
    private readonly QuotedMarble _quoted = new(cursor);
    private readonly HexMarble _hex = new(cursor);
    private readonly MarbleDuration _duration = new(cursor);

    public IEnumerable<MarbleToken> Tokens()
    {
        while (true)
        {
            while (char.IsWhiteSpace(cursor.Current)) cursor.At++;
            if (cursor.AtEnd) yield break;
            yield return Next(cursor.Current, cursor.At);
        }
    }

    private MarbleToken Next(char sign, int column) => sign switch
    {
        '-' => Sign(Dash),
        '|' => Sign(Completed),
        '#' => Sign(Failed),
        '^' => Sign(Subscribed),
        '!' => Sign(Unsubscribed),
        '(' or '[' or '{' => Sign(Open),
        ')' or ']' or '}' => Sign(Close),
        '\'' => new(Value, sign, column, _quoted.Read()),
        '<' => new(Value, sign, column, _hex.Read()),
        '>' => throw cursor.Error(column, "'>' closes nothing: write '<' before the hexadecimal digits."),
        _ when _duration.TryRead(out var ticks) => new(Duration, sign, column, Ticks: ticks),
        _ => new(Value, sign, column, MarbleName.Read(cursor)),
    };

    private MarbleToken Sign(MarbleTokenKind kind) => new(kind, cursor.Current, cursor.At++);
}
