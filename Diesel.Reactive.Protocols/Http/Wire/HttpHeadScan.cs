namespace Diesel.Reactive.Protocols.Http;

/// <summary>Checks a head line by line, each as soon as it is whole, and notes what it says: one grammar for both roles.</summary>
/// <remarks>A mutable struct: keep it in a field that is not readonly.</remarks>
internal struct HttpHeadScan
{
    private readonly HttpLimits _limits;
    private readonly bool _isRequest;
    private HttpLineEnds _lines;
    private int _fields;
    private int _fieldCount;

    public HttpHeadScan(HttpLimits limits, bool isRequest)
    {
        (_limits, _isRequest) = (limits, isRequest);
        Begin();
    }

    /// <summary>What was noted.</summary>
    public HttpHeadFacts Facts;

    /// <summary>Where the head begins: behind empty lines (RFC 9112 §2.2).</summary>
    public int Start { get; private set; }

    /// <summary>Parts of the start line: the method's and the target's length; of a response, the status.</summary>
    public int First { get; private set; }

    /// <summary>See <see cref="First"/>.</summary>
    public int Second { get; private set; }

    /// <summary>Begins with a new head.</summary>
    public void Begin()
    {
        _lines.StartAt(0);
        (_fields, _fieldCount, Start, First, Second) = (0, 0, 0, 0, 0);
        Facts.Begin();
    }

    /// <summary>Goes on.</summary>
    /// <param name="bytes">All there is, from the same first byte each time.</param>
    /// <param name="length">Where the head ends, behind its empty line.</param>
    /// <returns>False: it is not whole yet.</returns>
    /// <exception cref="HttpRefusedException">It is none, or passes a limit.</exception>
    public bool TryScan(ReadOnlySpan<byte> bytes, out int length)
    {
        while (_lines.TryNext(bytes, _limits.Allows(HttpLeniencies.LoneLf), _isRequest, out var line))
        {
            if (_fields > 0)
            {
                if (line.IsEmpty)
                {
                    length = _lines.Begin;
                    ThrowIfTooLarge(length);
                    return true;
                }

                NextField(line);
            }
            else if (!line.IsEmpty || !_isRequest)
            {
                ThrowIfTooLong(line.Length + Start);
                StartLine(line, isLoneLf: bytes[_lines.Begin - 2] != '\r');
                _fields = _lines.Begin;
            }
            else
            {
                Start = _lines.Begin;
                ThrowIfTooLong(Start);
            }
        }

        Open(bytes);
        length = 0;
        return false;
    }

    // A line that is not whole: the peer is told as early as can be that there is no sense in going on.
    private readonly void Open(ReadOnlySpan<byte> bytes)
    {
        if (_fields > 0)
        {
            ThrowIfTooLarge(bytes.Length);
        }
        else
        {
            ThrowIfTooLong(bytes.Length);
            if (bytes.Length > Start && bytes[Start] != '\r' && !(_isRequest ? HttpGrammar.Token.Contains(bytes[Start]) : bytes[Start] == 'H'))
            {
                throw Refused("RFC 9112 §2.1", "This does not begin as a message does");
            }
        }
    }

    private void StartLine(ReadOnlySpan<byte> line, bool isLoneLf)
    {
        Facts.Flags |= isLoneLf ? HttpHeadFlags.LoneLf : HttpHeadFlags.None;
        if (_isRequest)
        {
            RequestLine(line);
        }
        else
        {
            StatusLine(line);
        }
    }

    // request-line = method SP request-target SP HTTP-version (RFC 9112 §3)
    private void RequestLine(ReadOnlySpan<byte> line)
    {
        First = line.IndexOf((byte)' ');
        if (First <= 0 || !HttpGrammar.IsToken(line[..First]))
        {
            throw Refused("RFC 9112 §3", "The request line does not begin with a method and a space");
        }

        var rest = line[(First + 1)..];
        Second = rest.IndexOf((byte)' ');
        if (Second < 0)
        {
            throw Refused("RFC 9112 §3", "The request line is no method, target and version with one space between them");
        }

        Version(rest[(Second + 1)..]);
        Facts.Flags |= HttpTarget.Check(line[..First], rest[..Second]);
    }

    // status-line = HTTP-version SP status-code SP [ reason-phrase ] (RFC 9112 §4)
    private void StatusLine(ReadOnlySpan<byte> line)
    {
        const int Status = 9;
        Version(line[..Math.Min(Status - 1, line.Length)]);
        if (line.Length == Status + 3 && _limits.Allows(HttpLeniencies.StatusWithoutSpace))
        {
            Facts.Flags |= HttpHeadFlags.NoReason;
        }
        else if (line.Length < Status + 4 || line[Status + 3] != ' ')
        {
            throw Refused("RFC 9112 §4", "The status line is no version, status and reason with one space between them");
        }

        if (line[Status - 1] != ' ' || !HttpGrammar.TryNumber(line.Slice(Status, 3), out var status) || status is < 100 or > 599)
        {
            throw Refused("RFC 9110 §15", "The status is no number from 100 to 599");
        }

        if (!HttpGrammar.IsFieldValue(line[(Status + 3)..]))
        {
            throw Refused("RFC 9112 §4", "The reason has a control character in it");
        }

        First = (int)status;
    }

    // HTTP-version = "HTTP" "/" DIGIT "." DIGIT (RFC 9112 §2.3); a higher minor one is served as 1.1 (RFC 9110 §2.5).
    private void Version(ReadOnlySpan<byte> version)
    {
        if (version.Length != 8 || !version.StartsWith("HTTP/"u8) || version[6] != '.' || !char.IsAsciiDigit((char)version[5]) || !char.IsAsciiDigit((char)version[7]))
        {
            throw Refused("RFC 9112 §2.3", "There is no version of HTTP where it should stand");
        }

        if (version[5] != '1')
        {
            throw new HttpRefusedException(_isRequest ? 505 : 502, "RFC 9110 §15.6.6", "Only HTTP/1.0 and 1.1 are spoken here");
        }

        Facts.Flags |= version[7] == '0' ? HttpHeadFlags.Http10 : HttpHeadFlags.None;
    }

    private void NextField(ReadOnlySpan<byte> line)
    {
        ThrowIfTooLarge(_lines.Begin);
        if (++_fieldCount > _limits.MaxFields)
        {
            throw new HttpRefusedException(_isRequest ? 431 : 502, "RFC 6585 §5", $"There are more than {_limits.MaxFields} fields");
        }

        var colon = HttpFields.Check(line, _isRequest);
        Facts.Note(line[..colon], HttpGrammar.Trim(line[(colon + 1)..]), _limits, _isRequest);
    }

    private readonly void ThrowIfTooLong(int length)
    {
        if (length > _limits.MaxLine)
        {
            throw new HttpRefusedException(_isRequest ? 414 : 502, "RFC 9112 §3", $"The first line is longer than {_limits.MaxLine} bytes");
        }
    }

    private readonly void ThrowIfTooLarge(int length)
    {
        if (length - _fields > _limits.MaxHeaders)
        {
            throw new HttpRefusedException(_isRequest ? 431 : 502, "RFC 6585 §5", $"The fields are more than {_limits.MaxHeaders} bytes");
        }
    }

    private readonly HttpRefusedException Refused(string rule, string reason) => new(_isRequest ? 400 : 502, rule, reason);
}
