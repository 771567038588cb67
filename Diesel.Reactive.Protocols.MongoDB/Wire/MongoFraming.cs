using System.Buffers.Binary;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Messages of MongoDB: to speak it over a connection of your own, as a client or a server.</summary>
/// <param name="maxLength">Bytes of a message at most, compressed or not.</param>
/// <param name="compressor">What was agreed upon; a message that is compressed in another way is refused.</param>
/// <remarks>A header is checked as its bytes arrive, a length before memory is taken for it. Errors: <see cref="ProtocolException"/>.</remarks>
public sealed class MongoFraming(int maxLength = MongoCodec.MaxLength, MongoCompressor compressor = MongoCompressor.None) : Framing<MongoMessage>
{
    /// <inheritdoc/>
    public override Decoder<MongoMessage> CreateDecoder() => new MessageDecoder(maxLength, compressor);

    private sealed class MessageDecoder(int maxLength, MongoCompressor compressor) : Decoder<MongoMessage>
    {
        private int _length;

        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out MongoMessage frame, out int consumed)
        {
            (frame, consumed) = (null!, 0);
            if (_length == 0)
            {
                MongoCodec.Header(buffer.Span, maxLength);
                _length = buffer.Length >= MongoCodec.HeaderLength ? BinaryPrimitives.ReadInt32LittleEndian(buffer.Span) : 0;
            }

            if (_length == 0 || buffer.Length < _length)
            {
                return false;
            }

            (consumed, _length) = (_length, 0);
            frame = MongoCodec.Decode(buffer[..consumed], compressor, maxLength);
            return true;
        }

        public override int Missing(int buffered) => Math.Max(_length, MongoCodec.HeaderLength) - buffered;
    }
}
