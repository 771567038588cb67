using System.Globalization;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Reads events: finds the empty line behind one, and then its fields. Linear in the bytes.</summary>
internal sealed class EventStreamDecoder(int maxLength) : Decoder<ServerSentEvent>
{
    private static readonly byte[] Mark = [0xef, 0xbb, 0xbf];

    private readonly StringBuilder _data = new();
    private string _type = "";
    private string? _id;
    private TimeSpan? _retry;
    private bool _hasData;

    // How far the bytes were looked through, and where the line begins that is not whole.
    private int _looked;
    private int _line;
    private bool _isAtStart = true;
    private bool _mayHaveLf;

    public override bool TryDecode(ReadOnlyMemory<byte> buffer, out ServerSentEvent frame, out int consumed)
    {
        (frame, consumed) = (default, 0);
        var bytes = buffer.Span;
        if (_isAtStart && !TryStart(ref bytes, ref consumed))
        {
            return false;
        }

        while (TryLine(bytes, out var begin, out var end))
        {
            // A comment alone may keep a connection alive for days, and is not to be kept as long.
            var isAlone = begin == 0 && bytes[0] == ':';
            if (begin != end && !isAlone)
            {
                continue;
            }

            var isEvent = TryEvent(bytes[..begin], out frame);
            consumed += _looked;
            bytes = bytes[_looked..];
            (_looked, _line) = (0, 0);
            if (isEvent)
            {
                return true;
            }
        }

        return bytes.Length <= maxLength ? false : throw new FrameTooLongException(bytes.Length, maxLength);
    }

    // A byte order mark may begin the stream.
    private bool TryStart(ref ReadOnlySpan<byte> bytes, ref int consumed)
    {
        var isMark = bytes.StartsWith(Mark);
        if (!isMark && bytes.Length < Mark.Length && Mark.AsSpan().StartsWith(bytes))
        {
            return false;
        }

        _isAtStart = false;
        consumed = isMark ? Mark.Length : 0;
        bytes = bytes[consumed..];
        return true;
    }

    private bool TryLine(ReadOnlySpan<byte> bytes, out int begin, out int end)
    {
        // The LF of a CR LF that was cut in two.
        if (_mayHaveLf && _looked < bytes.Length)
        {
            _mayHaveLf = false;
            if (bytes[_looked] == '\n')
            {
                _looked++;
                _line = _looked;
            }
        }

        (begin, end) = (_line, 0);
        var found = bytes[_looked..].IndexOfAny((byte)'\r', (byte)'\n');
        if (found < 0)
        {
            _looked = bytes.Length;
            return false;
        }

        end = _looked + found;
        _mayHaveLf = bytes[end] == '\r';
        _looked = _line = end + 1;
        return true;
    }

    private bool TryEvent(ReadOnlySpan<byte> lines, out ServerSentEvent frame)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOfAny((byte)'\r', (byte)'\n');
            Field(end < 0 ? lines : lines[..end]);
            lines = end < 0 ? default : lines[(end + 1)..];
        }

        frame = new ServerSentEvent(_data.ToString(), _type.Length == 0 ? "message" : _type, _id, _retry);
        var isEvent = _hasData;
        _data.Clear();
        (_type, _hasData) = ("", false);
        if (isEvent)
        {
            _retry = null;
        }

        return isEvent;
    }

    private void Field(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        value = value is [(byte)' ', ..] ? value[1..] : value;
        if (name.SequenceEqual("data"u8))
        {
            _data.Append(_hasData ? "\n" : "").Append(Encoding.UTF8.GetString(value));
            _hasData = true;
        }
        else if (name.SequenceEqual("event"u8))
        {
            _type = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("id"u8) && !value.Contains((byte)0))
        {
            _id = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("retry"u8) && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            _retry = TimeSpan.FromMilliseconds(milliseconds);
        }
    }
}
