namespace Diesel.Reactive.Testing;

/// <summary>A diagram that was read: what happens when, before its names were given values.</summary>
/// <param name="events">In order of time; those at one instant in the order they are told.</param>
/// <param name="length">From the instant zero to the end of the text.</param>
/// <param name="source">The text it was read from; empty when it was made otherwise.</param>
/// <exception cref="ArgumentException">The events are not in order of time.</exception>
public sealed class MarbleDiagram(IReadOnlyList<MarbleEvent> events, TimeSpan length, string source = "")
{
    /// <summary>In order of time; those at one instant in the order they are told.</summary>
    public IReadOnlyList<MarbleEvent> Events { get; } = InOrder(events);

    /// <summary>From the instant zero to the end of the text.</summary>
    public TimeSpan Length { get; } = length;

    /// <summary>The text it was read from; empty when it was made otherwise.</summary>
    public string Source { get; } = source;

    /// <summary>The text it was read from; empty when it was made otherwise.</summary>
    public override string ToString() => Source;

    private static IReadOnlyList<MarbleEvent> InOrder(IReadOnlyList<MarbleEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        for (var i = 1; i < events.Count; i++)
        {
            if (events[i].Time < events[i - 1].Time)
                throw new ArgumentException($"Event {i} happens before the one before it: give them in order of time.", nameof(events));
        }

        return events;
    }

    /// <summary>Reads a diagram.</summary>
    /// <param name="marbles">The text; one frame is one millisecond. Empty or blank: nothing ever happens.</param>
    /// <param name="role">What it is for.</param>
    /// <param name="dialect">Its rules; RxJS and Swirly know no <see cref="MarbleRole.Bytes"/> and no
    /// <see cref="MarbleRole.Window"/>.</param>
    /// <exception cref="MarbleSyntaxException">It breaks the rules, or says something dubious.</exception>
    /// <exception cref="ArgumentException">The dialect does not know the role.</exception>
    public static MarbleDiagram Parse(string marbles, MarbleRole role = MarbleRole.Any, MarbleDialect dialect = MarbleDialect.Strict)
    {
        ArgumentNullException.ThrowIfNull(marbles);
        return dialect switch
        {
            MarbleDialect.Strict => new StrictMarbles(marbles, role).Read(),
            MarbleDialect.RxJs7 => RxJs7Marbles.Read(marbles, role),
            MarbleDialect.Swirly => SwirlyMarbles.Read(marbles, role),
            _ => throw new ArgumentOutOfRangeException(nameof(dialect)),
        };
    }
}
