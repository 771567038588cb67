using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>What the names in diagrams stand for, and the error of <c>#</c>; read in both directions.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <remarks>With no values given, names and texts stand for themselves: as a <see cref="string"/>, as bytes
/// (<see cref="ReadOnlyMemory{T}"/> or an array), as a <see cref="char"/>, or a digit as a number.</remarks>
public sealed class MarbleValues<T>
{
    private readonly Dictionary<string, T> _values = [];

    /// <summary>Makes a list of names.</summary>
    /// <param name="values">Each name once, and one character as a reader sees it; empty: they stand for themselves.</param>
    /// <param name="error">What <c>#</c> stands for; null: a <see cref="MarbleException"/>.</param>
    /// <exception cref="ArgumentException">A name is there twice, or no diagram can write it.</exception>
    public MarbleValues(ReadOnlySpan<(string Name, T Value)> values, Exception? error = null)
    {
        Error = error ?? new MarbleException();
        Values = values.ToArray();
        foreach (var (name, value) in Values)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(values));
            if (!MarbleName.CanBe(name))
                throw new ArgumentException($"'{name}' can be no name: write one character that is no sign of a diagram.", nameof(values));
            if (!_values.TryAdd(name, value))
                throw new ArgumentException($"The name '{name}' is there twice: remove one.", nameof(values));
        }
    }

    /// <summary>What <c>#</c> stands for.</summary>
    public Exception Error { get; }

    /// <summary>The names and their values, as they were given.</summary>
    public IReadOnlyList<(string Name, T Value)> Values { get; }

    /// <summary>Gives the values of a diagram their meaning; subscriptions in it are left out.</summary>
    /// <param name="diagram">In any role.</param>
    /// <exception cref="MarbleSyntaxException">A value means nothing here; the message says which are known.</exception>
    public Recording<T> Resolve(MarbleDiagram diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        return new([.. diagram.Events.Select(e => (e.Time, Told: Told(diagram, e))).Where(e => e.Told is not null)
            .Select(e => new RecordedNotification<T>(e.Time, e.Told!))]);
    }

    /// <summary>The name of a value, the first if there are several; null: it has none.</summary>
    /// <param name="value">Compared as in a <see cref="Recording{T}"/>.</param>
    public string? NameOf(T value) => Values.FirstOrDefault(named => MarbleEquality.Same(named.Value, value)).Name;

    private Notification<T>? Told(MarbleDiagram diagram, MarbleEvent told) => told.Kind switch
    {
        MarbleKind.Value => Notification.CreateOnNext(ValueOf(diagram, told.Spelling!, told.Column)),
        MarbleKind.Completed => Notification.CreateOnCompleted<T>(),
        MarbleKind.Failed => Notification.CreateOnError<T>(Error),
        _ => null,
    };

    private T ValueOf(MarbleDiagram diagram, MarbleSpelling spelling, int column)
    {
        var isName = spelling.Kind == MarbleSpellingKind.Name;
        if (isName && _values.TryGetValue(spelling.Text, out var value)) return value;
        if ((!isName || _values.Count == 0) && MarbleLiteral.TryRead<T>(spelling, out var literal)) return literal;
        throw new MarbleSyntaxException(diagram.Source, Math.Max(column, 0), Unknown(spelling, isName));
    }

    private string Unknown(MarbleSpelling spelling, bool isName) => (isName, _values.Count) switch
    {
        (false, _) => $"{spelling} is no {typeof(T).Name}: give the value a name, and write the name here.",
        (true, 0) => $"'{spelling}' means no {typeof(T).Name} by itself: pass its value, (\"{spelling}\", …).",
        _ =>
            $"'{spelling}' has no value; known are {string.Join(", ", Values.Select(named => named.Name))}: pass (\"{spelling}\", …), or write one of these.",
    };
}
