using System.Diagnostics;
using System.Reactive.Disposables;
using System.Runtime.ExceptionServices;

namespace Diesel.Reactive.Testing;

/// <summary>One test while it runs: its clock, its sources, what it observes and expects.</summary>
[StackTraceHidden]
internal sealed class MarbleRun(MarbleOptions options)
{
    // Of what repeats for ever, enough.
    private const int MostActionsAfterBody = 1000;

    private readonly VirtualRun _virtual = new(new() { MaxActions = options.MaxActions }, new()) { Patience = options.Settle };
    private readonly List<IExpectation> _expectations = [];
    private readonly List<IDisposable> _subscriptions = [];
    private readonly List<HubError> _hubErrors = [];
    private readonly Dictionary<string, int> _names = [];
    private VirtualNetwork? _network;
    private HostHubs? _hubs;
    private bool _acts;
    private bool _records;

    public MarbleOptions Options => options;

    public MarbleScheduler Scheduler => _virtual.Scheduler;

    public List<IMarbleSource> Sources { get; } = [];

    public DuplexPeers Peers { get; } = new();

    /// <summary>Whether what happens now is no more part of the test.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether what happens now is no more recorded.</summary>
    public bool HasLeft { get; private set; }

    public IReadOnlyList<MarbleRow> Rows => [.. Sources.Where(source => source.IsUsed).Select(source => source.Row)];

    public VirtualNetwork Network => _network ??= new VirtualNetwork(clock: Scheduler);

    public Hub HubOn(string host) => (_hubs ??= new HostHubs(Scheduler, Network, Reported, host => new DuplexNetworks(host, Peers))).On(host);

    /// <summary>Runs a test from its body to its verdict.</summary>
    public static void Execute(MarbleOptions? options, Action<MarbleRun> body)
    {
        var run = new MarbleRun(options ?? new());
        var outer = VirtualRun.Enter(run._virtual);
        run.Scheduler.Own(run._virtual);
        try
        {
            run.Scheduler.Pump.Run(_ => body(run), null);
            run.Judge();
            run._virtual.ThrowUnseen();
        }
        catch
        {
            run.End();
            throw;
        }
        finally
        {
            run._virtual.Leave(outer);
        }

        if (run.End() is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    public static MarbleReport Failure(string text, MarblePlace? place = null) => new(place is null ? text : $"{text}   ({place})");

    public MarbleDiagram Parse(string marbles, MarbleRole role) => MarbleDiagram.Parse(marbles, role, options.Dialect);

    public MarbleValues<T> Values<T>(MarbleDiagram diagram, ReadOnlySpan<(string Name, T Value)> values, Exception? error)
    {
        if (options.Dialect != MarbleDialect.RxJs7 || typeof(T) != typeof(string) || values.IsEmpty)
        {
            return new(values, error);
        }

        // RxJS looks a name up in an object: what is not there has no value, which helps nobody.
        var known = values.ToArray();
        var missing = diagram.Events.Select(told => told.Spelling?.Text).OfType<string>().Distinct().Except(known.Select(each => each.Name));
        return new([.. known, .. missing.Select(name => (name, (T)(object)name))], error);
    }

    /// <summary>A subscription as a diagram tells it; without one, from now on.</summary>
    public MarbleSubscription Span(string? subscription)
    {
        var now = Scheduler.HasRun ? Scheduler.Elapsed : TimeSpan.Zero;
        var span = subscription is null ? null : MarbleSubscription.Parse(subscription, options.Dialect);
        return span is null || span.Subscribed >= now ? span ?? new(now, null) : throw Past(span.Subscribed);
    }

    public void MustBeToCome(MarbleDiagram diagram)
    {
        if (Scheduler.HasRun && diagram.Events.Count > 0 && diagram.Events[0].Time < Scheduler.Elapsed)
        {
            throw Past(diagram.Events[0].Time);
        }
    }

    public string NameSource(string kind)
    {
        var number = _names[kind] = _names.GetValueOrDefault(kind) + 1;
        return number == 1 ? kind : $"{kind} {number}";
    }

    public IDisposable Subscribe<T>(IObservable<T> source, IObserver<T> observer)
    {
        var subscription = source.Subscribe(observer);
        _subscriptions.Add(subscription);
        return subscription;
    }

    public T Expect<T>(T expectation)
        where T : IExpectation
    {
        if (IsOver)
        {
            throw new InvalidOperationException("The test is over, and what it expects now is compared with nothing: say it in the test's body.");
        }

        _expectations.Add(expectation);
        return expectation;
    }

    public Recording<T> Record<T>(IObservable<T> source, string what)
    {
        Records();
        var recorder = new Recorder<T>(this, what, TimeSpan.Zero);
        Subscribe(source, recorder);
        return recorder.Recording;
    }

    /// <summary>The test asserts by itself what was written down for it.</summary>
    public void Records() => _records = true;

    public void Act(MarbleDiagram diagram, Action<MarbleEvent> act)
    {
        _acts = true;
        MustBeToCome(diagram);
        foreach (var each in diagram.Events.Where(each => each.Kind == MarbleKind.Value))
        {
            Scheduler.ScheduleAt(each.Time, MarbleLane.Hot, () => act(each));
        }
    }

    /// <summary>Runs what is scheduled, up to an instant; null: to the end.</summary>
    public void Advance(TimeSpan? to)
    {
        if (Scheduler.IsEnabled)
        {
            throw new InvalidOperationException(
                "Virtual time runs already. In MarbleTest.RunAsync it runs while the body awaits: await Task.Delay(..., t.TimeProvider) instead.");
        }

        try
        {
            Scheduler.RunTo((to ?? Latest(options.End))?.Ticks);
        }
        catch (EndlessRunException error)
        {
            var rows = _expectations.Select(each => each.Row()).OfType<MarbleRow>().ToArray();
            throw rows.Length == 0 ? error : new EndlessRunException(error, MarbleTable.Draw(rows));
        }
    }

    /// <summary>Runs a body that must not be async.</summary>
    public void Call(Action body)
    {
        body();
        if (Scheduler.Pump.Unawaited > 0)
        {
            throw new InvalidOperationException("The test's body is async, or called an async void method, and nobody awaits its end: use MarbleTest.RunAsync.");
        }
    }

    /// <summary>Runs virtual time while an async body awaits, and after it if something is still to come.</summary>
    public void Await(Func<Task> body)
    {
        var whole = Whole();
        if (!whole.IsCompleted)
        {
            // What was awaited in virtual time is there to be asserted.
            Records();
            Advance(null);
        }

        if (!whole.IsCompleted)
        {
            throw new InvalidOperationException(options.End is { } end && Scheduler.Elapsed >= end
                ? $"The test's body had not ended when the test did, at {TimeText.Of(end)}: await less, or set a later MarbleOptions.End."
                : $"The test's body awaits something that nothing in virtual time will complete; it is {TimeText.Of(Scheduler.Elapsed)} and " +
                  "nothing is scheduled. Pass t.Scheduler or t.TimeProvider to whatever delays or works there, or complete it yourself.");
        }

        whole.GetAwaiter().GetResult();

        async Task Whole()
        {
            try
            {
                await (body() ?? throw new InvalidOperationException("The test's body gave no task: make it async."));
            }
            finally
            {
                Scheduler.Stop();
            }
        }
    }

    /// <summary>Runs what the test itself has still to come.</summary>
    public void Finish(bool always)
    {
        if (always || _acts || _expectations.Count > 0)
        {
            Advance(null);
        }
        else
        {
            RunOut();
        }
    }

    // What is asserted where something is told must have been told. What was recorded, and what fails on a hub, ends with the body.
    private void RunOut()
    {
        HasLeft = true;
        Scheduler.MaxActions = Math.Min(MostActionsAfterBody, options.MaxActions);
        try
        {
            Advance(null);
        }
        catch (EndlessRunException)
        {
            // It has no end, as much of what runs beside a body.
        }
    }

    private static ArgumentException Past(TimeSpan time) =>
        new($"A diagram's times are those of the run, and {TimeText.Of(time)} is past: say it before time passes, or begin with the time that passed.");

    private TimeSpan? Latest(TimeSpan? end) => end < Scheduler.Elapsed ? Scheduler.Elapsed : end;

    private void Reported(HubError error)
    {
        if (!HasLeft)
        {
            _hubErrors.Add(error);
        }
    }

    private void Judge()
    {
        Scheduler.ThrowIfLeaked();
        (IsOver, HasLeft) = (true, true);
        _virtual.Baton.Drop();
        var reports = _expectations.Select(each => each.Judge()).OfType<MarbleReport>().ToList();
        if (_hubErrors.Count > 0 && !options.IgnoreHubErrors)
        {
            reports.Add(Failure($"Errors were reported to the test's hub:{Environment.NewLine}  " +
                string.Join(Environment.NewLine + "  ", _hubErrors) + $"{Environment.NewLine}  Set MarbleOptions.IgnoreHubErrors if they are meant."));
        }

        reports.AddRange(_virtual.LeftBehind().Select(static what => Failure(what)));
        if (_expectations.Count == 0 && !_records && !options.ExpectNothing)
        {
            reports.Add(Failure("The test expects nothing: say t.ExpectObservable(...).ToBe(...), or set MarbleOptions.ExpectNothing."));
        }

        if (reports.Count > 0)
        {
            throw new MarblesDifferException(reports);
        }
    }

    // The first error of user code that is disposed of; one the test met before counts more.
    private Exception? End()
    {
        (IsOver, HasLeft) = (true, true);
        _virtual.Baton.Drop();
        Exception? first = null;
        foreach (var each in _subscriptions.Append(_hubs ?? Disposable.Empty))
        {
            try
            {
                each.Dispose();
            }
            catch (Exception error)
            {
                first ??= error;
            }
        }

        return first;
    }
}
