namespace Diesel.Reactive;

internal sealed class FailDecoder<T>(string message) : Decoder<T>
{
    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out T frame, out int consumed) =>
        throw new ProtocolException(message);
}
