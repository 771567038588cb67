namespace Diesel.Reactive.Testing;

/// <summary>A diagram that was read: what happens when, before its names were given values.</summary>
/// <param name="events">In order of time; those at one instant in the order they are told.</param>
/// <param name="length">From the instant zero to the end of the text.</param>
/// <param name="source">The text it was read from; empty when it was made otherwise.</param>
public sealed class MarbleDiagram(IReadOnlyList<MarbleEvent> events, TimeSpan length, string source = "")
{
    /// <summary>In order of time; those at one instant in the order they are told.</summary>
    public IReadOnlyList<MarbleEvent> Events { get; } = events;

    /// <summary>From the instant zero to the end of the text.</summary>
    public TimeSpan Length { get; } = length;

    /// <summary>The text it was read from; empty when it was made otherwise.</summary>
    public string Source { get; } = source;
}
