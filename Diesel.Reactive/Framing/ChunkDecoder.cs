namespace Diesel.Reactive;

internal sealed class ChunkDecoder : Decoder<ReadOnlyMemory<byte>>
{
    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
    {
        frame = buffer;
        consumed = buffer.Length;
        return consumed > 0;
    }
}
