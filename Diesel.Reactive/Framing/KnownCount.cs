using System.Buffers;

namespace Diesel.Reactive;

/// <summary>A count that takes no bytes, since both sides know it.</summary>
internal sealed class KnownCount(ulong count) : Codec<ulong>
{
    private readonly ReturnDecoder<ulong> _decoder = new(count);

    public override Decoder<ulong> CreateDecoder() => _decoder;

    public override void Encode(ulong value, IBufferWriter<byte> output)
    {
        if (value != count)
        {
            throw new ArgumentException($"A frame has {count} items, not {value}.", nameof(value));
        }
    }
}
