using System.Buffers;

namespace Diesel.Reactive;

internal sealed class BytesCodec(int count) : Codec<ReadOnlyMemory<byte>>
{
    // It remembers nothing, so that one serves all readers: grammars make these per frame.
    private readonly BytesDecoder _decoder = new(count);

    public override Decoder<ReadOnlyMemory<byte>> CreateDecoder() => _decoder;

    public override void Encode(ReadOnlyMemory<byte> value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (value.Length != count)
        {
            throw new ArgumentException($"A frame has {count} bytes, not {value.Length}.", nameof(value));
        }

        output.Write(value.Span);
    }
}
