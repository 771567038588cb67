using System.Runtime.CompilerServices;

namespace Diesel.Reactive.Testing;

/// <summary>A test in marble diagrams and virtual time.</summary>
/// <remarks>
/// The body makes sources and says what it expects; then virtual time runs until nothing is scheduled, and all expectations are
/// compared. One frame of a diagram is one millisecond of <see cref="Scheduler"/>. At one instant: what is unsubscribed there
/// gets no value any more, what is subscribed there gets those of hot sources, and the rest happens in the order it was
/// scheduled. Errors: <see cref="MarblesDifferException"/> with all differences; what the body or the code under test
/// throws, as it is; <see cref="EndlessRunException"/> when time does not end; <see cref="InvalidOperationException"/> when
/// another thread interferes. Idea: RxJS's <c>TestScheduler.run</c>.
/// </remarks>
public sealed class MarbleTest
{
    private readonly MarbleRun _run;

    private MarbleTest(MarbleRun run) => _run = run;

    /// <summary>The test's virtual time: give it to the operators under test.</summary>
    public MarbleScheduler Scheduler => _run.Scheduler;

    /// <summary>The same time, for async code.</summary>
    public TimeProvider TimeProvider => Scheduler.TimeProvider;

    /// <summary>A network in the test's time; made when it is asked for. Its links take no time and do no harm until its conditions
    /// say so.</summary>
    public VirtualNetwork Network => _run.Network;

    /// <summary>A hub in the test's time, on the host <c>local</c> of <see cref="Network"/>; made when it is asked for, and disposed
    /// at the end. Errors reported to it fail the test, unless <see cref="MarbleOptions.IgnoreHubErrors"/> is set.</summary>
    public Hub Hub => HubOn("local");

    internal MarbleRun State => _run;

    /// <summary>Runs a test.</summary>
    /// <param name="body">Makes the sources and says what is expected.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="MarblesDifferException">Expectations were not met, one was left without a <c>ToBe</c>, or there was
    /// none.</exception>
    public static void Run(Action<MarbleTest> body, MarbleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        MarbleRun.Execute(options, run =>
        {
            run.Call(() => body(new MarbleTest(run)));
            run.Finish(always: true);
        });
    }

    /// <summary>Runs a test whose body awaits things in virtual time.</summary>
    /// <param name="body">While it awaits, virtual time runs. When it has ended, time runs on only for expectations and
    /// <c>On</c>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <returns>The test's end; it has come when the call returns.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <remarks>Errors: as for <see cref="Run"/>, and when the body awaits what nothing in virtual time will complete. They are thrown
    /// by the call and not through the task, so that a test that forgets to return the task fails too. All runs on the caller's
    /// thread.</remarks>
    public static Task RunAsync(Func<MarbleTest, Task> body, MarbleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        MarbleRun.Execute(options, run =>
        {
            run.Await(() => body(new MarbleTest(run)));
            run.Finish(always: false);
        });
        return Task.CompletedTask;
    }

    /// <summary>Gives the hub that runs on a host of <see cref="Network"/>, and makes both when they are new.</summary>
    /// <param name="host">The host's name, which resolves on the network.</param>
    /// <returns>The hub: the same for the same name, until it is disposed; then a new one. In all else as <see cref="Hub"/>.</returns>
    public Hub HubOn(string host) => _run.HubOn(host);

    /// <summary>A hot source of texts: each name stands for itself.</summary>
    /// <param name="marbles">Times are those of the run; a <c>^</c> marks its instant zero.</param>
    /// <param name="error">What <c>#</c> stands for; null: a <see cref="MarbleException"/>.</param>
    /// <returns>The source.</returns>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules.</exception>
    public MarbleSource<string> Hot(string marbles, Exception? error = null) => Source<string>(marbles, error, [], isHot: true);

    /// <summary>A hot source.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="marbles">Times are those of the run; a <c>^</c> marks its instant zero.</param>
    /// <param name="values">What names stand for; none: themselves, where the type allows it.</param>
    /// <returns>The source.</returns>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules, or a name has no value.</exception>
    public MarbleSource<T> Hot<T>(string marbles, params ReadOnlySpan<(string Name, T Value)> values) => Source(marbles, null, values, isHot: true);

    /// <summary>A hot source with an error.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="marbles">Times are those of the run; a <c>^</c> marks its instant zero.</param>
    /// <param name="error">What <c>#</c> stands for.</param>
    /// <param name="values">What names stand for; none: themselves, where the type allows it.</param>
    /// <returns>The source.</returns>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules, or a name has no value.</exception>
    public MarbleSource<T> Hot<T>(string marbles, Exception error, params ReadOnlySpan<(string Name, T Value)> values) =>
        Source(marbles, error, values, isHot: true);

    /// <summary>A cold source of texts: each name stands for itself.</summary>
    /// <param name="marbles">Times are those since a subscription.</param>
    /// <param name="error">What <c>#</c> stands for; null: a <see cref="MarbleException"/>.</param>
    /// <returns>The source.</returns>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules.</exception>
    public MarbleSource<string> Cold(string marbles, Exception? error = null) => Source<string>(marbles, error, [], isHot: false);

    /// <summary>A cold source.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="marbles">Times are those since a subscription.</param>
    /// <param name="values">What names stand for; none: themselves, where the type allows it.</param>
    /// <returns>The source.</returns>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules, or a name has no value.</exception>
    public MarbleSource<T> Cold<T>(string marbles, params ReadOnlySpan<(string Name, T Value)> values) => Source(marbles, null, values, isHot: false);

    /// <summary>A cold source with an error.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="marbles">Times are those since a subscription.</param>
    /// <param name="error">What <c>#</c> stands for.</param>
    /// <param name="values">What names stand for; none: themselves, where the type allows it.</param>
    /// <returns>The source.</returns>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules, or a name has no value.</exception>
    public MarbleSource<T> Cold<T>(string marbles, Exception error, params ReadOnlySpan<(string Name, T Value)> values) =>
        Source(marbles, error, values, isHot: false);

    /// <summary>A hot source of chunks of bytes: <c>--'PI'-'NG\r\n'|</c>.</summary>
    /// <param name="marbles">Each name, text or <c>&lt;0d0a&gt;</c> is one chunk; names and texts are UTF-8.</param>
    /// <param name="error">What <c>#</c> stands for; null: a <see cref="MarbleException"/>.</param>
    /// <returns>The source.</returns>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules.</exception>
    public MarbleSource<ReadOnlyMemory<byte>> HotBytes(string marbles, Exception? error = null) =>
        Source<ReadOnlyMemory<byte>>(marbles, error, [], isHot: true);

    /// <summary>A cold source of chunks of bytes: <c>--'PI'-'NG\r\n'|</c>.</summary>
    /// <param name="marbles">Each name, text or <c>&lt;0d0a&gt;</c> is one chunk; names and texts are UTF-8.</param>
    /// <param name="error">What <c>#</c> stands for; null: a <see cref="MarbleException"/>.</param>
    /// <returns>The source.</returns>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules.</exception>
    public MarbleSource<ReadOnlyMemory<byte>> ColdBytes(string marbles, Exception? error = null) =>
        Source<ReadOnlyMemory<byte>>(marbles, error, [], isHot: false);

    /// <summary>Observes something; say of the result what it shall be.</summary>
    /// <typeparam name="T">The values. Streams among them are observed too.</typeparam>
    /// <param name="actual">Hot or cold.</param>
    /// <param name="subscription"><c>^</c> where to subscribe, <c>!</c> where to unsubscribe; null: from now to the end.</param>
    /// <param name="name">Filled in by the compiler: what a failure calls it.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The expectation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="actual"/> is null.</exception>
    /// <exception cref="MarbleSyntaxException"><paramref name="subscription"/> breaks the rules.</exception>
    public ObservableExpectation<T> ExpectObservable<T>(
        IObservable<T> actual, string? subscription = null,
        [CallerArgumentExpression(nameof(actual))] string name = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(actual);
        return _run.Expect(new ObservableExpectation<T>(_run, new(_run, actual, subscription, name, new(file, line))));
    }

    /// <inheritdoc cref="ExpectObservable{T}(IObservable{T}, string?, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public ObservableExpectation<IObservable<T>> ExpectObservable<T>(
        IObservable<IObservable<T>> actual, string? subscription = null,
        [CallerArgumentExpression(nameof(actual))] string name = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        ExpectObservable<IObservable<T>>(actual, subscription, name, file, line);

    /// <inheritdoc cref="ExpectObservable{T}(IObservable{T}, string?, string, string, int)"/>
    [OverloadResolutionPriority(2)]
    public ObservableExpectation<IObservable<IObservable<T>>> ExpectObservable<T>(
        IObservable<IObservable<IObservable<T>>> actual, string? subscription = null,
        [CallerArgumentExpression(nameof(actual))] string name = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        ExpectObservable<IObservable<IObservable<T>>>(actual, subscription, name, file, line);

    /// <summary>Observes bytes without regard to how they are cut; say of the result what they shall be.</summary>
    /// <param name="actual">Chunks of any size.</param>
    /// <param name="subscription">As for <see cref="ExpectObservable{T}(IObservable{T}, string?, string, string, int)"/>.</param>
    /// <param name="name">Filled in by the compiler: what a failure calls it.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The expectation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="actual"/> is null.</exception>
    /// <exception cref="MarbleSyntaxException"><paramref name="subscription"/> breaks the rules.</exception>
    public BytesExpectation ExpectBytes(
        IObservable<ReadOnlyMemory<byte>> actual, string? subscription = null,
        [CallerArgumentExpression(nameof(actual))] string name = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(actual);
        return _run.Expect(new BytesExpectation(_run, new(_run, actual, subscription, name, new(file, line))));
    }

    /// <summary>Looks at who listens to a source when; say of the result what it shall be.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="source">One of this test's.</param>
    /// <param name="name">Filled in by the compiler: what failures call the source if nothing else was said.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>The expectation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public SubscriptionExpectation ExpectSubscriptions<T>(
        MarbleSource<T> source, [CallerArgumentExpression(nameof(source))] string name = "",
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.NameUnlessNamed(name);
        return _run.Expect(new SubscriptionExpectation(_run, source, source.Subscriptions, new(file, line)));
    }

    /// <summary>Does something at the instants of a diagram, before other work that is scheduled then.</summary>
    /// <param name="marbles">Times are those of the run.</param>
    /// <param name="act">Is given the name or text that stands there.</param>
    /// <exception cref="ArgumentNullException"><paramref name="act"/> is null.</exception>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules.</exception>
    public void On(string marbles, Action<string> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        _run.Act(_run.Parse(marbles, MarbleRole.Cold), each => act(each.Spelling!.Text));
    }

    /// <summary>Does things at the instants of a diagram, before other work that is scheduled then.</summary>
    /// <param name="marbles">Times are those of the run.</param>
    /// <param name="acts">What to do for each name.</param>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules, or there is nothing to do for a name.</exception>
    public void On(string marbles, params ReadOnlySpan<(string Name, Action Act)> acts)
    {
        var diagram = _run.Parse(marbles, MarbleRole.Cold);
        var values = new MarbleValues<Action>(acts);
        values.Resolve(diagram);
        _run.Act(diagram, each => values.Values.First(act => act.Name == each.Spelling!.Text).Value());
    }

    /// <summary>A length of time as a diagram: <c>---|</c> is three milliseconds.</summary>
    /// <param name="marbles">Up to its <c>|</c>.</param>
    /// <returns>The time of the <c>|</c>.</returns>
    /// <exception cref="MarbleSyntaxException">The diagram breaks the rules.</exception>
    public TimeSpan Time(string marbles) => _run.Parse(marbles, MarbleRole.Time).Events.First(each => each.Kind == MarbleKind.Completed).Time;

    /// <summary>Runs virtual time until nothing is scheduled, or to <see cref="MarbleOptions.End"/>. The end of
    /// <see cref="Run"/> does it too.</summary>
    /// <exception cref="InvalidOperationException">Time runs already.</exception>
    public void Flush() => _run.Advance(null);

    /// <summary>Runs virtual time for some time.</summary>
    /// <param name="by">Zero: what is due at this instant.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">Time runs already.</exception>
    public void AdvanceBy(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        _run.Advance(Times.Sum(Scheduler.Elapsed, by));
    }

    /// <summary>Runs virtual time up to an instant, and what is due there.</summary>
    /// <param name="to">From the instant zero.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="to"/> is past.</exception>
    /// <exception cref="InvalidOperationException">Time runs already.</exception>
    public void AdvanceTo(TimeSpan to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, Scheduler.Elapsed);
        _run.Advance(to);
    }

    /// <summary>Subscribes to something now and writes down what it tells.</summary>
    /// <typeparam name="T">The values. Streams among them are recorded too.</typeparam>
    /// <param name="source">Hot or cold.</param>
    /// <param name="name">Filled in by the compiler: what a failure calls it.</param>
    /// <returns>A recording that grows while time passes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public Recording<T> Record<T>(IObservable<T> source, [CallerArgumentExpression(nameof(source))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(source);
        return _run.Record(source, name);
    }

    private MarbleSource<T> Source<T>(string marbles, Exception? error, ReadOnlySpan<(string Name, T Value)> values, bool isHot)
    {
        var diagram = _run.Parse(marbles, isHot ? MarbleRole.Hot : MarbleRole.Cold);
        return new(_run, diagram, _run.Values(diagram, values, error).Resolve(diagram), isHot);
    }
}
