using System.Buffers;

namespace Diesel.Reactive;

/// <summary>A codec of several parts: a later one may refuse when an earlier one is written.</summary>
internal abstract class ComposedCodec<T> : Codec<T>
{
    public sealed override void Encode(T value, IBufferWriter<byte> output) => EncodedParts.Encode(this, value, output);

    internal abstract override void EncodePart(T value, IBufferWriter<byte> output);
}
