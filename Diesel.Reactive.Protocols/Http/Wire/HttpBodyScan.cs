namespace Diesel.Reactive.Protocols.Http;

/// <summary>Gives out a body in pieces as it comes, and checks what frames it.</summary>
/// <remarks>What it has read of a frame is not taken before there is a piece to give, and it remembers how far it was.</remarks>
internal sealed class HttpBodyScan(HttpLimits limits, bool isRequest)
{
    private HttpBodyKind _kind;
    private State _state;
    private HttpLineEnds _lines;
    private long _left;
    private int _behind;
    private int _trailers;
    private int _fields;
    private int _extensions;

    private enum State
    {
        Size,
        Data,
        DataEnd,
        Trailers,
    }

    /// <summary>Bytes of the body so far, chunks without their frame.</summary>
    public long Total { get; private set; }

    /// <summary>Begins with the body of a message.</summary>
    /// <exception cref="HttpRefusedException">It is longer than any may be.</exception>
    public void Begin(HttpBodyLength length)
    {
        (_kind, _state, Total, _extensions) = (length.Kind, State.Size, 0, 0);
        _left = length.Kind == HttpBodyKind.Counted ? length.Count : 0;
        ThrowIfTooLong(_left);
        Taken();
    }

    /// <summary>The next piece.</summary>
    /// <param name="bytes">All there is.</param>
    /// <param name="part">The piece.</param>
    /// <param name="consumed">How many bytes it took, with what frames it.</param>
    /// <returns>False: more is needed.</returns>
    /// <exception cref="HttpRefusedException">The frame is broken, or a limit is passed.</exception>
    public bool TryRead(ReadOnlyMemory<byte> bytes, out HttpPart part, out int consumed)
    {
        if (_kind == HttpBodyKind.Chunked)
        {
            return TryReadChunk(bytes, out part, out consumed);
        }

        consumed = _kind == HttpBodyKind.UntilEnd ? bytes.Length : (int)Math.Min(bytes.Length, _left);
        _left -= _kind == HttpBodyKind.UntilEnd ? 0 : consumed;
        Total += consumed;
        if (_kind == HttpBodyKind.UntilEnd)
        {
            ThrowIfTooLong(0);
        }

        part = new HttpPart(HttpPartKind.Data, bytes[..consumed], _kind != HttpBodyKind.UntilEnd && _left == 0);
        return consumed > 0;
    }

    // chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF (RFC 9112 §7.1)
    private bool TryReadChunk(ReadOnlyMemory<byte> bytes, out HttpPart part, out int consumed)
    {
        var text = bytes.Span;
        while (true)
        {
            switch (_state)
            {
                case State.Data when text.Length > _behind:
                    var count = (int)Math.Min(text.Length - _behind, _left);
                    part = new HttpPart(HttpPartKind.Data, bytes.Slice(_behind, count), false);
                    consumed = _behind + count;
                    _left -= count;
                    Total += count;
                    _state = _left == 0 ? State.DataEnd : State.Data;
                    Taken();
                    return true;
                case State.DataEnd when TryEndData(text):
                case State.Size when TrySize(text):
                    continue;
                case State.Trailers when TryTrailers(text, out var lines):
                    part = new HttpPart(HttpPartKind.End, bytes[lines], true);
                    consumed = _lines.Begin;
                    Taken();
                    return true;
                default:
                    (part, consumed) = (default, 0);
                    return false;
            }
        }
    }

    private bool TryEndData(ReadOnlySpan<byte> text)
    {
        if ((text.Length > _behind && text[_behind] != '\r') || (text.Length > _behind + 1 && text[_behind + 1] != '\n'))
        {
            throw Refused(400, "RFC 9112 §7.1", "A chunk's data is not followed by CR LF");
        }

        if (text.Length < _behind + 2)
        {
            return false;
        }

        Go(State.Size, _behind + 2);
        return true;
    }

    private bool TrySize(ReadOnlySpan<byte> text)
    {
        if (!_lines.TryNext(text, allowsLoneLf: false, isRequest, out var line))
        {
            var open = text[_behind..];
            HttpChunkLine.CheckOpen(open, isRequest);
            ThrowIfTooMuch(open.Length);
            return false;
        }

        var size = HttpChunkLine.Size(line, isRequest, out var extensions);
        ThrowIfTooMuch(extensions);
        _extensions += extensions;
        ThrowIfTooLong(size);
        _left = size;
        (_trailers, _fields) = (_lines.Begin, 0);
        Go(size > 0 ? State.Data : State.Trailers, _lines.Begin);
        return true;
    }

    // trailer-section = *( field-line CRLF ), and an empty line behind it (RFC 9112 §7.1.2)
    private bool TryTrailers(ReadOnlySpan<byte> text, out Range trailers)
    {
        while (_lines.TryNext(text, allowsLoneLf: false, isRequest, out var line))
        {
            if (line.IsEmpty)
            {
                trailers = _trailers.._behind;
                return true;
            }

            _behind = _lines.Begin;
            ThrowIfTooLarge(_behind);
            _ = HttpFields.Check(line, isRequest);
            if (++_fields > limits.MaxFields)
            {
                throw Refused(431, "RFC 6585 §5", $"There are more than {limits.MaxFields} trailers");
            }
        }

        ThrowIfTooLarge(text.Length);
        trailers = default;
        return false;
    }

    private void Go(State state, int behind)
    {
        (_state, _behind) = (state, behind);
        _lines.StartAt(behind);
    }

    private void Taken()
    {
        _behind = 0;
        _lines.StartAt(0);
    }

    private void ThrowIfTooLong(long more)
    {
        if (more > limits.MaxBody - Total)
        {
            throw Refused(413, "RFC 9110 §15.5.14", $"The body is longer than {limits.MaxBody} bytes");
        }
    }

    private void ThrowIfTooMuch(int more)
    {
        if (_extensions + more > limits.MaxExtensions)
        {
            throw Refused(413, "RFC 9112 §7.1.1", $"The extensions of the chunks are more than {limits.MaxExtensions} bytes");
        }
    }

    private void ThrowIfTooLarge(int end)
    {
        if (end - _trailers > limits.MaxTrailers)
        {
            throw Refused(431, "RFC 6585 §5", $"The trailers are more than {limits.MaxTrailers} bytes");
        }
    }

    private HttpRefusedException Refused(int status, string rule, string reason) => new(isRequest ? status : 502, rule, reason);
}
