using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A question that a <see cref="DnsService"/> was asked.</summary>
public sealed class DnsQuery
{
    internal DnsQuery(DnsMessage message, EndPoint remote, DnsTransport transport) => (Message, RemoteEndPoint, Transport) = (message, remote, transport);

    /// <summary>The whole query; it has one question.</summary>
    public DnsMessage Message { get; }

    /// <summary>Of whom.</summary>
    public DnsName Name => Message.Questions[0].Name;

    /// <summary>Which records.</summary>
    public DnsType Type => Message.Questions[0].Type;

    /// <summary>Of which class.</summary>
    public DnsClass Class => Message.Questions[0].Class;

    /// <summary>Who asks; of a datagram it may be forged.</summary>
    public EndPoint RemoteEndPoint { get; }

    /// <summary>Over what.</summary>
    public DnsTransport Transport { get; }

    /// <summary>Whether whoever asks has shown, by a cookie or a connection, that the address is its own.</summary>
    public bool IsKnown { get; internal init; }

    /// <summary>An answer of one's own: authoritative.</summary>
    /// <param name="records">None: there is no such record.</param>
    /// <returns>The reply; id, question and EDNS are added when it is sent.</returns>
    public DnsReply Answer(params IEnumerable<DnsRecord> records) => new DnsMessage { IsResponse = true, IsAuthoritative = true, Questions = Message.Questions, Answers = [.. records] };

    /// <summary>No answer.</summary>
    /// <param name="code">Why.</param>
    /// <param name="why">What else there is to say of it (RFC 8914); null: nothing.</param>
    /// <returns>The reply.</returns>
    public DnsReply Refuse(DnsResponseCode code = DnsResponseCode.Refused, string? why = null) => new DnsMessage
    {
        IsResponse = true,
        ResponseCode = code,
        Questions = Message.Questions,
        Edns = why is null ? null : new DnsEdns { Options = [DnsOption.Of(new ExtendedDnsError(0, why))] },
    };

    /// <summary>Question and asker.</summary>
    public override string ToString() => $"{Message.Questions[0]} from {RemoteEndPoint}";
}
