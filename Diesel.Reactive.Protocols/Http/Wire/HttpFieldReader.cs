using System.Text;

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
        var colon = text.IndexOf((byte)':');
        field = new HttpField(_rest[..colon], ValueOf(_rest[..length], colon + 1));
        (line, _rest) = (_rest[..length], _rest[length..]);
        return true;
    }

    /// <summary>Goes on to the next field of a name; of what stands before it only the ends of the lines are looked for.</summary>
    /// <param name="name">In any case.</param>
    /// <param name="value">Of the field.</param>
    /// <returns>False: there is none.</returns>
    public bool TryFind(ReadOnlySpan<char> name, out ReadOnlyMemory<byte> value)
    {
        var text = _rest.Span;
        var begin = 0;
        while (begin < text.Length)
        {
            var line = text[begin..];
            var length = line.IndexOf((byte)'\n') + 1;
            if (name.Length < length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name) && !name.Contains(':'))
            {
                value = ValueOf(_rest.Slice(begin, length), name.Length + 1);
                _rest = _rest[(begin + length)..];
                return true;
            }

            begin += length;
        }

        (_rest, value) = (default, default);
        return false;
    }

    private static ReadOnlyMemory<byte> ValueOf(ReadOnlyMemory<byte> line, int begin)
    {
        var text = line.Span;
        var end = text.Length > 1 && text[^2] == '\r' ? text.Length - 2 : text.Length - 1;
        while (begin < end && text[begin] is (byte)' ' or (byte)'\t')
        {
            begin++;
        }

        while (end > begin && text[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        return line[begin..end];
    }
}
