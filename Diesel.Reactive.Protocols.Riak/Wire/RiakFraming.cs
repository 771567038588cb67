using System.Buffers.Binary;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Frames: <c>length:uint32 code:uint8 body</c>, big-endian; the length counts code and body.</summary>
/// <param name="maxLength">Of code and body, in bytes.</param>
/// <remarks>A length is checked before memory is taken for it, a code as soon as it is there. Errors: <see cref="ProtocolException"/>.</remarks>
internal sealed class RiakFraming(int maxLength = RiakCodec.MaxLength) : Framing<RiakFrame>
{
    public override Decoder<RiakFrame> CreateDecoder() => new FrameDecoder(maxLength);

    private sealed class FrameDecoder(int maxLength) : Decoder<RiakFrame>
    {
        private const int LengthLength = 4;
        private int _length;

        public override bool TryDecode(ReadOnlyMemory<byte> buffer, out RiakFrame frame, out int consumed)
        {
            (frame, consumed) = (default, 0);
            if (buffer.Length < RiakCodec.HeaderLength)
            {
                if (buffer.Length >= LengthLength)
                {
                    CheckedLength(buffer.Span);
                }

                return false;
            }

            if (_length == 0)
            {
                _length = CheckedLength(buffer.Span);
                RiakCodec.ThrowIfUnknown(buffer.Span[LengthLength]);
            }

            if (buffer.Length < LengthLength + _length)
            {
                return false;
            }

            consumed = LengthLength + _length;
            _length = 0;
            frame = new((RiakCode)buffer.Span[LengthLength], buffer[RiakCodec.HeaderLength..consumed], buffer.Length > consumed);
            return true;
        }

        public override int Missing(int buffered) => Math.Max(LengthLength + _length, RiakCodec.HeaderLength) - buffered;

        private int CheckedLength(ReadOnlySpan<byte> header)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(header);
            return length == 0 ? throw new ProtocolException("A frame of Riak has a code, and one came whose length is 0.")
                : length > (uint)maxLength ? throw new ProtocolException(
                    $"A frame of Riak of {length} bytes was announced: {maxLength} are taken at most (RiakOptions.MaxFrame).")
                : (int)length;
        }
    }
}
