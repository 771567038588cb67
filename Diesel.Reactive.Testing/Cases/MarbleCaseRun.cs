using System.Reactive.Linq;

namespace Diesel.Reactive.Testing;

/// <summary>A case of a <c>.marble</c> file while it runs: its rows by their names. Every row must be used.</summary>
public sealed class MarbleCaseRun
{
    private readonly MarbleCase _case;
    private readonly HashSet<string> _used = [];
    private readonly Dictionary<string, object> _sources = [];
    private readonly Dictionary<string, MarbleCaseTape> _tapes = [];

    private MarbleCaseRun(MarbleCase marble, MarbleTest test) => (_case, Test) = (marble, test);

    /// <summary>The marble test that runs, for what has no row.</summary>
    public MarbleTest Test { get; }

    /// <summary>The test's virtual time: give it to the operators under test.</summary>
    public MarbleScheduler Scheduler => Test.Scheduler;

    /// <summary>A source of chunks of bytes; asked for twice, the same.</summary>
    /// <param name="name">Of a <c>hot</c>, <c>cold</c> or <c>rx</c> row.</param>
    /// <returns>The source; names and texts are UTF-8.</returns>
    /// <exception cref="InvalidOperationException">There is no such row, or it was asked for as something else.</exception>
    public MarbleSource<ReadOnlyMemory<byte>> Bytes(string name) => Source(name, meant => meant.Bytes);

    /// <summary>A source of texts; asked for twice, the same.</summary>
    /// <param name="name">Of a <c>hot</c>, <c>cold</c> or <c>rx</c> row.</param>
    /// <returns>The source; names without a definition stand for themselves.</returns>
    /// <exception cref="InvalidOperationException">There is no such row, or it was asked for as something else.</exception>
    public MarbleSource<string> Strings(string name) => Source(name, meant => meant.Text);

    /// <summary>A source of whatever its texts mean; asked for twice, the same.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="name">Of a <c>hot</c>, <c>cold</c> or <c>rx</c> row.</param>
    /// <param name="read">What a definition's text, or a name without one, means. <c>Strings</c> makes it an inner stream.</param>
    /// <returns>The source.</returns>
    /// <exception cref="InvalidOperationException">There is no such row, or it was asked for as something else.</exception>
    public MarbleSource<T> Values<T>(string name, Func<string, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return Source(name, meant => read(meant.Text));
    }

    /// <summary>The length of a <c>time</c> row.</summary>
    /// <param name="name">Of the row.</param>
    /// <returns>The time of its <c>|</c>.</returns>
    /// <exception cref="InvalidOperationException">There is no such row.</exception>
    public TimeSpan Time(string name) => Test.Time(Use(name, row => row.Role == MarbleRowRole.Time, "time").Marbles);

    /// <summary>Does something at the instants of a row: for operators that are called, not subscribed.</summary>
    /// <param name="name">Of a <c>hot</c>, <c>cold</c> or <c>rx</c> row.</param>
    /// <param name="act">Is given what the name or text there means.</param>
    /// <exception cref="InvalidOperationException">There is no such row.</exception>
    public void On(string name, Action<string> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        var row = Use(name, row => row.IsSource, "source");
        Test.State.Act(row.Diagram, each => act(_case.Meaning(each.Spelling!).Text));
    }

    /// <summary>The scripted peer of the case's rows <c>rx</c>, <c>tx</c> and <c>window</c>.</summary>
    /// <returns>The peer: a new one with each call.</returns>
    /// <exception cref="ArgumentException">The case has no <c>rx</c>, or several rows of one role.</exception>
    public MarbleDuplex Duplex()
    {
        _used.UnionWith(_case.Rows.Where(row => row.Role is MarbleRowRole.Rx or MarbleRowRole.Tx or MarbleRowRole.Window).Select(row => row.Name));
        return Test.Duplex(_case);
    }

    /// <summary>Any row, for a test that reads it itself.</summary>
    /// <param name="name">Of the row.</param>
    /// <returns>Its diagram.</returns>
    /// <exception cref="InvalidOperationException">There is no such row.</exception>
    public MarbleDiagram Diagram(string name) => Use(name, row => row.Role is not (MarbleRowRole.Note or MarbleRowRole.Subs), "row").Diagram;

    /// <summary>A row shall be what an observable tells.</summary>
    /// <typeparam name="T">The values: bytes are compared as bytes, all else by its spelling.</typeparam>
    /// <param name="name">Of an <c>expect</c>, <c>frames</c> or <c>tx</c> row.</param>
    /// <param name="actual">Is observed from the instant zero, or as the <c>subs</c> row of this name says.</param>
    /// <param name="spell">What the file calls a value; null: a text as it is, a number as in code, a date or time of day as ISO 8601
    /// has it, all else by its own <c>ToString</c>.</param>
    /// <exception cref="InvalidOperationException">There is no such row.</exception>
    /// <remarks>Where the case says what <c>#</c> is, an error fits that has this type's name, or this message, or is both
    /// with <c>: </c> between.</remarks>
    public void Expect<T>(string name, IObservable<T> actual, Func<T, string>? spell = null)
    {
        ArgumentNullException.ThrowIfNull(actual);
        var row = Use(name, row => row.IsExpected, "expected");
        switch (actual)
        {
            case IObservable<ReadOnlyMemory<byte>> bytes when spell is null:
                Observe(row, bytes, bytes => NaturalSpelling.Of(bytes)!, meant => meant.Bytes);
                break;
            case IObservable<byte[]> bytes when spell is null:
                Observe(row, bytes.Select(b => (ReadOnlyMemory<byte>)b), bytes => NaturalSpelling.Of(bytes)!, meant => meant.Bytes);
                break;
            default:
                Observe(row, actual.Select(spell ?? Spell), text => NaturalSpelling.Of(text)!, meant => meant.Text);
                break;
        }
    }

    /// <summary>A row shall be the streams that an observable tells; each value of the row names a <c>cold</c> row, which says what that stream tells.</summary>
    /// <typeparam name="T">The values of the streams, compared by their spelling.</typeparam>
    /// <param name="name">Of an <c>expect</c> row.</param>
    /// <param name="actual">Observed as <see cref="Expect{T}"/> says; its streams from the instant they are told.</param>
    /// <param name="spell">As <see cref="Expect{T}"/> says.</param>
    /// <exception cref="InvalidOperationException">There is no such row, or none that a value names.</exception>
    public void ExpectStreams<T>(string name, IObservable<IObservable<T>> actual, Func<T, string>? spell = null)
    {
        ArgumentNullException.ThrowIfNull(actual);
        var row = Use(name, static row => row.Role == MarbleRowRole.Expect, "expect");
        var names = new Queue<MarbleSpelling>(row.Diagram.Events.Select(static told => told.Spelling).OfType<MarbleSpelling>());
        Observe<IObservable<string>>(row, actual.Select(stream => stream.Select(spell ?? Spell)), _ => names.TryDequeue(out var next) ? next : MarbleSpelling.Quoted("stream"), meant =>
        {
            var inner = Use(meant.Text, static row => row.Role == MarbleRowRole.Cold, "cold");
            return Test.Cold(inner.Marbles, new MarbleException(_case.Definition("#")?.Text ?? "error"), Names(inner, static each => each.Text));
        });
    }

    /// <summary>Runs a case.</summary>
    internal static void Execute(MarbleCase marble, Action<MarbleCaseRun> body, MarbleOptions? options)
    {
        MarbleCaseRun? run = null;
        try
        {
            MarbleTest.Run(
                test =>
                {
                    run = new(marble, test);
                    body(run);
                    run.MustUseAll();
                },
                options);
        }
        catch (MarblesDifferException difference)
        {
            throw new MarbleCaseFailedException(marble, run!._tapes.ToDictionary(tape => tape.Key, tape => tape.Value.Diagram), difference);
        }
    }

    /// <summary>The one row nobody compared with anything shall be what an observable tells.</summary>
    internal void ExpectRest<T>(IObservable<T> actual, Func<T, string>? spell)
    {
        var rest = _case.Rows.Where(row => row.IsExpected && !_used.Contains(row.Name)).ToList();
        Expect(rest is [var row] ? row.Name : throw Wrong(_case.Line,
            $"A result is compared with one row, and the case has {rest.Count} for it: say m.Expect(name, ...) for each."), actual, spell);
    }

    private void Observe<T>(MarbleFileRow row, IObservable<T> actual, Func<T, MarbleSpelling> spell, Func<MarbleSpelling, T> read)
    {
        var tape = _tapes[row.Name] = new(_case, Scheduler);
        var expectation = Test.ExpectObservable(tape.Beside(actual, spell), Subscriptions(row.Name).FirstOrDefault(), row.Name, _case.Path, row.Line);
        if (_case.Definition("#") is { Text: var error } && row.Diagram.Events.Any(static each => each.Kind == MarbleKind.Failed))
        {
            expectation.WithError(e => error == e.Message || error == e.GetType().Name || error == $"{e.GetType().Name}: {e.Message}");
        }

        expectation.ToBe(row.Marbles, Names(row, read));
    }

    private MarbleSource<T> Source<T>(string name, Func<MarbleSpelling, T> read)
    {
        var row = Use(name, row => row.IsSource, "source");
        if (!_sources.TryGetValue(name, out var known))
        {
            var error = new MarbleException(_case.Definition("#")?.Text ?? "error");
            var source = row.Role == MarbleRowRole.Cold
                ? Test.Cold(row.Marbles, error, Names(row, read)).Named(name)
                : Test.Hot(row.Marbles, error, Names(row, read)).Named(name);
            if (_case.Rows.FirstOrDefault(each => each.Role == MarbleRowRole.Subs && each.Name == name) is { } first)
            {
                Test.ExpectSubscriptions(source, name, _case.Path, first.Line).ToBe(Subscriptions(name));
            }

            _sources[name] = known = source;
        }

        return known as MarbleSource<T> ?? throw Wrong(
            row.Line, $"'{name}' was asked for with other values than {typeof(T).Name} before: ask for the same.");
    }

    private (string Name, T Value)[] Names<T>(MarbleFileRow row, Func<MarbleSpelling, T> read) =>
        [.. row.Diagram.Events.Select(e => e.Spelling).OfType<MarbleSpelling>().Where(written => written.Kind == MarbleSpellingKind.Name)
            .Distinct().Select(written => (written.Text, read(_case.Meaning(written))))];

    private string[] Subscriptions(string name) =>
        [.. _case.Rows.Where(row => row.Role == MarbleRowRole.Subs && row.Name == name).Select(row => row.Marbles)];

    private MarbleFileRow Use(string name, Func<MarbleFileRow, bool> fits, string kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        var rows = _case.Rows.Where(row => row.Role is not (MarbleRowRole.Subs or MarbleRowRole.Note) && fits(row)).ToList();
        var row = rows.Find(row => row.Name == name) ?? throw Wrong(_case.Line,
            $"The test asks for a {kind} row '{name}', and the case has {(rows.Count == 0 ? "none" : string.Join(", ", rows.Select(r => r.Name)))}.");
        _used.Add(name);
        return row;
    }

    private void MustUseAll()
    {
        if (_case.Rows.FirstOrDefault(row => row.Role is not (MarbleRowRole.Note or MarbleRowRole.Subs) && !_used.Contains(row.Name)) is { } row)
        {
            throw Wrong(row.Line, $"The test does not use the row '{row.Name}': remove it from the file, or use it.");
        }

        if (_case.Rows.FirstOrDefault(row => row.Role == MarbleRowRole.Subs && !_sources.ContainsKey(row.Name) && !_tapes.ContainsKey(row.Name)) is { } subs)
        {
            throw Wrong(subs.Line, $"Nobody subscribes to '{subs.Name}' in this test: ask for it with Strings, Bytes, Values or Expect, or remove its subs row.");
        }
    }

    private InvalidOperationException Wrong(int line, string problem) => new($"{_case.Path}:{line}: {problem}");

    private static string Spell<T>(T value) => value switch
    {
        null => "null",
        string text => text,
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ when value.ToString() == value.GetType().ToString() =>
            throw new InvalidOperationException($"The type {value.GetType().Name} has no text of its own: say with spell what the file calls it."),
        _ => value.ToString() ?? "",
    };
}
