using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Diesel.Reactive;

/// <summary>How to speak TLS: as a client (<see cref="TlsClientOptions"/>) or as a server (<see cref="TlsServerOptions"/>).</summary>
/// <remarks>For <see cref="ConnectionOptions.Tls"/> and <c>connection.Upgrade(tls)</c>. Made once, they serve any number of connections. Renegotiation
/// is refused, whatever is configured.</remarks>
public abstract record TlsOptions
{
    private readonly TimeSpan _handshakeTimeout = TimeSpan.FromSeconds(10);
    private readonly List<SslApplicationProtocol>? _alpn;

    private protected TlsOptions()
    {
    }

    /// <summary>How long agreeing with the peer may take; default 10 s, <see cref="Timeout.InfiniteTimeSpan"/>: no limit. A peer that is slower, or
    /// says nothing at all, is closed with <see cref="TimeoutException"/>.</summary>
    public TimeSpan HandshakeTimeout { get => _handshakeTimeout; init => _handshakeTimeout = Setting.PositiveOrInfinite(value); }

    /// <summary>The versions that are spoken; <see cref="SslProtocols.None"/>, the default: those the system thinks safe, today TLS 1.2 and 1.3.</summary>
    public SslProtocols Protocols { get; init; }

    /// <summary>The protocols over TLS that this side speaks, the best first (ALPN, RFC 7301): <c>h2</c>, <c>http/1.1</c>, …; default: none. What was
    /// chosen is in <see cref="TlsInfo"/>; two sides that both name some and have none in common do not agree.</summary>
    public IReadOnlyList<string> ApplicationProtocols
    {
        get => _alpn is null ? [] : [.. _alpn.Select(static protocol => protocol.ToString())];
        init => _alpn = value is [] ? null : [.. value.Select(static name => new SslApplicationProtocol(name))];
    }

    /// <summary>The authorities that are trusted, in place of the system's: for certificates of one's own. Null, the default: the system's.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>Whether a certificate that was revoked is refused, and one of which that cannot be found out. Its authority is asked (a revocation
    /// list or OCSP), which may take its time; default false.</summary>
    public bool CheckRevocation { get; init; }

    internal abstract bool IsClient { get; }

    /// <summary>Whether a handshake begins with code of the program's, which may have to wait.</summary>
    internal abstract bool MayWait { get; }

    /// <summary>Lays TLS over a transport: for <see cref="ConnectionOptions.Layer"/> and <see cref="ConnectionLayers.Upgrade(Connection, Func{ITransport, Hub, ITransport}, UnreadInput)"/>, where other
    /// layers are laid as well.</summary>
    /// <param name="below">Not started, or in mid-stream.</param>
    /// <param name="hub">The connection's.</param>
    /// <returns>An <see cref="ILayer"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="below"/> or <paramref name="hub"/> is null.</exception>
    /// <exception cref="ArgumentException">These options say too little: a server has no certificate.</exception>
    /// <exception cref="InvalidOperationException">A client knows no name that the certificate must be for.</exception>
    public ITransport Lay(ITransport below, Hub hub) => Lay(below, hub, host: null);

    /// <summary>As the other, towards a host that was dialled.</summary>
    internal ITransport Lay(ITransport below, Hub hub, string? host)
    {
        ArgumentNullException.ThrowIfNull(below);
        ArgumentNullException.ThrowIfNull(hub);
        ThrowIfIncomplete();
        return new TlsTransport(below, hub, this, NameFor(below, host));
    }

    /// <exception cref="ArgumentException">They say too little.</exception>
    internal virtual void ThrowIfIncomplete()
    {
    }

    /// <summary>The name that the peer's certificate must be for; null: any.</summary>
    internal abstract string? NameFor(ITransport below, string? host);

    /// <summary>Agrees with the peer.</summary>
    /// <param name="tls">Not authenticated.</param>
    /// <param name="name">As of <see cref="NameFor"/>.</param>
    /// <param name="check">Makes what checks the peer's certificate, of what the program checks itself.</param>
    /// <param name="queue">Where it waits before it reckons, when it <see cref="MayWait"/>; null: it does not.</param>
    internal abstract Task Authenticate(
        SslStream tls, string? name, Func<RemoteCertificateValidationCallback?, RemoteCertificateValidationCallback> check, TlsHandshakeQueue? queue);

    private protected List<SslApplicationProtocol>? Alpn => _alpn;

    private protected X509ChainPolicy PolicyFor(bool server)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = CheckRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
            RevocationFlag = X509RevocationFlag.ExcludeRoot,

            // What clients send is not to make a server fetch things.
            DisableCertificateDownloads = !server,
        };
        policy.ApplicationPolicy.Add(TlsCertificate.PurposeOf(server));
        if (TrustedRoots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(TrustedRoots);
        }

        return policy;
    }
}
