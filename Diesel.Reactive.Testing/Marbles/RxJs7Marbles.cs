using System.Globalization;
using System.Text.RegularExpressions;

namespace Diesel.Reactive.Testing;

/// <summary>RxJS 7's run mode: spaces take no time, and durations pass it.</summary>
internal partial class RxJs7Marbles(string marbles) : LenientMarbles(marbles)
{
    protected override double FramesOfSpace => 0;

    public static MarbleDiagram Read(string marbles, MarbleRole role) => role switch
    {
        MarbleRole.Any or MarbleRole.Hot or MarbleRole.Expected => new RxJs7Marbles(marbles).Stream(),
        MarbleRole.Cold when marbles.IndexOf('^') is >= 0 and var caret =>
            throw new MarbleSyntaxException(marbles, caret, "A cold source begins when it is subscribed: write '-' for the '^'."),
        MarbleRole.Cold => new RxJs7Marbles(marbles).Stream(),
        MarbleRole.Subscription => new RxJs7Subscription(marbles).Read(0),
        MarbleRole.Time => Time(marbles),
        _ => throw new ArgumentException($"RxJS has no diagrams of {role}: read it in the strict dialect.", nameof(role)),
    };

    // The zero of a hot source is RxJS's: the caret's place in the text, whatever stands before it.
    private MarbleDiagram Stream() => Read(-Math.Max(0, Marbles.TrimStart(' ').IndexOf('^')));

    // And a time is the place of its end.
    private static MarbleDiagram Time(string marbles)
    {
        var begin = marbles.TakeWhile(IsJavaScriptSpace).Count();
        var end = marbles.IndexOf('|');
        if (end < 0)
            throw new MarbleSyntaxException(marbles, marbles.Length, "A time ends where its '|' stands: write '|' there.");
        return new([new(TimeSpan.FromMilliseconds(end - begin), MarbleKind.Completed, Column: end)],
            TimeSpan.FromMilliseconds(end - begin + 1), marbles);
    }

    private static bool IsJavaScriptSpace(char c) => c == '\ufeff' || (c != '\u0085' && char.IsWhiteSpace(c));

    protected override (int Length, double Frames) DurationAt(int at)
    {
        if (!char.IsAsciiDigit(Marbles[at]) || (at > 0 && Marbles[at - 1] != ' ')) return (0, 0);
        if (Duration.Match(Marbles, at) is not { Success: true } match) return (0, 0);
        var number = double.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return (match.Length, match.Groups[2].Value switch { "ms" => number, "s" => number * 1000, _ => number * 1000 * 60 });
    }

    // The space is part of it.
    [GeneratedRegex(@"\G([0-9]+(?:\.[0-9]+)?)(ms|s|m) ")]
    private static partial Regex Duration { get; }
}
