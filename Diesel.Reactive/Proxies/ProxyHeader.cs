using System.Net;
using System.Net.Security;

namespace Diesel.Reactive;

/// <summary>What a proxy says of a connection before its first byte: who the client is, and whom it had dialled. Of a service with
/// <c>ProxyProtocol</c> set, <c>connection.Feature&lt;ProxyHeader&gt;()</c>.</summary>
/// <remarks>Source: "The PROXY protocol, versions 1 and 2", of HAProxy.</remarks>
public sealed record ProxyHeader
{
    /// <summary>1, a line of text, or 2, the default, which is binary and says more.</summary>
    public int Version { get; init; } = 2;

    /// <summary>Whether the proxy speaks for itself (a health check): the addresses are its own, and the header has none. Version 2.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The client; null: the proxy does not say, and the connection shows the proxy itself.</summary>
    public EndPoint? Source { get; init; }

    /// <summary>Whom the client had dialled; null as <see cref="Source"/>.</summary>
    public EndPoint? Destination { get; init; }

    /// <summary>Whether the client sent datagrams, which come over this connection. Version 2.</summary>
    public bool IsDatagram { get; init; }

    /// <summary>Whether a checksum (CRC32c) goes with it, to be checked by the receiver; one that does not fit is a
    /// <see cref="ProtocolException"/>. Version 2.</summary>
    public bool HasChecksum { get; init; }

    /// <summary>All else that it says, in order, known or not; without checksum and padding. Version 2.</summary>
    public IReadOnlyList<ProxyTlv> Tlvs { get; init; } = [];

    /// <summary>The protocol that client and proxy have agreed on by TLS (ALPN): <c>h2</c>, say. Null: it is not said.</summary>
    public SslApplicationProtocol? ApplicationProtocol => ValueOf(ProxyTlv.Alpn) is { } name ? new SslApplicationProtocol(name.ToArray()) : null;

    /// <summary>The host that the client has asked for (SNI of TLS). Null: it is not said.</summary>
    public string? Authority => ProxyTls.TextOf(Tlvs, ProxyTlv.Authority);

    /// <summary>What the proxy's logs name the connection by, at most 128 bytes. Null: it is not said.</summary>
    public ReadOnlyMemory<byte>? UniqueId => ValueOf(ProxyTlv.UniqueId);

    /// <summary>The name of the network namespace that the client came to. Null: it is not said.</summary>
    public string? NetworkNamespace => ProxyTls.TextOf(Tlvs, ProxyTlv.NetworkNamespace);

    /// <summary>The TLS connection of the client. Null: it is not said.</summary>
    public ProxyTls? Tls => ValueOf(ProxyTlv.Tls) is { } value ? ProxyTls.Of(value) : null;

    /// <summary>What a proxy says of a connection that is its own.</summary>
    public static ProxyHeader Local { get; } = new() { IsLocal = true };

    /// <summary>What a proxy says of a client.</summary>
    /// <param name="source">The client.</param>
    /// <param name="destination">Whom it had dialled.</param>
    /// <returns>Of version 2; <c>with { Version = 1 }</c> for the other.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ProxyHeader Of(EndPoint source, EndPoint destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        return new() { Source = source, Destination = destination };
    }

    /// <summary>Whose header it is.</summary>
    public override string ToString() =>
        IsLocal ? "PROXY header of the proxy itself"
        : Source is null ? "PROXY header of an unknown client"
        : $"PROXY header of {EndPoints.Text(Source)}";

    private ReadOnlyMemory<byte>? ValueOf(byte type)
    {
        foreach (var tlv in Tlvs)
        {
            if (tlv.Type == type)
            {
                return tlv.Value;
            }
        }

        return null;
    }
}
