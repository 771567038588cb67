namespace Diesel.Reactive;

internal sealed class ComposedSelectDecoder<T, TResult>(Decoder<T> source, Func<T, TResult> selector) : ComposedDecoder<TResult>
{
    public override void Reset() => ((IComposedDecoder)source).Reset();

    protected override bool TryStep(GrammarRun run, out TResult frame)
    {
        var found = source.TryPart(run, out var value);
        frame = found ? selector(value) : default!;
        return found;
    }
}
