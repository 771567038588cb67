namespace Diesel.Reactive;

internal sealed class SelectDecoder<T, TResult>(Decoder<T> source, Func<T, TResult> selector) : Decoder<TResult>
{
    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out TResult frame, out int consumed)
    {
        GrammarDepth.Check();
        if (!source.TryDecode(buffer, out var value, out consumed))
        {
            frame = default!;
            return false;
        }

        frame = selector(value);
        return true;
    }
}
