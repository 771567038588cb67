namespace Diesel.Reactive.Protocols.Http;

/// <summary>What the fields of a head say about its message and its connection; gathered while each is checked.</summary>
internal struct HttpHeadFacts
{
    public HttpHeadFlags Flags;

    /// <summary>Content-Length; -1: there is none.</summary>
    public long Length;

    public HttpTransferCoding Coding;

    public bool IsHttp10 => (Flags & HttpHeadFlags.Http10) != 0;

    public void Begin() => (Flags, Length, Coding) = (HttpHeadFlags.None, -1, HttpTransferCoding.None);

    /// <summary>Takes note of a field that means something to the codec.</summary>
    /// <param name="name">A token.</param>
    /// <param name="value">Without white space around it.</param>
    /// <param name="limits">What is let pass.</param>
    /// <param name="isRequest">Whose head it is.</param>
    public void Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, HttpLimits limits, bool isRequest)
    {
        switch (name.Length)
        {
            case 4 when isRequest && HttpGrammar.Is(name, "host"u8):
                NoteHost(value);
                break;
            case 6 when isRequest && HttpGrammar.Is(name, "expect"u8):
                NoteExpect(value);
                break;
            case 7 when HttpGrammar.Is(name, "upgrade"u8):
                Flags |= HttpHeadFlags.Upgrade;
                break;
            case 10 when HttpGrammar.Is(name, "connection"u8):
                NoteConnection(value);
                break;
            case 14 when HttpGrammar.Is(name, "content-length"u8):
                NoteLength(value, limits, isRequest);
                break;
            case 17 when HttpGrammar.Is(name, "transfer-encoding"u8):
                NoteCoding(value);
                break;
            default:
                break;
        }
    }

    // Host = uri-host [ ":" port ] (RFC 9110 §7.2); exactly one (RFC 9112 §3.2).
    private void NoteHost(ReadOnlySpan<byte> value)
    {
        if ((Flags & HttpHeadFlags.Host) != 0)
        {
            throw new HttpRefusedException(400, "RFC 9112 §3.2", "There is more than one Host");
        }

        if (!value.IsEmpty && !HttpTarget.IsAuthority(value))
        {
            throw new HttpRefusedException(400, "RFC 9110 §7.2", "Host is no host with an optional port");
        }

        Flags |= HttpHeadFlags.Host;
    }

    private void NoteExpect(ReadOnlySpan<byte> value)
    {
        if (!HttpGrammar.Is(value, "100-continue"u8))
        {
            throw new HttpRefusedException(417, "RFC 9110 §10.1.1", "What is expected is unknown here");
        }

        Flags |= HttpHeadFlags.Expects;
    }

    private void NoteConnection(ReadOnlySpan<byte> list)
    {
        while (HttpGrammar.TryNextMember(ref list, out var option))
        {
            Flags |= option.Length switch
            {
                5 when HttpGrammar.Is(option, "close"u8) => HttpHeadFlags.Close,
                7 when HttpGrammar.Is(option, "upgrade"u8) => HttpHeadFlags.UpgradeOption,
                10 when HttpGrammar.Is(option, "keep-alive"u8) => HttpHeadFlags.KeepAlive,
                _ => HttpHeadFlags.None,
            };
        }
    }

    // Content-Length = 1*DIGIT (RFC 9110 §8.6); a second one is a sign of two readers, whatever it says.
    private void NoteLength(ReadOnlySpan<byte> value, HttpLimits limits, bool isRequest)
    {
        if (!HttpGrammar.TryNumber(value, out var length) && !(limits.Allows(HttpLeniencies.RepeatedContentLength) && TryRepeated(value, out length)))
        {
            throw new HttpRefusedException(isRequest ? 400 : 502, "RFC 9110 §8.6", "Content-Length is no number of bytes");
        }

        if (Length >= 0 && !(limits.Allows(HttpLeniencies.RepeatedContentLength) && Length == length))
        {
            throw new HttpRefusedException(isRequest ? 400 : 502, "RFC 9110 §8.6", "There is more than one Content-Length");
        }

        Length = length;
    }

    private static bool TryRepeated(ReadOnlySpan<byte> list, out long length)
    {
        length = -1;
        while (HttpGrammar.TryNextMember(ref list, out var one))
        {
            if (!HttpGrammar.TryNumber(one, out var number) || (length >= 0 && length != number))
            {
                return false;
            }

            length = number;
        }

        return length >= 0;
    }

    // Transfer-Encoding = #transfer-coding (RFC 9112 §6.1). An empty member, and a parameter of chunked, are read differently by others.
    private void NoteCoding(ReadOnlySpan<byte> value)
    {
        while (true)
        {
            var comma = value.IndexOf((byte)',');
            NoteOneCoding(HttpGrammar.Trim(comma < 0 ? value : value[..comma]));
            if (comma < 0)
            {
                return;
            }

            value = value[(comma + 1)..];
        }
    }

    private void NoteOneCoding(ReadOnlySpan<byte> coding)
    {
        var isChunked = HttpGrammar.Is(coding, "chunked"u8);
        Coding = Coding switch
        {
            _ when coding.IsEmpty => HttpTransferCoding.Invalid,
            HttpTransferCoding.None => isChunked ? HttpTransferCoding.Chunked : HttpTransferCoding.NotChunked,
            HttpTransferCoding.NotChunked => isChunked ? HttpTransferCoding.OthersAndChunked : HttpTransferCoding.NotChunked,
            _ => HttpTransferCoding.Invalid,
        };
    }
}
