namespace Diesel.Reactive;

/// <summary>Of a source that is made of no others: it stays one itself.</summary>
internal sealed class SelectDecoder<T, TResult>(Decoder<T> source, Func<T, TResult> selector) : Decoder<TResult>
{
    public static Decoder<TResult> Of(Decoder<T> source, Func<T, TResult> selector) =>
        source is IComposedDecoder ? new ComposedSelectDecoder<T, TResult>(source, selector) : new SelectDecoder<T, TResult>(source, selector);

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out TResult frame, out int consumed)
    {
        GrammarDepth.Check();
        return Selected(source.TryDecode(buffer, out var value, out consumed), value, out frame);
    }

    public override bool TryDecodeEnd(ReadOnlyMemory<byte> buffer, out TResult frame, out int consumed)
    {
        GrammarDepth.Check();
        return Selected(source.TryDecodeEnd(buffer, out var value, out consumed), value, out frame);
    }

    public override int Missing(int buffered) => source.Missing(buffered);

    private bool Selected(bool found, T value, out TResult frame)
    {
        frame = found ? selector(value) : default!;
        return found;
    }
}
