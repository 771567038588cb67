using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Diesel.Reactive;

/// <summary>What TLS agreed on: <c>connection.Feature&lt;TlsInfo&gt;()</c>.</summary>
/// <param name="Protocol">The version.</param>
/// <param name="CipherSuite">The cipher suite.</param>
/// <param name="ApplicationProtocol">What ALPN chose; null: nothing, or nothing was offered.</param>
/// <param name="ServerName">The name that the client asked for (SNI); null or empty: none.</param>
/// <param name="PeerCertificate">The peer's certificate, checked; null: it has none.</param>
public sealed record TlsInfo(
    SslProtocols Protocol, TlsCipherSuite CipherSuite, string? ApplicationProtocol, string? ServerName, X509Certificate2? PeerCertificate)
{
    internal static TlsInfo Of(SslStream tls) => new(
        tls.SslProtocol,
        tls.NegotiatedCipherSuite,
        tls.NegotiatedApplicationProtocol.Protocol is { IsEmpty: false } ? tls.NegotiatedApplicationProtocol.ToString() : null,
        tls.TargetHostName,
        tls.RemoteCertificate as X509Certificate2);
}
