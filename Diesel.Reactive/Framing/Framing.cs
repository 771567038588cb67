using System.Text;

namespace Diesel.Reactive;

/// <summary>The framings to start from; <see cref="Framing{T}"/> composes them.</summary>
/// <remarks>Those that are a <see cref="Codec{T}"/> encode, too. A decoder made from them fails with <see cref="ProtocolException"/> and with
/// nothing else, whatever arrives. Frames of bytes are slices of what was received: they never change and may be kept.</remarks>
public static partial class Framing
{
    internal const int DefaultMaxLength = 65536;

    private static readonly Codec<ReadOnlyMemory<byte>> DefaultUntilEol =
        Delimited("\r\n"u8, DefaultMaxLength, FrameOverflow.Fail, optionalCr: false);

    private static readonly Codec<string> DefaultLines = new LinesCodec(Encoding.UTF8, DefaultMaxLength, FrameOverflow.Fail);

    private static readonly Codec<ReadOnlyMemory<byte>> DefaultLengthPrefixed =
        new LengthPrefixedCodec(new LengthLayout(4, LittleEndian: false, 0, 0, Strip: 4, DefaultMaxLength));

    private static readonly Codec<ulong> DefaultVarint = new VarintCodec(10);

    private static readonly Framing<ReadOnlyMemory<byte>> SharedChunk = new ChunkFraming(int.MaxValue);

    /// <summary>Lines of bytes, up to and including CRLF.</summary>
    /// <param name="maxLength">Bytes, line end excluded.</param>
    /// <param name="allowLoneLf">Whether a LF without CR ends a line too.</param>
    /// <param name="overflow">What happens to a line over the limit.</param>
    /// <returns>Frames with their line end, as they are encoded, too. Without arguments always the same instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative, or
    /// <paramref name="overflow"/> is not defined.</exception>
    /// <remarks>Errors: <see cref="FrameTooLongException"/>, before the line end has arrived.
    /// Idea: diesel's <c>until_eol</c>.</remarks>
    public static Codec<ReadOnlyMemory<byte>> UntilEol(
        int maxLength = DefaultMaxLength, bool allowLoneLf = false, FrameOverflow overflow = FrameOverflow.Fail) =>
        maxLength == DefaultMaxLength && !allowLoneLf && overflow == FrameOverflow.Fail
            ? DefaultUntilEol
            : Eol(maxLength, allowLoneLf, overflow);

    /// <summary>Bytes up to and including a delimiter.</summary>
    /// <param name="delimiter">At least one byte; copied.</param>
    /// <param name="maxLength">Bytes, delimiter excluded.</param>
    /// <param name="overflow">What happens to a frame over the limit.</param>
    /// <returns>Frames with their delimiter, as they are encoded, too.</returns>
    /// <exception cref="ArgumentException"><paramref name="delimiter"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative, or
    /// <paramref name="overflow"/> is not defined.</exception>
    /// <remarks>Errors: <see cref="FrameTooLongException"/>, before the delimiter has arrived.
    /// Idea: diesel's <c>until</c>.</remarks>
    public static Codec<ReadOnlyMemory<byte>> Until(
        ReadOnlySpan<byte> delimiter, int maxLength = DefaultMaxLength, FrameOverflow overflow = FrameOverflow.Fail)
    {
        if (delimiter.IsEmpty)
        {
            throw new ArgumentException("A delimiter has at least one byte.", nameof(delimiter));
        }

        CheckLimit(maxLength, overflow);
        return Delimited(delimiter, maxLength, overflow, optionalCr: false);
    }

    /// <summary>Bytes up to and including a delimiter given as text.</summary>
    /// <param name="delimiter">At least one character; UTF-8 on the wire.</param>
    /// <param name="maxLength">Bytes, delimiter excluded.</param>
    /// <param name="overflow">What happens to a frame over the limit.</param>
    /// <returns>Frames with their delimiter, as they are encoded, too.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="delimiter"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="delimiter"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative, or
    /// <paramref name="overflow"/> is not defined.</exception>
    /// <remarks>Errors: <see cref="FrameTooLongException"/>, before the delimiter has arrived.
    /// Idea: diesel's <c>until</c>.</remarks>
    public static Codec<ReadOnlyMemory<byte>> Until(
        string delimiter, int maxLength = DefaultMaxLength, FrameOverflow overflow = FrameOverflow.Fail)
    {
        ArgumentNullException.ThrowIfNull(delimiter);
        return Until(delimiter.ToBytes().Span, maxLength, overflow);
    }

    /// <summary>Lines of text, ended by CRLF or a lone LF.</summary>
    /// <param name="encoding">UTF-8 when null; one whose CR and LF are single bytes. Its fallback decides about bytes
    /// that are no text: <see cref="Encoding.UTF8"/> puts U+FFFD in their place, one made to throw fails.</param>
    /// <param name="maxLength">Bytes, line end excluded.</param>
    /// <param name="overflow">What happens to a line over the limit.</param>
    /// <returns>Frames without their line end; encoded, they get CRLF. Without arguments always the same instance.</returns>
    /// <exception cref="ArgumentException"><paramref name="encoding"/> writes CR and LF in another way than
    /// ASCII.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative, or
    /// <paramref name="overflow"/> is not defined.</exception>
    /// <remarks>Errors: <see cref="FrameTooLongException"/>, before the line end has arrived;
    /// <see cref="ProtocolException"/> for bytes an encoding made to throw refuses.</remarks>
    public static Codec<string> Lines(
        Encoding? encoding = null, int maxLength = DefaultMaxLength, FrameOverflow overflow = FrameOverflow.Fail)
    {
        CheckLimit(maxLength, overflow);
        if (encoding is not null && !encoding.GetBytes("\r\n").AsSpan().SequenceEqual("\r\n"u8))
        {
            throw new ArgumentException(
                $"{encoding.WebName} does not write line ends as ASCII does; decode its frames yourself.",
                nameof(encoding));
        }

        return (encoding, maxLength, overflow) == (null, DefaultMaxLength, FrameOverflow.Fail)
            ? DefaultLines
            : new LinesCodec(encoding ?? Encoding.UTF8, maxLength, overflow);
    }

    /// <summary>A fixed number of bytes.</summary>
    /// <param name="count">Bytes; 0 gives an empty frame at once. Check a number the peer sent before it comes
    /// here.</param>
    /// <returns>Frames of exactly that length.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <remarks>Idea: diesel's <c>receive</c>, whose <c>receive(0)</c> waited for ever.</remarks>
    public static Codec<ReadOnlyMemory<byte>> Bytes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new BytesCodec(count);
    }

    /// <summary>Frames that announce their length: a header, the length field, and the bytes behind it.</summary>
    /// <param name="size">Bytes of the length field: 1, 2, 3, 4 or 8; unsigned.</param>
    /// <param name="littleEndian">Whether the field's least significant byte comes first.</param>
    /// <param name="offset">Bytes in front of the length field.</param>
    /// <param name="adjustment">Added to the field's value to give the bytes behind the field; where the value counts
    /// the field too, it is minus <paramref name="size"/>.</param>
    /// <param name="bytesToStrip">Bytes left out at the start of each frame; null for everything up to and including
    /// the length field.</param>
    /// <param name="maxLength">Bytes behind the length field.</param>
    /// <returns>Frames of bytes, possibly empty. Encoded, they get their length field, and zeros for other bytes that are left out. Without
    /// arguments always the same instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is not one of those above, negative, or more than an
    /// array holds.</exception>
    /// <remarks>Errors: <see cref="FrameTooLongException"/> as soon as the length has arrived,
    /// <see cref="ProtocolException"/> for a frame shorter than its own header. Idea: tokio-util's
    /// <c>LengthDelimitedCodec</c> and Netty's <c>LengthFieldBasedFrameDecoder</c>.</remarks>
    public static Codec<ReadOnlyMemory<byte>> LengthPrefixed(
        int size = 4,
        bool littleEndian = false,
        int offset = 0,
        int adjustment = 0,
        int? bytesToStrip = null,
        int maxLength = DefaultMaxLength)
    {
        if (size is not (1 or 2 or 3 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, "A length field has 1, 2, 3, 4 or 8 bytes.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Array.MaxLength - size);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLength, Array.MaxLength - size - offset);
        var strip = bytesToStrip ?? offset + size;
        ArgumentOutOfRangeException.ThrowIfNegative(strip, nameof(bytesToStrip));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(strip, offset + size + maxLength, nameof(bytesToStrip));
        return (size, littleEndian, offset, adjustment, strip, maxLength) == (4, false, 0, 0, 4, DefaultMaxLength)
            ? DefaultLengthPrefixed
            : new LengthPrefixedCodec(new LengthLayout(size, littleEndian, offset, adjustment, strip, maxLength));
    }

    /// <summary>Unsigned integers of seven bits per byte, the lowest first (LEB128).</summary>
    /// <param name="maxBytes">Bytes of the longest, 1 to 10; the last byte has its high bit clear.</param>
    /// <returns>The numbers; longer forms of a number than needed are accepted, the shortest is
    /// encoded. Without arguments always the same
    /// instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBytes"/> is not 1 to 10.</exception>
    /// <remarks>Errors: <see cref="ProtocolException"/> for more bytes, or more than 64 bits.
    /// Source: Protocol Buffers' base-128 varints.</remarks>
    public static Codec<ulong> Varint(int maxBytes = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, 10);
        return maxBytes == 10 ? DefaultVarint : new VarintCodec(maxBytes);
    }

    /// <summary>Exactly these bytes.</summary>
    /// <param name="literal">Copied; empty matches at once.</param>
    /// <returns>Frames equal to the literal.</returns>
    /// <remarks>Errors: <see cref="ProtocolException"/> at the first byte that differs, without waiting for
    /// more.</remarks>
    public static Codec<ReadOnlyMemory<byte>> Literal(ReadOnlySpan<byte> literal) => new LiteralCodec(literal.ToArray());

    /// <summary>Exactly this text.</summary>
    /// <param name="literal">UTF-8 on the wire; empty matches at once.</param>
    /// <returns>Frames equal to the literal.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="literal"/> is null.</exception>
    /// <remarks>Errors: <see cref="ProtocolException"/> at the first byte that differs, without waiting for
    /// more.</remarks>
    public static Codec<ReadOnlyMemory<byte>> Literal(string literal)
    {
        ArgumentNullException.ThrowIfNull(literal);
        return Literal(literal.ToBytes().Span);
    }

    /// <summary>Whatever is there, at least one byte.</summary>
    /// <returns>Frames as they happen to arrive; the one framing for which the cuts matter. Always the same
    /// instance.</returns>
    public static Framing<ReadOnlyMemory<byte>> Chunk() => SharedChunk;

    /// <summary>All that is left, when the peer ends.</summary>
    /// <param name="maxLength">Bytes.</param>
    /// <returns>One frame, which the end of the stream completes; none when nothing is left. Behind another framing it stands for
    /// a last frame that was not finished: <c>Framing.UntilEol().Or(Framing.UntilEnd())</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative.</exception>
    /// <remarks>Errors: <see cref="FrameTooLongException"/>, before the end.</remarks>
    public static Framing<ReadOnlyMemory<byte>> UntilEnd(int maxLength = DefaultMaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        return new StatelessFraming<ReadOnlyMemory<byte>>(new UntilEndDecoder(maxLength));
    }

    /// <summary>A value that takes no bytes.</summary>
    /// <typeparam name="T">What a frame is decoded to.</typeparam>
    /// <param name="value">Every frame.</param>
    /// <returns>A framing for a branch of a grammar; alone on a stream it would never end.</returns>
    public static Framing<T> Return<T>(T value) => new StatelessFraming<T>(new ReturnDecoder<T>(value));

    /// <summary>A failure, whatever the bytes are.</summary>
    /// <typeparam name="T">What a frame would be decoded to.</typeparam>
    /// <param name="message">What the peer did wrong.</param>
    /// <returns>A framing that fails with <see cref="ProtocolException"/>: the branch of a grammar nobody may
    /// take.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    public static Framing<T> Fail<T>(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new StatelessFraming<T>(new FailDecoder<T>(message));
    }

    private static void CheckLimit(int maxLength, FrameOverflow overflow)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        if (overflow is not (FrameOverflow.Fail or FrameOverflow.Discard))
        {
            throw new ArgumentOutOfRangeException(nameof(overflow), overflow, "A long frame fails or is discarded.");
        }
    }

    // Apart, so that a read that names the default inline costs nothing for that.
    private static DelimitedCodec Eol(int maxLength, bool allowLoneLf, FrameOverflow overflow)
    {
        CheckLimit(maxLength, overflow);
        return Delimited(allowLoneLf ? "\n"u8 : "\r\n"u8, maxLength, overflow, optionalCr: allowLoneLf);
    }

    private static DelimitedCodec Delimited(ReadOnlySpan<byte> delimiter, int maxLength, FrameOverflow overflow, bool optionalCr) =>
        new(delimiter.ToArray(), maxLength, overflow, optionalCr);
}
