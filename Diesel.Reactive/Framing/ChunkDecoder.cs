namespace Diesel.Reactive;

internal sealed class ChunkDecoder(int most) : Decoder<ReadOnlyMemory<byte>>
{
    protected internal override bool TrustsEnd => true;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
    {
        consumed = Math.Min(buffer.Length, most);
        frame = buffer[..consumed];
        return consumed > 0;
    }
}
