using System.Buffers.Binary;
using System.Net.WebSockets;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Reads the frames of one side, and unmasks them.</summary>
internal sealed class WebSocketDecoder(bool isMasked, bool allowsCompressed, long maxPayload) : Decoder<WebSocketFrame>
{
    private const int MostOfControl = 125;

    // Of the frame that is given out in pieces: how much is to come, the key for its next byte, and FIN.
    private long _left;
    private uint _key;
    private bool _isFinal;

    private bool _isInMessage;
    private int _missing;

    /// <summary>A message has begun and is not whole.</summary>
    public override bool IsOwed => _isInMessage;

    public override int Missing(int buffered) => _missing;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out WebSocketFrame frame, out int consumed)
    {
        _missing = 0;
        if (_left > 0)
        {
            return TryRest(buffer, out frame, out consumed);
        }

        (frame, consumed) = (default, 0);
        var bytes = buffer.Span;
        if (bytes.Length < 2)
        {
            return Needs(2 - bytes.Length);
        }

        var (first, second) = (bytes[0], bytes[1]);
        var opcode = (WebSocketOpcode)(first & 0xf);
        Check(opcode, first, second);
        if (!TryLength(bytes, second & 0x7f, out var length, out var head))
        {
            return false;
        }

        if (bytes.Length < head || (length <= WebSocketFraming.MostWhole && bytes.Length < head + length))
        {
            return Needs((int)(head + (length <= WebSocketFraming.MostWhole ? length : 1)) - bytes.Length);
        }

        return TryPayload(buffer, opcode, first, head, length, out frame, out consumed);
    }

    private bool Needs(int count)
    {
        _missing = count;
        return false;
    }

    // §5.2, as soon as these two bytes are there.
    private void Check(WebSocketOpcode opcode, byte first, byte second)
    {
        var isControl = opcode >= WebSocketOpcode.Close;
        var isFirst = opcode is WebSocketOpcode.Text or WebSocketOpcode.Binary;
        if ((first & 0x30) != 0 || ((first & 0x40) != 0 && !(allowsCompressed && isFirst)))
        {
            throw WebSocketRefusedException.Of("RFC 6455 §5.2", "A reserved bit is set that nobody agreed on");
        }

        if (!(isControl ? opcode <= WebSocketOpcode.Pong : opcode <= WebSocketOpcode.Binary))
        {
            throw WebSocketRefusedException.Of("RFC 6455 §5.2", $"There is no opcode {(int)opcode}");
        }

        if ((second & 0x80) != 0 != isMasked)
        {
            throw WebSocketRefusedException.Of("RFC 6455 §5.1", isMasked ? "A client's frame is not masked" : "A server's frame is masked");
        }

        if (isControl && ((first & 0x80) == 0 || (second & 0x7f) > MostOfControl))
        {
            throw WebSocketRefusedException.Of("RFC 6455 §5.5", "A control frame is fragmented, or longer than 125 bytes");
        }

        if (!isControl && isFirst == _isInMessage)
        {
            throw WebSocketRefusedException.Of("RFC 6455 §5.4", isFirst ? "A message begins within another" : "A frame continues nothing");
        }
    }

    private bool TryLength(ReadOnlySpan<byte> bytes, int said, out long length, out int head)
    {
        head = said < 126 ? 2 : said == 126 ? 4 : 10;
        length = said;
        if (bytes.Length < head)
        {
            return Needs(head - bytes.Length);
        }

        if (said >= 126)
        {
            length = said == 126 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) : BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
            if (length < (said == 126 ? 126 : ushort.MaxValue + 1))
            {
                throw WebSocketRefusedException.Of("RFC 6455 §5.2", "A length is not in its shortest form, or negative");
            }
        }

        if (length > maxPayload)
        {
            throw new WebSocketRefusedException(WebSocketCloseStatus.MessageTooBig, "RFC 6455 §7.4.1", $"A frame is longer than {maxPayload} bytes");
        }

        head += isMasked ? 4 : 0;
        return true;
    }

    private bool TryPayload(ReadOnlyMemory<byte> buffer, WebSocketOpcode opcode, byte first, int head, long length, out WebSocketFrame frame, out int consumed)
    {
        var key = isMasked ? BinaryPrimitives.ReadUInt32LittleEndian(buffer.Span[(head - 4)..]) : 0;
        var isFinal = (first & 0x80) != 0;
        var there = (int)Math.Min(length, buffer.Length - head);
        (frame, consumed) = (default, 0);
        if (there == 0 && length > 0)
        {
            return Needs(1);
        }

        _left = length - there;
        (_key, _isFinal) = (WebSocketMask.After(key, there), isFinal);
        isFinal &= _left == 0;
        if (opcode < WebSocketOpcode.Close)
        {
            _isInMessage = !isFinal;
        }

        frame = new WebSocketFrame(opcode, Unmasked(buffer.Slice(head, there), key), isFinal, (first & 0x40) != 0);
        consumed = head + there;
        return true;
    }

    private bool TryRest(ReadOnlyMemory<byte> buffer, out WebSocketFrame frame, out int consumed)
    {
        consumed = (int)Math.Min(_left, buffer.Length);
        if (consumed == 0)
        {
            frame = default;
            return Needs(1);
        }

        var payload = Unmasked(buffer[..consumed], _key);
        _left -= consumed;
        _key = WebSocketMask.After(_key, consumed);
        var isFinal = _left == 0 && _isFinal;
        _isInMessage = !isFinal;
        frame = new WebSocketFrame(WebSocketOpcode.Continuation, payload, isFinal);
        return true;
    }

    // What was received never changes, so what is unmasked is a copy.
    private ReadOnlyMemory<byte> Unmasked(ReadOnlyMemory<byte> payload, uint key)
    {
        if (!isMasked || payload.IsEmpty)
        {
            return payload;
        }

        var plain = GC.AllocateUninitializedArray<byte>(payload.Length);
        WebSocketMask.Apply(payload.Span, plain, key);
        return plain;
    }
}
