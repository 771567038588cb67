using System.Buffers;

namespace Diesel.Reactive;

internal sealed class DelimitedCodec(byte[] delimiter, int maxLength, FrameOverflow overflow, bool optionalCr) : Codec<ReadOnlyMemory<byte>>
{
    public override Decoder<ReadOnlyMemory<byte>> CreateDecoder() => new DelimitedDecoder(delimiter, maxLength, overflow, optionalCr);

    public override void Encode(ReadOnlyMemory<byte> value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var bytes = value.Span;
        var found = bytes.IndexOf(delimiter);
        if (found != bytes.Length - delimiter.Length || found < 0)
        {
            throw new ArgumentException(
                $"A frame ends with its delimiter, {Convert.ToHexString(delimiter)}, and holds no other; " +
                (found < 0 ? "this one has none." : $"this one of {bytes.Length} bytes holds one at {found}."),
                nameof(value));
        }

        var length = optionalCr && bytes[..found] is [.., (byte)'\r'] ? found - 1 : found;
        if (length > maxLength)
        {
            throw new ArgumentException($"A frame of {length} bytes is longer than the limit of {maxLength}, its delimiter excluded.", nameof(value));
        }

        output.Write(bytes);
    }
}
