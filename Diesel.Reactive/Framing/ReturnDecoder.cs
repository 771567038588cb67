namespace Diesel.Reactive;

internal sealed class ReturnDecoder<T>(T value) : Decoder<T>
{
    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out T frame, out int consumed)
    {
        frame = value;
        consumed = 0;
        return true;
    }
}
