using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Features that few requests are asked for; made then.</summary>
internal sealed class RareFeatures(HubRequest request)
{
    private ConnectionFeature? _connection;
    private TlsFeature? _tls;
    private UpgradeFeature? _upgrade;

    /// <summary>Those of the next request are others.</summary>
    public void Forget() => (_connection, _tls, _upgrade) = (null, null, null);

    /// <summary>All that a request may have by itself.</summary>
    public static Type[] Kinds { get; } =
    [
        typeof(IHttpRequestFeature), typeof(IHttpRequestBodyDetectionFeature), typeof(IHttpRequestIdentifierFeature), typeof(IHttpRequestTrailersFeature),
        typeof(IRequestBodyPipeFeature), typeof(IHttpMaxRequestBodySizeFeature), typeof(IHttpBodyControlFeature), typeof(IHttpRequestLifetimeFeature),
        typeof(IHttpResponseFeature), typeof(IHttpResponseBodyFeature), typeof(IHttpResponseTrailersFeature), typeof(IHttpConnectionFeature),
        typeof(IEndpointFeature), typeof(IRouteValuesFeature), typeof(IHttpUpgradeFeature), typeof(ITlsConnectionFeature), typeof(ITlsHandshakeFeature), typeof(IHubFeature),
    ];

    public object? Find(Type kind) =>
        kind == typeof(IHttpConnectionFeature) || kind == typeof(IHubFeature) ? _connection ??= new(request)
        : kind == typeof(IHttpUpgradeFeature) ? _upgrade ??= new(request)
        : !request.Served.IsSecure ? null
        : kind == typeof(ITlsConnectionFeature) || kind == typeof(ITlsHandshakeFeature) ? _tls ??= new(request.Http.Feature<TlsInfo>())
        : null;

    private sealed class TlsFeature(TlsInfo? info) : ITlsConnectionFeature, ITlsHandshakeFeature
    {
        public X509Certificate2? ClientCertificate { get; set; } = info?.PeerCertificate;

        public System.Security.Authentication.SslProtocols Protocol => info?.Protocol ?? default;

        public System.Net.Security.TlsCipherSuite? NegotiatedCipherSuite => info?.CipherSuite;

        public string HostName => info?.ServerName ?? "";

#pragma warning disable SYSLIB0058 // They are the interface's.
        public System.Security.Authentication.CipherAlgorithmType CipherAlgorithm => default;

        public int CipherStrength => 0;

        public System.Security.Authentication.HashAlgorithmType HashAlgorithm => default;

        public int HashStrength => 0;

        public System.Security.Authentication.ExchangeAlgorithmType KeyExchangeAlgorithm => default;

        public int KeyExchangeStrength => 0;
#pragma warning restore SYSLIB0058

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
    }
}
