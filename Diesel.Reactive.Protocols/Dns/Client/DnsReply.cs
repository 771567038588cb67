using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A server's answer.</summary>
/// <param name="message">The answer as it was sent, or shall be.</param>
public sealed class DnsReply(DnsMessage message)
{
    /// <summary>The whole message.</summary>
    public DnsMessage Message { get; } = message ?? throw new ArgumentNullException(nameof(message));

    /// <summary>Who has answered; null: nobody yet.</summary>
    public EndPoint? Server { get; internal init; }

    /// <summary>Over what.</summary>
    public DnsTransport Transport { get; internal init; }

    /// <summary>How it has answered.</summary>
    public DnsResponseCode ResponseCode => Message.ResponseCode;

    /// <summary>The answer.</summary>
    public IReadOnlyList<DnsRecord> Answers => Message.Answers;

    /// <summary>Whose word it is: servers of the zone, or the SOA that says for how long there is none.</summary>
    public IReadOnlyList<DnsRecord> Authorities => Message.Authorities;

    /// <summary>What else may be of use.</summary>
    public IReadOnlyList<DnsRecord> Additionals => Message.Additionals;

    /// <summary>Why the server has no better answer; mostly none.</summary>
    public IReadOnlyList<ExtendedDnsError> ExtendedErrors => Message.Edns?.ExtendedErrors ?? [];

    /// <summary>A message as a reply.</summary>
    /// <param name="message">The message.</param>
    public static implicit operator DnsReply(DnsMessage message) => new(message);

    /// <summary>As <c>dig</c> shows it.</summary>
    public override string ToString() => Message.ToString();
}
