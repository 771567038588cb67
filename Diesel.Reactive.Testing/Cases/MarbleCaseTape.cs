using System.Reactive.Linq;

namespace Diesel.Reactive.Testing;

/// <summary>Writes down what comes for a row, in the words of its case.</summary>
internal sealed class MarbleCaseTape(MarbleCase @case, MarbleScheduler clock)
{
    private readonly List<MarbleEvent> _events = [];

    public MarbleDiagram Diagram => new([.. _events], _events is [.., var last] ? last.Time : TimeSpan.Zero);

    /// <summary>The same stream, written down when it is observed.</summary>
    public IObservable<T> Beside<T>(IObservable<T> stream, Func<T, MarbleSpelling> spell) => stream.Do(
        value => Add(MarbleKind.Value, Named(spell(value))), _ => Add(MarbleKind.Failed), () => Add(MarbleKind.Completed));

    private void Add(MarbleKind kind, MarbleSpelling? spelling = null) => _events.Add(new(clock.Elapsed, kind, spelling));

    private MarbleSpelling Named(MarbleSpelling value) =>
        @case.Definitions.FirstOrDefault(known => known.Name != "#" && known.Value.Bytes.Span.SequenceEqual(value.Bytes.Span)) is { } known
            ? MarbleSpelling.Name(known.Name)
            : @case.Definition(value.Text) is null ? value : NaturalSpelling.Quoted(value);
}
