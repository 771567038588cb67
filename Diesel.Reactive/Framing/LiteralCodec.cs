using System.Buffers;

namespace Diesel.Reactive;

internal sealed class LiteralCodec(byte[] literal) : Codec<ReadOnlyMemory<byte>>
{
    public override Decoder<ReadOnlyMemory<byte>> CreateDecoder() => new LiteralDecoder(literal);

    public override void Encode(ReadOnlyMemory<byte> value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!value.Span.SequenceEqual(literal))
        {
            throw new ArgumentException($"The frame is {Convert.ToHexString(literal)}, and nothing else.", nameof(value));
        }

        output.Write(literal);
    }
}
