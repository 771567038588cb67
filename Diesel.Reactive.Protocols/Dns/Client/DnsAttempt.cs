using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What became of asking one server.</summary>
/// <param name="Server">Who was asked.</param>
/// <param name="Transport">Over what.</param>
/// <param name="Reason">Why there is no answer from there.</param>
/// <param name="Code">How it answered; null: not at all.</param>
public sealed record DnsAttempt(EndPoint Server, DnsTransport Transport, string Reason, DnsResponseCode? Code = null)
{
    /// <summary>Server, transport and reason.</summary>
    public override string ToString() => $"{Server} ({Transport.ToString().ToUpperInvariant()}): {Reason}";
}
