namespace Diesel.Reactive;

/// <summary>All that is left of the stream.</summary>
internal sealed class UntilEndDecoder(int maxLength) : Decoder<ReadOnlyMemory<byte>>
{
    protected internal override bool TrustsEnd => true;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
    {
        (frame, consumed) = (default, 0);
        return buffer.Length <= maxLength ? false : throw new FrameTooLongException(buffer.Length, maxLength);
    }

    public override bool TryDecodeEnd(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
    {
        (frame, consumed) = (buffer, buffer.Length);
        return true;
    }
}
