using System.Diagnostics.CodeAnalysis;
using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>How the values on both sides of a comparison are written: what meets an expectation, as the expectation writes it;
/// what is too long for a diagram, as a letter.</summary>
internal sealed class ComparedValues<T>
{
    private readonly IReadOnlyList<ExpectedNotification<T>> _expected;
    private readonly Recording<T> _actual;
    private readonly MarbleNames<T> _names;
    private readonly Dictionary<string, T> _named;
    private readonly int[] _partners;

    public ComparedValues(IReadOnlyList<ExpectedNotification<T>> expected, Recording<T> actual, MarbleValues<T> values, int[] partners)
    {
        (_expected, _actual, _partners) = (expected, actual, partners);
        _named = values.Values.ToDictionary(named => named.Name, named => named.Value);
        var told = actual.Where((one, i) => one.Notification.HasValue && partners[i] < 0).Select(one => one.Notification.Value);
        var written = expected.Where(one => one.Spelling?.Kind == MarbleSpellingKind.Name).Select(one => one.Spelling!.Text);
        _names = new(LongValues().Concat(told), values, MarbleNotation.IsLong, written);
        foreach (var (name, value) in _names.Named) _named.TryAdd(name, value);
        ExpectedDiagram = new([.. expected.Select((one, i) => new MarbleEvent(one.Time, one.Kind, Expected(i), AnyOrder: one.AnyOrder))], TimeSpan.Zero);
        ActualDiagram = new([.. actual.Select((one, i) => new MarbleEvent(one.Time, MarbleDisposal.KindOf(one.Notification), Actual(i)))], TimeSpan.Zero);
    }

    public MarbleDiagram ExpectedDiagram { get; }

    public MarbleDiagram ActualDiagram { get; }

    /// <summary>The value that a diagram means; false: it is a matcher's, or unknown.</summary>
    public bool TryValue(int expected, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        var spelling = _expected[expected].Spelling;
        if (spelling is null) return false;
        var has = (spelling.Kind == MarbleSpellingKind.Name && _named.TryGetValue(spelling.Text, out value)) || MarbleLiteral.TryRead(spelling, out value);
        return has && Meets(expected, Notification.CreateOnNext(value!));
    }

    /// <summary>Whether something would meet an expectation.</summary>
    public bool Meets(int expected, Notification<T> told)
    {
        try
        {
            return _expected[expected].Matches(told);
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>What the names among some spellings stand for.</summary>
    public IEnumerable<string> Legend(IEnumerable<MarbleSpelling> spellings)
    {
        var used = spellings.Where(spelling => spelling.Kind == MarbleSpellingKind.Name).Select(spelling => spelling.Text).ToHashSet();
        return _names.Named.Where(named => used.Contains(named.Name) && ValueText.Of(named.Value) != named.Name)
            .Select(named => $"{named.Name}={ValueText.Of(named.Value)}");
    }

    /// <summary>What all names stand for that do not stand for themselves.</summary>
    public IReadOnlyDictionary<string, string> Meanings => _names.Named.DistinctBy(static named => named.Name)
        .Select(static named => (named.Name, Text: ValueText.Of(named.Value))).Where(static named => named.Text != named.Name).ToDictionary(static named => named.Name, static named => named.Text);

    /// <summary>How an expected value is written; null: it is no value.</summary>
    public MarbleSpelling? Expected(int index) => _expected[index].Spelling is { } spelling && MarbleNotation.IsLong(spelling) && TryValue(index, out var value)
        ? _names[value] : _expected[index].Spelling;

    /// <summary>How a value that was told is written; null: it is no value.</summary>
    public MarbleSpelling? Actual(int index) => !_actual[index].Notification.HasValue ? null
        : _partners[index] >= 0 ? Expected(_partners[index]) : _names[_actual[index].Notification.Value];

    private IEnumerable<T> LongValues()
    {
        for (var i = 0; i < _expected.Count; i++)
        {
            if (_expected[i].Spelling is { } spelling && MarbleNotation.IsLong(spelling) && TryValue(i, out var value)) yield return value;
        }
    }
}
