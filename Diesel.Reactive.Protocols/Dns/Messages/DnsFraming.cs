using System.Buffers;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Messages on a connection: a length of two bytes, and the message (RFC 1035, section 4.2.2).</summary>
public static class DnsFraming
{
    /// <summary>The frames as bytes: each one message.</summary>
    internal static Codec<ReadOnlyMemory<byte>> Frames { get; } = Framing.LengthPrefixed(2, maxLength: ushort.MaxValue);

    /// <summary>Decodes messages.</summary>
    /// <remarks>Errors: <see cref="ProtocolException"/> for a message that is none, of no bytes too.</remarks>
    public static Framing<DnsMessage> Messages { get; } = Frames.Select(static bytes => DnsCodec.Decode(bytes.Span));

    /// <summary>Writes a message with its length.</summary>
    internal static void Write(DnsWriter message, IBufferWriter<byte> output)
    {
        var frame = output.GetSpan(message.Length + 2);
        (frame[0], frame[1]) = ((byte)(message.Length >> 8), (byte)message.Length);
        message.Written.CopyTo(frame[2..]);
        output.Advance(message.Length + 2);
    }
}
