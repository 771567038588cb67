namespace Diesel.Reactive.Testing;

/// <summary>What random diagrams are made of; for generators, those of FsCheck and CsCheck among them.</summary>
public sealed record MarbleShape
{
    private const int Ends = 3;

    /// <summary>The names of its values, each one character that is no sign of a diagram; default <c>abc</c>.</summary>
    public string Names { get; init; } = "abc";

    /// <summary>How many values it has at most; default 8.</summary>
    public int MostValues { get; init; } = 8;

    /// <summary>How many frames at most stand between two signs; default 6. With 0, all stand at one instant.</summary>
    public int LongestGap { get; init; } = 6;

    /// <summary>Whether it may end with <c>|</c>; default true.</summary>
    public bool Completes { get; init; } = true;

    /// <summary>Whether it may end with <c>#</c>; default true.</summary>
    public bool Fails { get; init; } = true;

    /// <summary>Makes the diagram that some numbers mean; a generator draws them.</summary>
    /// <param name="values">For each value, in order: how many frames after the one before it (0: at its instant), and which of the names. Numbers beyond what the
    /// shape allows count from the beginning again.</param>
    /// <param name="end">How it ends: 0 not at all, 1 with <c>|</c>, 2 with <c>#</c>, as far as the shape allows it.</param>
    /// <param name="endGap">How many frames after the last value that is.</param>
    /// <returns>A diagram for <c>t.Hot</c>, <c>t.Cold</c> or <c>ToBe</c>; its text is <see cref="MarbleDiagram.Source"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    public MarbleDiagram Make(IReadOnlyList<(int Gap, int Name)> values, int end, int endGap)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (events, at) = (new List<MarbleEvent>(), 0L);
        foreach (var (gap, name) in values.Take(MostValues))
        {
            at += Within(gap, LongestGap + 1);
            events.Add(new(Frames(at), MarbleKind.Value, MarbleSpelling.Name($"{Names[Within(name, Names.Length)]}")));
        }

        if (Within(end, Ends) is var how && ((how == 1 && Completes) || (how == 2 && Fails)))
        {
            events.Add(new(Frames(at + Within(endGap, LongestGap + 1)), how == 1 ? MarbleKind.Completed : MarbleKind.Failed));
        }

        return Diagram(events);
    }

    /// <summary>Diagrams that are simpler, the simplest first: for generators that look for the simplest that fails.</summary>
    /// <param name="diagram">One of this shape.</param>
    /// <returns>Without one of its signs, earlier by a gap, or with the first name for another; none of what is simplest.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="diagram"/> is null.</exception>
    public IEnumerable<MarbleDiagram> Simpler(MarbleDiagram diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        var events = diagram.Events;
        for (var i = 0; i < events.Count; i++)
        {
            yield return Diagram([.. events.Take(i), .. events.Skip(i + 1)]);
        }

        for (var i = 0; i < events.Count; i++)
        {
            var gap = events[i].Time - (i == 0 ? TimeSpan.Zero : events[i - 1].Time);
            if (gap > TimeSpan.Zero)
            {
                var less = gap - Frames((long)gap.TotalMilliseconds / 2);
                yield return Diagram([.. events.Take(i), .. events.Skip(i).Select(told => told with { Time = told.Time - less })]);
            }
        }

        var first = MarbleSpelling.Name($"{Names[0]}");
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Spelling is { } name && !name.Equals(first))
            {
                yield return Diagram([.. events.Take(i), events[i] with { Spelling = first }, .. events.Skip(i + 1)]);
            }
        }
    }

    private static int Within(int number, int count) => (int)((uint)number % (uint)count);

    private static TimeSpan Frames(long frames) => TimeSpan.FromTicks(frames * TimeSpan.TicksPerMillisecond);

    // Read again, so that it has the text that it would be read from.
    private static MarbleDiagram Diagram(List<MarbleEvent> events) =>
        MarbleDiagram.Parse(new MarbleLayout([new(events, events.Count == 0 ? TimeSpan.Zero : events[^1].Time)]).Text(0).Trim(), MarbleRole.Cold);
}
