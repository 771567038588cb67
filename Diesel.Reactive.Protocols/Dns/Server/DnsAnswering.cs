using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What a server says to a message before it asks its handler, and how a reply is sent: RFC 1035, 6891, 7873, 7828, 8467, 9619. On the hub.</summary>
internal sealed class DnsAnswering(DnsServiceOptions options, TimeProvider clock)
{
    // RFC 8467, section 4.1: responses to multiples of 468.
    private const int PadTo = 468;
    private const int LeastSize = 512;

    private readonly DnsWriter _writer = new();
    private readonly CookieMint _cookies = new(clock);
    private readonly RateOfReplies? _rate = options.ResponsesPerSecond is { } limit ? new(limit, clock) : null;

    /// <summary>Takes a message.</summary>
    /// <param name="bytes">As it came.</param>
    /// <param name="remote">From where.</param>
    /// <param name="transport">Over what.</param>
    /// <param name="query">What the handler is to answer; null: nothing.</param>
    /// <returns>What is to be said at once; empty: nothing.</returns>
    public ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> bytes, EndPoint remote, DnsTransport transport, out DnsQuery? query)
    {
        query = null;
        var span = bytes.Span;
        if (span.Length < DnsHeader.Length || (span[2] & 0x80) != 0)
        {
            // An answer to an answer would have one as well, for ever.
            return default;
        }

        if (transport == DnsTransport.Udp && ((remote as IPEndPoint)?.Port ?? 0) is 0)
        {
            return default;
        }

        DnsMessage message;
        try
        {
            message = DnsMessageReader.Read(span);
        }
        catch (ProtocolException)
        {
            // 12 bytes: the id, that it is a reply, and FORMERR.
            return (byte[])[span[0], span[1], (byte)((span[2] & 0x79) | 0x80), (byte)DnsResponseCode.FormatError, 0, 0, 0, 0, 0, 0, 0, 0];
        }

        var asked = new DnsQuery(message, remote, transport) { IsKnown = transport != DnsTransport.Udp || IsKnown(message, remote) };
        if (Refusal(asked) is { } code)
        {
            return Limited(asked, new DnsMessage { ResponseCode = code });
        }

        query = asked;
        return default;
    }

    /// <summary>A handler's reply as it is sent.</summary>
    public ReadOnlyMemory<byte> Reply(DnsQuery query, DnsMessage reply) => Limited(query, reply);

    private static bool HasOption(DnsQuery query, ushort code) => query.Message.Edns?.Find(code) is not null;

    private bool IsKnown(DnsMessage message, EndPoint remote) =>
        message.Edns?.Find(DnsOption.Cookie) is { } cookie && remote is IPEndPoint asker && _cookies.Knows(cookie.Span, asker.Address);

    private DnsResponseCode? Refusal(DnsQuery query)
    {
        var (message, cookie) = (query.Message, query.Message.Edns?.Find(DnsOption.Cookie));
        return message.Opcode != DnsOpcode.Query ? DnsResponseCode.NotImplemented
            : message.Questions.Count != 1 || (cookie is { } some && !CookieMint.IsCookie(some.Span)) ? DnsResponseCode.FormatError
            : message.Edns is { Version: > 0 } ? DnsResponseCode.BadVersion
            : cookie is not null && options.RequiresCookies && !query.IsKnown ? DnsResponseCode.BadCookie
            : null;
    }

    private ReadOnlyMemory<byte> Limited(DnsQuery query, DnsMessage reply)
    {
        var over = query is { IsKnown: false, Transport: DnsTransport.Udp, RemoteEndPoint: IPEndPoint asker } && _rate is not null ? _rate.Over(asker.Address) : 0;
        if (over == 0)
        {
            return Write(query, reply);
        }

        // Who is not forged comes again by TCP.
        return over % 2 == 0 ? default : Write(query, new DnsMessage { ResponseCode = reply.ResponseCode, IsTruncated = true });
    }

    private ReadOnlyMemory<byte> Write(DnsQuery query, DnsMessage reply)
    {
        var asked = query.Message;
        var whole = reply with
        {
            Id = asked.Id,
            IsResponse = true,
            Opcode = asked.Opcode,
            RecursionDesired = asked.RecursionDesired,
            IsCheckingDisabled = asked.IsCheckingDisabled,
            Questions = asked.Questions.Count == 1 ? asked.Questions : [],
            Edns = asked.Edns is { } edns ? Edns(query, edns, reply) : null,
            ResponseCode = asked.Edns is null && (int)reply.ResponseCode > 15 ? DnsResponseCode.ServerFailure : reply.ResponseCode,
        };
        var limit = query.Transport != DnsTransport.Udp ? ushort.MaxValue
            : Math.Min(Math.Max(asked.Edns?.UdpSize ?? LeastSize, (ushort)LeastSize), Math.Max(options.UdpSize, (ushort)LeastSize));
        DnsMessageWriter.Write(whole, _writer, limit, query.Transport == DnsTransport.Tls && HasOption(query, DnsOption.Padding) ? PadTo : 0);
        return _writer.Written.ToArray();
    }

    private DnsEdns Edns(DnsQuery query, DnsEdns asked, DnsMessage reply)
    {
        var said = new List<DnsOption>();
        foreach (var option in reply.Edns?.Options ?? [])
        {
            if (option.Code is not (DnsOption.Cookie or DnsOption.KeepAlive or DnsOption.Padding))
            {
                said.Add(option);
            }
        }

        if (asked.Find(DnsOption.Cookie) is { } cookie && CookieMint.IsCookie(cookie.Span) && query.RemoteEndPoint is IPEndPoint asker)
        {
            said.Add(new(DnsOption.Cookie, _cookies.Give(cookie.Span, asker.Address)));
        }

        if (query.Transport != DnsTransport.Udp && HasOption(query, DnsOption.KeepAlive))
        {
            var tenths = (ushort)Math.Min(options.IdleTimeout.TotalMilliseconds / 100, ushort.MaxValue);
            said.Add(new(DnsOption.KeepAlive, (byte[])[(byte)(tenths >> 8), (byte)tenths]));
        }

        return new DnsEdns { UdpSize = options.UdpSize, DnssecOk = asked.DnssecOk, Options = said };
    }
}
