namespace Diesel.Reactive;

internal sealed class BytesDecoder(int count) : Decoder<ReadOnlyMemory<byte>>
{
    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
    {
        var whole = buffer.Length >= count;
        consumed = whole ? count : 0;
        frame = buffer[..consumed];
        return whole;
    }

    public override int Missing(int buffered) => count - buffered;
}
