namespace Diesel.Reactive.Protocols.Http;

/// <summary>Reads field after field of lines that were found to be fields before.</summary>
internal struct HttpFieldReader(ReadOnlyMemory<byte> lines)
{
    private ReadOnlyMemory<byte> _rest = lines;

    public bool TryRead(out HttpField field, out ReadOnlyMemory<byte> line)
    {
        if (_rest.IsEmpty)
        {
            (field, line) = (default, default);
            return false;
        }

        var text = _rest.Span;
        var length = text.IndexOf((byte)'\n') + 1;
        var end = length > 1 && text[length - 2] == '\r' ? length - 2 : length - 1;
        var colon = text.IndexOf((byte)':');
        var begin = colon + 1;
        while (begin < end && text[begin] is (byte)' ' or (byte)'\t')
        {
            begin++;
        }

        while (end > begin && text[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        field = new HttpField(_rest[..colon], _rest[begin..end]);
        (line, _rest) = (_rest[..length], _rest[length..]);
        return true;
    }
}
