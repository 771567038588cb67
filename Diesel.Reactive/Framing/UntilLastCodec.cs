using System.Buffers;

namespace Diesel.Reactive;

internal sealed class UntilLastCodec<T>(Codec<T> item, Func<T, bool> isLast, int maxCount) : ComposedCodec<IReadOnlyList<T>>
{
    public override Decoder<IReadOnlyList<T>> CreateDecoder() => new UntilLastDecoder<T>(item, isLast, maxCount);

    internal override void EncodePart(IReadOnlyList<T> value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(value);
        ManyEncoding.ThrowIfMore(value.Count, maxCount);
        if (value.Count == 0)
        {
            throw new ArgumentException("There is a last item, and so at least one.", nameof(value));
        }

        for (var i = 0; i < value.Count; i++)
        {
            if (isLast(value[i]) != (i == value.Count - 1))
            {
                throw new ArgumentException($"Item {i} of {value.Count} {(i == value.Count - 1 ? "is the last and does not say so" : "says that it is the last")}.", nameof(value));
            }

            item.EncodePart(value[i], output);
        }
    }
}
