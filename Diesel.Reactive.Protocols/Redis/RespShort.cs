using System.Runtime.InteropServices;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Decodes what most replies are, when all of it is there: a text, a short line, or a few of these, as what is published is. Whatever is unusual is left to those that
/// take all: also what is wrong.</summary>
internal sealed class RespShort(RespLimits limits)
{
    private const int FewDigits = 7;
    private const int ShortLine = 32;

    // A type, a digit, CRLF.
    private const int Head = 4;

    public bool TryDecode(ReadOnlyMemory<byte> buffer, out RespValue value, out int consumed)
    {
        (value, consumed) = (default, 0);
        return MemoryMarshal.TryGetArray(buffer, out var segment) && segment.Count > 0 && ((char)segment[0] is '>' or '*'
            ? TryItems(segment, out value, out consumed)
            : TryOne(segment, 0, out value, out consumed));
    }

    private bool TryOne(ArraySegment<byte> segment, int from, out RespValue value, out int consumed)
    {
        (value, consumed) = (default, 0);
        var bytes = segment.AsSpan(from);
        if (bytes.IsEmpty)
        {
            return false;
        }

        var type = (char)bytes[0];
        if (type == '$')
        {
            return TryBulk(segment, from, out value, out consumed);
        }

        if (type is not ('+' or ':'))
        {
            return false;
        }

        var line = bytes.Slice(1, Math.Min(bytes.Length - 1, Math.Min(ShortLine, limits.MaxLine)));
        var length = line.IndexOfAny((byte)'\r', (byte)'\n');
        if (length < 0 || bytes.Length < length + 3 || bytes[length + 1] != '\r' || bytes[length + 2] != '\n')
        {
            return false;
        }

        consumed = length + 3;
        value = RespLine.Scalar(type, segment.Array!, segment.Offset + from + 1, line[..length]);
        return true;
    }

    private bool TryBulk(ArraySegment<byte> segment, int from, out RespValue value, out int consumed)
    {
        (value, consumed) = (default, 0);
        var bytes = segment.AsSpan(from);
        var (at, length) = (1, 0);
        while (at < bytes.Length && at <= FewDigits && (uint)(bytes[at] - '0') <= 9)
        {
            length = (10 * length) + (bytes[at++] - '0');
        }

        var start = at + 2;
        if (at == 1 || at - 1 > limits.MaxLine || length > limits.MaxBulk || bytes.Length - start < length + 2
            || bytes[at] != '\r' || bytes[at + 1] != '\n' || bytes[start + length] != '\r' || bytes[start + length + 1] != '\n')
        {
            return false;
        }

        consumed = start + length + 2;
        value = Resp.Text(RespKind.BulkString, segment.Array!, segment.Offset + from + start, length);
        return true;
    }

    // What is published, and a few values together.
    private bool TryItems(ArraySegment<byte> segment, out RespValue value, out int consumed)
    {
        (value, consumed) = (default, 0);
        var head = segment.AsSpan();
        if (head.Length < Head || head[2] != '\r' || head[3] != '\n' || (uint)(head[1] - '1') > 8
            || head[1] - '0' > limits.MaxItems || limits.MaxLine < 1)
        {
            return false;
        }

        var items = new RespValue[head[1] - '0'];
        var at = Head;
        for (var i = 0; i < items.Length; i++)
        {
            if (!TryOne(segment, at, out items[i], out var length))
            {
                return false;
            }

            at += length;
        }

        (value, consumed) = (new(RespBuilder.KindOf((char)head[0])!.Value, items, 0), at);
        return true;
    }
}
