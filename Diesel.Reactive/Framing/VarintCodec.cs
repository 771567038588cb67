using System.Buffers;
using System.Numerics;

namespace Diesel.Reactive;

internal sealed class VarintCodec(int maxBytes) : Codec<ulong>
{
    private const int BitsPerByte = 7;

    public override Decoder<ulong> CreateDecoder() => new VarintDecoder(maxBytes);

    public override void Encode(ulong value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var length = BitOperations.Log2(value) / BitsPerByte + 1;
        if (length > maxBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"The number takes {length} bytes, at most {maxBytes} are allowed.");
        }

        var bytes = output.GetSpan(length);
        var last = length - 1;
        for (var i = 0; i < last; i++, value >>= BitsPerByte)
        {
            bytes[i] = (byte)(value | 0x80);
        }

        bytes[last] = (byte)value;
        output.Advance(length);
    }
}
