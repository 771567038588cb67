using System.Net;
using System.Net.Security;

namespace Diesel.Reactive;

/// <summary>How a client speaks TLS. The server's certificate is checked: its authority, its times, its purpose, its strength, and that it is for the
/// name.</summary>
public sealed record TlsClientOptions : TlsOptions
{
    /// <summary>The name that is asked for (SNI) and that the server's certificate must be for; null, the default: the host that is dialled.</summary>
    /// <remarks>A connection that is upgraded, or dialled by an address, knows no host: there the address stands for it, unless this is set.</remarks>
    public string? ServerName { get; init; }

    /// <summary>The client's certificate, if the server asks for one; default none.</summary>
    public TlsCertificate? Certificate { get; init; }

    /// <summary>Whatever else .NET can be told, for each connection, when all else is set. On a thread of the pool.</summary>
    /// <remarks>A <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/> decides alone: whoever lets it accept everything checks
    /// nothing.</remarks>
    public Action<SslClientAuthenticationOptions>? Configure { get; init; }

    internal override bool IsClient => true;

    internal override bool MayWait => true;

    internal override string NameFor(ITransport below, string? host) => ServerName ?? host ?? (below.RemoteEndPoint switch
    {
        IPEndPoint address => address.Address.ToString(),
        DnsEndPoint named => named.Host,
        var other => throw new InvalidOperationException(
            $"TLS with {other} needs a name that the server's certificate must be for: set {nameof(TlsClientOptions)}.{nameof(ServerName)}."),
    });

    internal override Task Authenticate(
        SslStream tls, string? name, Func<RemoteCertificateValidationCallback?, RemoteCertificateValidationCallback> check, TlsHandshakeQueue? queue)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = Protocols,
            ApplicationProtocols = Alpn,
            CertificateChainPolicy = PolicyFor(server: true),
            ClientCertificateContext = Certificate?.Context,
        };
        Configure?.Invoke(options);
        options.RemoteCertificateValidationCallback = check(options.RemoteCertificateValidationCallback);
        options.AllowRenegotiation = false;
        return tls.AuthenticateAsClientAsync(options);
    }
}
