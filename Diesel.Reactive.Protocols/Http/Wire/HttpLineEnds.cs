namespace Diesel.Reactive.Protocols.Http;

/// <summary>Finds lines, one after the other, in bytes that grow: how far it looked is remembered, so that the work is linear.</summary>
internal struct HttpLineEnds
{
    private int _searched;

    /// <summary>Where the line begins that is looked for.</summary>
    public int Begin { get; private set; }

    /// <summary>Begins at a place in the bytes.</summary>
    public void StartAt(int begin) => Begin = _searched = begin;

    /// <summary>Finds a line that ends in CRLF.</summary>
    /// <param name="bytes">All there is, from the same first byte each time.</param>
    /// <param name="allowsLoneLf">Whether LF alone ends one as well.</param>
    /// <param name="isRequest">Whose they are.</param>
    /// <param name="line">The line without its end.</param>
    /// <returns>False: its end has not come.</returns>
    /// <exception cref="HttpRefusedException">A CR or LF stands alone (RFC 9112 §2.2).</exception>
    public bool TryNext(ReadOnlySpan<byte> bytes, bool allowsLoneLf, bool isRequest, out ReadOnlySpan<byte> line)
    {
        var at = bytes[_searched..].IndexOf((byte)'\n');
        if (at < 0)
        {
            // A CR that is the last byte may still be half of an end.
            var fresh = bytes[Math.Max(_searched - 1, Begin)..];
            if (fresh.Length > 1 && fresh[..^1].Contains((byte)'\r'))
            {
                throw Alone(isRequest);
            }

            _searched = bytes.Length;
            line = default;
            return false;
        }

        at += _searched;
        var end = at > Begin && bytes[at - 1] == '\r' ? at - 1 : allowsLoneLf ? at : throw Alone(isRequest);
        line = bytes[Begin..end];
        StartAt(at + 1);
        return true;
    }

    private static HttpRefusedException Alone(bool isRequest) =>
        new(isRequest ? 400 : 502, "RFC 9112 §2.2", "A line ends in CR LF, and neither of them stands alone");
}
