namespace Diesel.Reactive;

/// <summary>Frames up to and including a delimiter; with <paramref name="optionalCr"/>, up to a LF that may follow a
/// CR.</summary>
internal sealed class DelimitedDecoder(byte[] delimiter, int maxLength, FrameOverflow overflow, bool optionalCr)
    : Decoder<ReadOnlyMemory<byte>>
{
    private readonly byte _last = delimiter[^1];

    // No delimiter begins before this offset.
    private int _scanned;

    // Inside an over-long frame, of which everything up to _scanned is thrown away.
    private bool _discarding;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
    {
        var found = _discarding ? -1 : IndexOfDelimiter(buffer.Span);
        if ((uint)found > (uint)maxLength)
        {
            return TryDecodeWithCare(buffer, out frame, out consumed);
        }

        _scanned = 0;
        consumed = found + delimiter.Length;
        frame = buffer[..consumed];
        return true;
    }

    private bool TryDecodeWithCare(ReadOnlyMemory<byte> buffer, out ReadOnlyMemory<byte> frame, out int consumed)
    {
        var bytes = buffer.Span;
        consumed = 0;
        while (true)
        {
            var rest = bytes[consumed..];
            var found = IndexOfDelimiter(rest);
            var length = found >= 0 ? ContentBefore(found, rest) : ShortestContent(rest);
            if (!_discarding && length > maxLength)
            {
                Overflow(length);
            }

            if (found < 0)
            {
                consumed += Discarded(rest.Length);
                frame = default;
                return false;
            }

            var whole = found + delimiter.Length;
            _scanned = 0;
            if (!_discarding)
            {
                frame = buffer.Slice(consumed, whole);
                consumed += whole;
                return true;
            }

            _discarding = false;
            consumed += whole;
        }
    }

    // By its last byte, which is found fastest.
    private int IndexOfDelimiter(ReadOnlySpan<byte> bytes)
    {
        var before = delimiter.Length - 1;
        var last = _scanned + before;
        while (last < bytes.Length && bytes[last..].IndexOf(_last) is >= 0 and var found)
        {
            last += found;
            if (HasBegin(bytes.Slice(last - before, before)))
            {
                return _scanned = last - before;
            }

            last++;
        }

        _scanned = Math.Max(_scanned, bytes.Length - before);
        return -1;
    }

    // Most have one byte before their last: a call for that would cost more than the search.
    private bool HasBegin(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty || (bytes[0] == delimiter[0] && (bytes.Length == 1 || bytes.SequenceEqual(delimiter.AsSpan(0, bytes.Length))));

    private int ContentBefore(int found, ReadOnlySpan<byte> bytes) =>
        optionalCr && found > 0 && bytes[found - 1] == '\r' ? found - 1 : found;

    // What the frame would hold if it ended with the next byte: so a limit is hit at the same frame however it is cut.
    private int ShortestContent(ReadOnlySpan<byte> bytes) =>
        optionalCr ? ContentBefore(bytes.Length, bytes) : bytes.Length - (delimiter.Length - 1);

    private void Overflow(int length)
    {
        if (overflow == FrameOverflow.Fail)
        {
            _scanned = 0;
            throw new FrameTooLongException(length, maxLength);
        }

        _discarding = true;
    }

    private int Discarded(int length)
    {
        if (!_discarding)
        {
            return 0;
        }

        // One byte stays, so that the reader can tell the peer ended inside a frame.
        var gone = Math.Clamp(length - 1, 0, _scanned);
        _scanned -= gone;
        return gone;
    }
}
