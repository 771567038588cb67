using System.Reactive;
using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>What a test expects an observable to tell. Nothing is compared before the test ends.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <remarks>Values are compared by their own equality, and a class of the test's that has none by its public members; bytes, lists and arrays by
/// content, errors by type and message. Values that are streams themselves, or tuples with streams, are subscribed when they are told, and compared
/// in depth, with times from that instant; connections and datagram sockets are not, because they have one reader. Streams inside records are
/// compared as their own equality has it; so are those whose type is known as more than <see cref="IObservable{T}"/>, beyond the third level.
/// With the environment variable <c>MARBLES_UPDATE=1</c> a diagram that differs is rewritten in the test's source to what came.</remarks>
public sealed class ObservableExpectation<T> : IExpectation
{
    private readonly MarbleRun _run;
    private readonly Observation<T> _actual;
    private IEqualityComparer<T>? _comparer;
    private Predicate<Exception>? _error;
    private Dictionary<string, Predicate<T>> _matchers = [];
    private MarbleValues<T>? _known;
    private string? _written;
    private Func<(IReadOnlyList<ExpectedNotification<T>> Expected, MarbleValues<T> Values)>? _expected;

    internal ObservableExpectation(MarbleRun run, Observation<T> actual) => (_run, _actual) = (run, actual);

    /// <summary>Compares values in another way than by their own equality.</summary>
    /// <param name="comparer">Is given the expected value first.</param>
    /// <returns>This expectation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="comparer"/> is null.</exception>
    public ObservableExpectation<T> WithComparer(IEqualityComparer<T> comparer)
    {
        ArgumentNullException.ThrowIfNull(comparer);
        _comparer = comparer;
        return this;
    }

    /// <summary>Says which errors <c>#</c> stands for; else one of the same type and message as that of the diagram.</summary>
    /// <param name="isExpected">Whether an error is one of them.</param>
    /// <returns>This expectation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="isExpected"/> is null.</exception>
    public ObservableExpectation<T> WithError(Predicate<Exception> isExpected)
    {
        ArgumentNullException.ThrowIfNull(isExpected);
        _error = isExpected;
        return this;
    }

    /// <summary>It shall follow a diagram whose names stand for themselves.</summary>
    /// <param name="marbles">Times are those of the run.</param>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules, or a name means nothing.</exception>
    public void ToBe(string marbles) => Expect(marbles, null, []);

    /// <summary>It shall follow a diagram.</summary>
    /// <param name="marbles">Times are those of the run.</param>
    /// <param name="values">What its names stand for.</param>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules, or a name has no value.</exception>
    [OverloadResolutionPriority(1)]
    public void ToBe(string marbles, params ReadOnlySpan<(string Name, T Value)> values) => Expect(marbles, null, Marbles(values));

    /// <summary>It shall follow a diagram with an error.</summary>
    /// <param name="marbles">Times are those of the run.</param>
    /// <param name="error">What its <c>#</c> stands for; compared by type and message.</param>
    /// <param name="values">What its names stand for; none: themselves.</param>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules, or a name has no value.</exception>
    public void ToBe(string marbles, Exception error, params ReadOnlySpan<(string Name, T Value)> values)
    {
        ArgumentNullException.ThrowIfNull(error);
        Expect(marbles, error, Marbles(values));
    }

    /// <summary>It shall follow a diagram some of whose values are not known exactly.</summary>
    /// <param name="marbles">Times are those of the run.</param>
    /// <param name="values">What its names stand for: values, <see cref="Marble.Any"/>, or <see cref="Marble.Match{T}"/>.</param>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules, or a name has no value.</exception>
    public void ToBe(string marbles, params ReadOnlySpan<(string Name, Marble<T> Value)> values) => Expect(marbles, null, values.ToArray());

    /// <summary>It shall tell the same as another observable at the same instants.</summary>
    /// <param name="other">Subscribed and unsubscribed when the first is.</param>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The first was subscribed in the past, or what it shall be was said before.</exception>
    public void ToBe(IObservable<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var expected = _actual.Beside(other).Recording;
        Set(() =>
        {
            var values = expected.Concat(_actual.Recording).Where(told => told.Notification.HasValue).Select(told => told.Notification.Value);
            var names = new MarbleNames<T>(values, new MarbleValues<T>([]));
            var diagram = MarblePrinter.Diagram(expected, names);
            return ([.. diagram.Events.Zip(expected, (told, one) => Expected(told, one.Notification))], new MarbleValues<T>([.. names.Named]));
        });
    }

    MarbleReport? IExpectation.Judge()
    {
        if (_expected is null)
        {
            return MarbleRun.Failure($"{_actual.Title} is observed but nothing is expected of it: say .ToBe(...).", _actual.Place);
        }

        var (expected, values) = _expected();
        if (_error is not null && expected.All(told => told.Kind != MarbleKind.Failed))
        {
            return MarbleRun.Failure($"{_actual.Title} is expected WithError, which says what # stands for, but no # is expected of it.", _actual.Place);
        }

        var report = Compare(expected, values);
        return report is not null && MarbleUpdate.IsWanted && _actual.Place.File.EndsWith(".cs", StringComparison.Ordinal) ? Updated(report) : report;
    }

    private MarbleReport? Compare(IReadOnlyList<ExpectedNotification<T>> expected, MarbleValues<T> values) => new MarbleComparison<T>(
        _actual.Title, _actual.Place.File, _actual.Place.Line, expected, _actual.Recording, values, _run.Rows).Compare();

    // What came is written only if it says what came: a value that has no name in the test cannot be said.
    private MarbleReport? Updated(MarbleReport report)
    {
        var after = MarbleTable.Draw(report.Actual[0] with { Label = "" });
        var why = "the test has no name for one of its values, or another error";
        try
        {
            if (_written is null)
            {
                why = "another observable says what it shall be";
            }
            else if (Compare(Expected(after), _known!) is null)
            {
                why = LiteralUpdate.Write(_actual.Place, nameof(ToBe), _written, after);
            }
        }
        catch (MarbleSyntaxException)
        {
            // A name of the report's that the test does not know.
        }

        return why is null ? null : MarbleRun.Failure($"{report.Text}{Environment.NewLine}  Not updated: {why}.");
    }

    MarbleRow? IExpectation.Row() => _actual.Row;

    private static (string, Marble<T>)[] Marbles(ReadOnlySpan<(string Name, T Value)> values)
    {
        var marbles = new (string, Marble<T>)[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // Where T is an object, the compiler finds a matcher to be one as well.
            marbles[i] = (values[i].Name, (object?)values[i].Value is Marble<T> matcher ? matcher
                : values[i].Value is AnyMarble any ? any : values[i].Value);
        }

        return marbles;
    }

    private void Expect(string marbles, Exception? error, (string Name, Marble<T> Value)[] values)
    {
        var diagram = _run.Parse(marbles, MarbleRole.Expected);
        if (values.GroupBy(each => each.Name).FirstOrDefault(same => same.Skip(1).Any()) is { Key: var twice })
        {
            throw new ArgumentException($"The name '{twice}' is there twice: remove one.", nameof(values));
        }

        _matchers = values.Where(each => each.Value.Matches is not null).ToDictionary(each => each.Name, each => each.Value.Matches!);
        (_written, _known) = (marbles, _run.Values<T>(diagram, [.. values.Where(each => each.Value.Matches is null)
            .Select(each => (each.Name, InnerStream<T>.Expect(each.Value.Value)))], error));
        var (expected, known) = (Expected(diagram), _known);
        Set(() => (expected, known));
    }

    private ExpectedNotification<T>[] Expected(string marbles) => Expected(_run.Parse(marbles, MarbleRole.Expected));

    private ExpectedNotification<T>[] Expected(MarbleDiagram diagram) => [.. diagram.Events.Select(told =>
        told.Spelling is { Kind: MarbleSpellingKind.Name } name && _matchers.TryGetValue(name.Text, out var matches)
            ? new(told.Time, told.Kind, name, actual => actual.HasValue && matches(actual.Value), told.AnyOrder)
            : Expected(told, _known!.Resolve(new MarbleDiagram([told], diagram.Length, diagram.Source))[0].Notification))];

    private ExpectedNotification<T> Expected(MarbleEvent told, Notification<T> expected) =>
        new(told.Time, told.Kind, told.Spelling, actual => Matches(expected, actual), told.AnyOrder);

    private bool Matches(Notification<T> expected, Notification<T> actual) =>
        _error is not null && expected.Kind == NotificationKind.OnError && actual.Kind == NotificationKind.OnError
            ? _error(actual.Exception!) : MarbleEquality.Same(expected, actual, _comparer);

    private void Set(Func<(IReadOnlyList<ExpectedNotification<T>> Expected, MarbleValues<T> Values)> expected) =>
        _expected = _expected is null ? expected
            : throw new InvalidOperationException($"What {_actual.Title} shall be was said before: observe it again to expect something else.");
}
