using System.Runtime.InteropServices;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary><see cref="RespFraming"/> at work. It remembers all it has read of the value that has begun, so each byte is looked at once.</summary>
internal sealed class RespDecoder(RespLimits limits) : Decoder<RespValue>
{
    private const int None = -1;

    private readonly RespShort _short = new(limits);
    private readonly RespBuilder _builder = new(limits);

    // Everything before has been read; no line end begins before _scanned.
    private int _read;
    private int _scanned;
    private char _type;

    // The bulk whose header has been read, and its length.
    private RespKind _bulkKind;
    private int _bulk = None;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out RespValue frame, out int consumed)
    {
        if ((_read | _scanned) == 0 && _short.TryDecode(buffer, out frame, out consumed))
        {
            return true;
        }

        try
        {
            var isWhole = TryRead(buffer, out frame);
            consumed = isWhole ? _read : 0;
            if (isWhole)
            {
                BeginAnew();
            }

            return isWhole;
        }
        catch
        {
            BeginAnew();
            throw;
        }
    }

    // Of a bulk that has begun; what comes behind it is not known.
    public override int Missing(int buffered) => _bulk == None ? 0 : (int)Math.Clamp(_read + (_bulk + 2L) - buffered, 0, int.MaxValue);

    private void BeginAnew()
    {
        (_read, _scanned, _bulk) = (0, 0, None);
        _builder.Clear();
    }

    private bool TryRead(ReadOnlyMemory<byte> buffer, out RespValue whole)
    {
        var bytes = MemoryMarshal.TryGetArray(buffer, out var segment) ? segment : new ArraySegment<byte>(buffer.ToArray());
        while (TryPart(bytes, out var part, out var isValue))
        {
            if (isValue && _builder.TryComplete(part, out whole))
            {
                return true;
            }
        }

        whole = default;
        return false;
    }

    // A value that has no parts, or the head of one that has: then isValue is false.
    private bool TryPart(ArraySegment<byte> bytes, out RespValue part, out bool isValue)
    {
        isValue = true;
        if (_bulk != None)
        {
            return TryBulk(bytes, out part);
        }

        if (!TryLine(bytes, out var type, out var start, out var length))
        {
            part = default;
            return false;
        }

        var line = bytes.AsSpan(start, length);
        switch (type)
        {
            case '$' or '!' or '=':
                return TryBulkHeader(bytes, type, line, out part);
            case '*' or '%' or '~' or '>' or '|':
                isValue = IsEmptyAggregate(type, line, bytes.Count - _read, out part);
                return true;
            default:
                part = RespLine.Scalar(type, bytes.Array!, bytes.Offset + start, line);
                return true;
        }
    }

    private bool TryLine(ArraySegment<byte> bytes, out char type, out int start, out int length)
    {
        (type, start, length) = ('\0', _read + 1, 0);
        if (bytes.Count <= _read)
        {
            return false;
        }

        if (_scanned <= _read)
        {
            _type = (char)bytes[_read];
            _scanned = start;
            RespLine.RefuseUnknown(_type);
        }

        type = _type;

        var rest = bytes.AsSpan(_scanned, start + Math.Min(bytes.Count - start, limits.MaxLine + 1) - _scanned);
        var found = rest.IndexOfAny((byte)'\r', (byte)'\n');
        _scanned += found < 0 ? rest.Length : found;
        length = _scanned - start;
        if (length > limits.MaxLine)
        {
            throw new ProtocolException(
                $"A line of more than {limits.MaxLine} bytes arrived, which is the limit. Raise {nameof(RespLimits)}.{nameof(RespLimits.MaxLine)} to allow it.");
        }

        if (found >= 0 && bytes[_scanned] != '\r')
        {
            throw new ProtocolException("A line feed arrived without a carriage return before it.");
        }

        if (found < 0 || _scanned + 1 == bytes.Count)
        {
            return false;
        }

        _read = bytes[_scanned + 1] == '\n'
            ? _scanned + 2
            : throw new ProtocolException("A carriage return arrived without a line feed behind it.");
        return true;
    }

    private bool TryBulkHeader(ArraySegment<byte> bytes, char type, ReadOnlySpan<byte> line, out RespValue part)
    {
        part = default;
        if (type == '$' && line.SequenceEqual("-1"u8))
        {
            return true;
        }

        var length = RespLine.Count(line, "length");
        if (length > limits.MaxBulk)
        {
            throw new ProtocolException(
                $"A bulk string of {length} bytes was announced, the limit is {limits.MaxBulk}. Raise {nameof(RespLimits)}.{nameof(RespLimits.MaxBulk)} to allow it.");
        }

        _bulk = (int)length;
        _bulkKind = type switch { '$' => RespKind.BulkString, '!' => RespKind.BulkError, _ => RespKind.Verbatim };
        return TryBulk(bytes, out part);
    }

    private bool TryBulk(ArraySegment<byte> bytes, out RespValue part)
    {
        var (length, there) = (_bulk, bytes.Count - _read - _bulk);
        if ((there > 0 && bytes[_read + length] != '\r') || (there > 1 && bytes[_read + length + 1] != '\n'))
        {
            throw new ProtocolException($"A bulk string of {length} bytes arrived without CRLF behind it.");
        }

        if (there < 2)
        {
            part = default;
            return false;
        }

        part = Resp.Text(_bulkKind, bytes.Array!, bytes.Offset + _read, length);
        if (_bulkKind == RespKind.Verbatim && (length <= Resp.FormatLength || part.Raw[Resp.FormatLength] != ':'))
        {
            throw new ProtocolException("A verbatim string arrived without three letters and a colon.");
        }

        (_read, _bulk) = (_read + length + 2, None);
        return true;
    }

    // What opens is the builder's; what is empty is a value by itself.
    private bool IsEmptyAggregate(char type, ReadOnlySpan<byte> line, int bytesBehind, out RespValue value)
    {
        value = default;
        if (type == '*' && line.SequenceEqual("-1"u8))
        {
            return true;
        }

        var count = RespLine.Count(line, "count");
        if (count == 0 && type == '>')
        {
            throw new ProtocolException("A push arrived without a name.");
        }

        if (count > 0)
        {
            _builder.Open(type, count, bytesBehind);
            return false;
        }

        if (type == '|')
        {
            _builder.NoAttributes();
            return false;
        }

        value = new(RespBuilder.KindOf(type)!.Value, Array.Empty<RespValue>(), 0);
        return true;
    }
}
