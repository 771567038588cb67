namespace Diesel.Reactive.Testing;

/// <summary>Streams of one type as values of another stream.</summary>
internal sealed class InnerStream<TOuter, TInner> : InnerStream<TOuter>
{
    protected override TOuter Recorded(MarbleRun run, TOuter value, string what)
    {
        if (value is null)
        {
            return value;
        }

        var recorder = new Recorder<TInner>(run, $"a stream within {what}", run.Scheduler.Elapsed);
        run.Subscribe((IObservable<TInner>)value, recorder);
        return (TOuter)(object)new InnerRecording<TInner>(recorder.Recording);
    }

    protected override TOuter Expected(TOuter value) =>
        value is IMarbleSource source ? (TOuter)(object)new InnerRecording<TInner>(source.AsInner<TInner>()) : value;
}
