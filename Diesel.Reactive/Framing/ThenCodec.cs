using System.Buffers;

namespace Diesel.Reactive;

internal sealed class ThenCodec<T, TNext>(Codec<T> first, Func<T, Codec<TNext>> next) : ComposedCodec<(T First, TNext Second)>
{
    private readonly Framing<(T, TNext)> _both = first.SelectMany(next, static (head, tail) => (head, tail));

    public override Decoder<(T First, TNext Second)> CreateDecoder() => _both.CreateDecoder();

    internal override void EncodePart((T First, TNext Second) value, IBufferWriter<byte> output)
    {
        var tail = next(value.First) ?? throw new InvalidOperationException("The function given to Then returned null instead of a codec.");
        first.EncodePart(value.First, output);
        tail.EncodePart(value.Second, output);
    }
}
