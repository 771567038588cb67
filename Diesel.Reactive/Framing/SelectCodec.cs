using System.Buffers;

namespace Diesel.Reactive;

internal sealed class SelectCodec<T, TResult>(Codec<T> source, Framing<TResult> there, Func<TResult, T> back) : Codec<TResult>
{
    public override Decoder<TResult> CreateDecoder() => there.CreateDecoder();

    public override void Encode(TResult value, IBufferWriter<byte> output) => source.Encode(back(value), output);

    internal override void EncodePart(TResult value, IBufferWriter<byte> output) => source.EncodePart(back(value), output);
}
