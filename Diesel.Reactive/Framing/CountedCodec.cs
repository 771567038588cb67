using System.Buffers;

namespace Diesel.Reactive;

internal sealed class CountedCodec<T>(Codec<T> item, Codec<ulong> count, int maxCount) : ComposedCodec<IReadOnlyList<T>>
{
    public override Decoder<IReadOnlyList<T>> CreateDecoder() => new CountedDecoder<T>(item, count, maxCount);

    internal override void EncodePart(IReadOnlyList<T> value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(value);
        ManyEncoding.ThrowIfMore(value.Count, maxCount);
        count.EncodePart((ulong)value.Count, output);
        foreach (var each in value)
        {
            item.EncodePart(each, output);
        }
    }
}
