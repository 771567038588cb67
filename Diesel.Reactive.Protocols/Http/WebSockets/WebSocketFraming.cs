using System.Buffers;
using System.Buffers.Binary;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>The frames that one side of a WebSocket sends (RFC 6455 §5.2), to be read by the other and written by itself.</summary>
/// <remarks>
/// <para>A client's frames are masked, a server's are not (§5.1); so a server reads with the framing of a client and writes with its own.</para>
/// <para>A frame of data of more than 1 KiB is given out as it comes: what is there of it as if it were to be continued, the rest as its
/// continuations. To whoever reads messages that makes no difference (§5.4), and no peer can have a gibibyte kept for it. Shorter ones and
/// control frames are given out whole.</para>
/// <para>Errors: <see cref="WebSocketRefusedException"/> for what breaks a rule, as soon as the bytes that do are there: reserved bits, unknown
/// opcodes, a mask that is missing or too much, control frames that are long or fragmented, lengths that are not the shortest form, a message
/// within another, or past the limit.</para>
/// </remarks>
public sealed class WebSocketFraming : Codec<WebSocketFrame>
{
    /// <summary>The most payload that is waited for; frames with more are given out in pieces.</summary>
    internal const int MostWhole = 1024;

    internal const int MostOfHead = 14;

    private const int MostOfControl = 125;
    private const int PieceMasked = 8 * 1024;

    private readonly bool _allowsCompressed;
    private readonly long _maxPayload;

    /// <summary>Makes one.</summary>
    /// <param name="sender">Whose frames they are.</param>
    /// <param name="allowsCompressed">Whether both have agreed on permessage-deflate, and messages may be compressed.</param>
    /// <param name="maxPayload">Bytes of one frame; a longer one is refused when its length has come.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPayload"/> is negative.</exception>
    public WebSocketFraming(HttpRole sender, bool allowsCompressed = false, long maxPayload = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxPayload);
        (IsMasked, _allowsCompressed, _maxPayload) = (sender == HttpRole.Client, allowsCompressed, maxPayload);
    }

    /// <summary>Whether its frames are masked.</summary>
    public bool IsMasked { get; }

    /// <inheritdoc/>
    public override Decoder<WebSocketFrame> CreateDecoder() => new WebSocketDecoder(IsMasked, _allowsCompressed, _maxPayload);

    /// <summary>Writes one frame; of a client, with a fresh key.</summary>
    /// <param name="value">The frame. That a continuation continues something is the caller's care.</param>
    /// <param name="output">Where it goes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    /// <exception cref="ArgumentException">A peer would refuse it: a control frame that is long, fragmented or compressed, an opcode that there
    /// is not, compression that was not agreed on, or more than the limit.</exception>
    public override void Encode(WebSocketFrame value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ThrowIfRefused(value);
        Write(output, value.Opcode, value.IsFinal, value.IsCompressed, IsMasked, value.Payload.Span);
    }

    /// <summary>Writes a frame that is one.</summary>
    internal static void Write(IBufferWriter<byte> output, WebSocketOpcode opcode, bool isFinal, bool isCompressed, bool isMasked, ReadOnlySpan<byte> payload)
    {
        if (payload.Length <= MostWhole)
        {
            var frame = output.GetSpan(MostOfHead + payload.Length);
            var length = WriteHead(frame, opcode, isFinal, isCompressed, isMasked, payload.Length, out var key);
            if (isMasked)
            {
                WebSocketMask.Apply(payload, frame[length..], key);
            }
            else
            {
                payload.CopyTo(frame[length..]);
            }

            output.Advance(length + payload.Length);
            return;
        }

        WriteLong(output, opcode, isFinal, isCompressed, isMasked, payload);
    }

    /// <summary>Writes what is before a payload.</summary>
    /// <returns>How many bytes that is.</returns>
    internal static int WriteHead(Span<byte> head, WebSocketOpcode opcode, bool isFinal, bool isCompressed, bool isMasked, long length, out uint key)
    {
        head[0] = (byte)((int)opcode | (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0));
        var mask = isMasked ? 0x80 : 0;
        var end = 2;
        switch (length)
        {
            case < 126:
                head[1] = (byte)(mask | (int)length);
                break;
            case <= ushort.MaxValue:
                head[1] = (byte)(mask | 126);
                BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)length);
                end = 4;
                break;
            default:
                head[1] = (byte)(mask | 127);
                BinaryPrimitives.WriteInt64BigEndian(head[2..], length);
                end = 10;
                break;
        }

        key = 0;
        if (isMasked)
        {
            key = WebSocketMask.NewKey();
            BinaryPrimitives.WriteUInt32LittleEndian(head[end..], key);
            end += 4;
        }

        return end;
    }

    private static void WriteLong(IBufferWriter<byte> output, WebSocketOpcode opcode, bool isFinal, bool isCompressed, bool isMasked, ReadOnlySpan<byte> payload)
    {
        output.Advance(WriteHead(output.GetSpan(MostOfHead), opcode, isFinal, isCompressed, isMasked, payload.Length, out var key));
        if (!isMasked)
        {
            output.Write(payload);
            return;
        }

        // A multiple of four, so that each piece begins with the key as it is.
        while (!payload.IsEmpty)
        {
            var piece = payload[..Math.Min(payload.Length, PieceMasked)];
            WebSocketMask.Apply(piece, output.GetSpan(piece.Length), key);
            output.Advance(piece.Length);
            payload = payload[piece.Length..];
        }
    }

    private void ThrowIfRefused(in WebSocketFrame frame)
    {
        var wrong = !Enum.IsDefined(frame.Opcode) ? "it is of no kind that there is"
            : frame.IsControl && (frame.Payload.Length > MostOfControl || !frame.IsFinal || frame.IsCompressed) ? "a control frame is whole, plain, and of at most 125 bytes"
            : frame.IsCompressed && !(_allowsCompressed && frame.Opcode != WebSocketOpcode.Continuation) ? "compression was not agreed on, or this is not a message's first frame"
            : frame.Payload.Length > _maxPayload ? $"its payload is more than {_maxPayload} bytes"
            : null;
        if (wrong is not null)
        {
            throw new ArgumentException($"The peer would refuse {frame}: {wrong}.", nameof(frame));
        }
    }
}
