using System.Text;

namespace Diesel.Reactive;

/// <summary>Framing as operators on streams of bytes.</summary>
/// <remarks>
/// <para>On an <see cref="IFrameSource"/>, as a connection is one, they read from the source's own buffer, so what is not consumed stays for
/// the next reader. On any other source each subscription has its own buffer, and what is left in it at the end of the
/// subscription is gone.</para>
/// <para>Errors: <see cref="ProtocolException"/> for bytes that are no frame, <see cref="TruncatedFrameException"/>
/// when the source completes inside one, the source's own error behind the frames that came before it; an exception of
/// a grammar's delegate as it is. Scheduler: none, notifications arrive where the chunks do.</para>
/// </remarks>
public static class FramingExtensions
{
    /// <summary>Cuts a stream of bytes into frames.</summary>
    /// <typeparam name="T">What a frame is decoded to.</typeparam>
    /// <param name="source">Chunks in any split, empty ones too; they must not change afterwards.</param>
    /// <param name="framing">Where a frame ends; each frame takes at least one byte.</param>
    /// <returns>One value per frame; completes with the source, on a frame boundary. Hot or cold as the source
    /// is.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>Errors: as of this class, and <see cref="InvalidOperationException"/> for a framing that takes no
    /// bytes.</remarks>
    public static IObservable<T> Decode<T>(this IObservable<ReadOnlyMemory<byte>> source, Framing<T> framing)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(framing);
        return source is IFrameSource frames
            ? frames.Decode(framing)
            : new FrameObservable<T>(source, framing);
    }

    /// <summary>Cuts a stream of bytes into lines, up to and including CRLF.</summary>
    /// <param name="source">Chunks in any split.</param>
    /// <param name="maxLength">Bytes, line end excluded.</param>
    /// <param name="allowLoneLf">Whether a LF without CR ends a line too.</param>
    /// <param name="overflow">What happens to a line over the limit.</param>
    /// <returns>One value per line, with its end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative, or
    /// <paramref name="overflow"/> is not defined.</exception>
    /// <remarks>Errors: as of this class. Idea: diesel's <c>until_eol</c>.</remarks>
    public static IObservable<ReadOnlyMemory<byte>> UntilEol(
        this IObservable<ReadOnlyMemory<byte>> source,
        int maxLength = Framing.DefaultMaxLength,
        bool allowLoneLf = false,
        FrameOverflow overflow = FrameOverflow.Fail) =>
        source.Decode(Framing.UntilEol(maxLength, allowLoneLf, overflow));

    /// <summary>Cuts a stream of bytes behind each delimiter.</summary>
    /// <param name="source">Chunks in any split.</param>
    /// <param name="delimiter">At least one byte; copied.</param>
    /// <param name="maxLength">Bytes, delimiter excluded.</param>
    /// <param name="overflow">What happens to a frame over the limit.</param>
    /// <returns>One value per frame, with its delimiter.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="delimiter"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative, or
    /// <paramref name="overflow"/> is not defined.</exception>
    /// <remarks>Errors: as of this class. Idea: diesel's <c>until</c>.</remarks>
    public static IObservable<ReadOnlyMemory<byte>> Until(
        this IObservable<ReadOnlyMemory<byte>> source,
        ReadOnlySpan<byte> delimiter,
        int maxLength = Framing.DefaultMaxLength,
        FrameOverflow overflow = FrameOverflow.Fail) =>
        source.Decode(Framing.Until(delimiter, maxLength, overflow));

    /// <summary>Cuts a stream of bytes behind each delimiter given as text.</summary>
    /// <param name="source">Chunks in any split.</param>
    /// <param name="delimiter">At least one character; UTF-8 on the wire.</param>
    /// <param name="maxLength">Bytes, delimiter excluded.</param>
    /// <param name="overflow">What happens to a frame over the limit.</param>
    /// <returns>One value per frame, with its delimiter.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="delimiter"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative, or
    /// <paramref name="overflow"/> is not defined.</exception>
    /// <remarks>Errors: as of this class. Idea: diesel's <c>until</c>.</remarks>
    public static IObservable<ReadOnlyMemory<byte>> Until(
        this IObservable<ReadOnlyMemory<byte>> source,
        string delimiter,
        int maxLength = Framing.DefaultMaxLength,
        FrameOverflow overflow = FrameOverflow.Fail) =>
        source.Decode(Framing.Until(delimiter, maxLength, overflow));

    /// <summary>Cuts a stream of bytes into lines of text, ended by CRLF or a lone LF.</summary>
    /// <param name="source">Chunks in any split, also inside a character.</param>
    /// <param name="encoding">UTF-8 when null; its fallback decides about bytes that are no text.</param>
    /// <param name="maxLength">Bytes, line end excluded.</param>
    /// <param name="overflow">What happens to a line over the limit.</param>
    /// <returns>One value per line, without its end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="encoding"/> writes CR and LF in another way than
    /// ASCII.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is negative, or
    /// <paramref name="overflow"/> is not defined.</exception>
    /// <remarks>Errors: as of this class; <see cref="ProtocolException"/> for bytes an encoding made to throw
    /// refuses.</remarks>
    public static IObservable<string> Lines(
        this IObservable<ReadOnlyMemory<byte>> source,
        Encoding? encoding = null,
        int maxLength = Framing.DefaultMaxLength,
        FrameOverflow overflow = FrameOverflow.Fail) =>
        source.Decode(Framing.Lines(encoding, maxLength, overflow));

    /// <summary>Cuts a stream of bytes into frames of one length.</summary>
    /// <param name="source">Chunks in any split.</param>
    /// <param name="count">Bytes of each frame, at least 1.</param>
    /// <returns>One value per frame.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1: a stream of empty frames
    /// would never end.</exception>
    /// <remarks>Errors: as of this class. Idea: diesel's <c>receive</c>.</remarks>
    public static IObservable<ReadOnlyMemory<byte>> Bytes(this IObservable<ReadOnlyMemory<byte>> source, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return source.Decode(Framing.Bytes(count));
    }

    /// <summary>Cuts a stream of bytes into frames that announce their length.</summary>
    /// <param name="source">Chunks in any split.</param>
    /// <param name="size">Bytes of the length field: 1, 2, 3, 4 or 8; unsigned.</param>
    /// <param name="littleEndian">Whether the field's least significant byte comes first.</param>
    /// <param name="offset">Bytes in front of the length field.</param>
    /// <param name="adjustment">Added to the field's value to give the bytes behind the field.</param>
    /// <param name="bytesToStrip">Bytes left out at the start of each frame; null for everything up to and including
    /// the length field.</param>
    /// <param name="maxLength">Bytes behind the length field.</param>
    /// <returns>One value per frame, possibly empty.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not one of those above, negative, or more than an
    /// array holds.</exception>
    /// <remarks>Errors: as of this class, <see cref="FrameTooLongException"/> as soon as the length has
    /// arrived.</remarks>
    public static IObservable<ReadOnlyMemory<byte>> LengthPrefixed(
        this IObservable<ReadOnlyMemory<byte>> source,
        int size = 4,
        bool littleEndian = false,
        int offset = 0,
        int adjustment = 0,
        int? bytesToStrip = null,
        int maxLength = Framing.DefaultMaxLength) =>
        source.Decode(Framing.LengthPrefixed(size, littleEndian, offset, adjustment, bytesToStrip, maxLength));

    /// <summary>Reads a stream of bytes as unsigned integers of seven bits per byte, the lowest first
    /// (LEB128).</summary>
    /// <param name="source">Chunks in any split.</param>
    /// <param name="maxBytes">Bytes of the longest, 1 to 10.</param>
    /// <returns>One value per integer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBytes"/> is not 1 to 10.</exception>
    /// <remarks>Errors: as of this class.</remarks>
    public static IObservable<ulong> Varint(this IObservable<ReadOnlyMemory<byte>> source, int maxBytes = 10) =>
        source.Decode(Framing.Varint(maxBytes));
}
