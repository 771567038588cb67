namespace Diesel.Reactive;

internal sealed class OrDecoder<T>(Framing<T> first, Framing<T> second) : ComposedDecoder<T>
{
    private const long NotBegun = -1;

    private Decoder<T>? _first;
    private Decoder<T>? _second;
    private bool _firstFailed;
    private long _start = NotBegun;

    // Once bytes are gone that the second alternative would have to start with, it is the first's frame or none.
    public override bool CanGoBack(GrammarRun run) => !_firstFailed && run.CanGoBack(_start);

    public override void GoBack(GrammarRun run)
    {
        (_first, _firstFailed) = (null, true);
        run.GoBack(_start);
    }

    public override void Reset()
    {
        (_first, _second) = (null, null);
        StartOver();
    }

    protected override bool TryStep(GrammarRun run, out T frame)
    {
        if (_start == NotBegun)
        {
            _start = run.Position;
        }

        var found = _firstFailed
            ? (_second ??= second.CreateDecoder()).TryPart(run, out frame)
            : (_first ??= first.CreateDecoder()).TryPart(run, out frame);
        if (found)
        {
            StartOver();
        }

        return found;
    }

    private void StartOver() => (_start, _firstFailed) = (NotBegun, false);
}
