namespace Diesel.Reactive.Testing;

/// <summary>An observable that is recorded between the instants of a subscription diagram.</summary>
internal sealed class Observation<T>
{
    private const int ShownValues = 10;

    private readonly MarbleRun _run;
    private readonly MarbleSubscription _span;
    private readonly Recorder<T> _recorder;

    public Observation(MarbleRun run, IObservable<T> actual, string? subscription, string title, MarblePlace place)
        : this(run, actual, run.Span(subscription), title, place)
    {
    }

    private Observation(MarbleRun run, IObservable<T> actual, MarbleSubscription span, string title, MarblePlace place)
    {
        (_run, _span, Title, Place) = (run, span, title, place);
        _recorder = new(run, title, TimeSpan.Zero);
        run.Scheduler.ScheduleAt(span.Subscribed, MarbleLane.Subscribe, () =>
        {
            var subscription = run.Subscribe(actual, _recorder);
            if (span.Unsubscribed is { } to)
            {
                run.Scheduler.ScheduleAt(to, MarbleLane.Unsubscribe, subscription.Dispose);
            }
        });
    }

    public string Title { get; }

    public MarblePlace Place { get; }

    public Recording<T> Recording => _recorder.Recording;

    public MarbleRow Row
    {
        get
        {
            var shown = new Recording<T>([.. Recording.Take(ShownValues)]);
            var values = shown.Where(told => told.Notification.HasValue).Select(told => told.Notification.Value);
            return new(Title, MarblePrinter.Diagram(shown, new MarbleNames<T>(values, new MarbleValues<T>([]))));
        }
    }

    public Observation<T> Beside(IObservable<T> other) => !_run.Scheduler.HasRun || _span.Subscribed >= _run.Scheduler.Elapsed
        ? new(_run, other, _span, $"what {Title} shall be", Place)
        : throw new InvalidOperationException($"{Title} was subscribed in the past, and what it shall be cannot be any more: say ToBe before time passes.");
}
