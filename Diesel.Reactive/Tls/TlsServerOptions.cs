using System.Net.Security;

namespace Diesel.Reactive;

/// <summary>How a server speaks TLS.</summary>
public sealed record TlsServerOptions : TlsOptions
{
    /// <summary>The certificate for every client; or, with <see cref="CertificateFor"/>, for those names it knows none for.</summary>
    public TlsCertificate? Certificate { get; init; }

    /// <summary>Chooses a certificate by the name that a client asks for (SNI): for each handshake anew, so that certificates are renewed without a
    /// restart. Null, the default: always <see cref="Certificate"/>.</summary>
    /// <remarks>It gets the name in small letters, empty when the client gave none, and may take its time; null falls back on
    /// <see cref="Certificate"/>, or refuses. On a thread of the pool, for several handshakes at a time. Give the same
    /// <see cref="TlsCertificate"/> until there is a new one: making it is slow, and sessions are resumed only with the same.</remarks>
    public Func<string, ValueTask<TlsCertificate?>>? CertificateFor { get; init; }

    /// <summary>Whether clients must have a certificate of theirs, for clients, and of an authority that is trusted; default false.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>Whatever else .NET can be told, for each connection, when all else is set. On a thread of the pool.</summary>
    public Action<SslServerAuthenticationOptions>? Configure { get; init; }

    internal override bool IsClient => false;

    internal override bool MayWait => CertificateFor is not null || Configure is not null;

    internal override void ThrowIfIncomplete()
    {
        if (Certificate is null && CertificateFor is null && Configure is null)
        {
            throw new ArgumentException(
                $"A server needs a certificate: set {nameof(TlsServerOptions)}.{nameof(Certificate)} or {nameof(CertificateFor)}. For a trial, TlsCertificate.SelfSigned(\"localhost\") makes one.");
        }
    }

    internal override string? NameFor(ITransport below, string? host) => null;

    internal override Task Authenticate(
        SslStream tls, string? name, Func<RemoteCertificateValidationCallback?, RemoteCertificateValidationCallback> check, TlsHandshakeQueue? queue) =>
        MayWait
            ? tls.AuthenticateAsServerAsync((_, hello, _, _) => Choose(hello.ServerName, check, queue), null, CancellationToken.None)
            : tls.AuthenticateAsServerAsync(OptionsWith(Certificate, check));

    private async ValueTask<SslServerAuthenticationOptions> Choose(
        string name, Func<RemoteCertificateValidationCallback?, RemoteCertificateValidationCallback> check, TlsHandshakeQueue? queue)
    {
        var chosen = CertificateFor is null ? null : await CertificateFor(name.ToLowerInvariant()).ConfigureAwait(false);
        var options = OptionsWith(chosen ?? Certificate ?? NothingFor(name), check);
        if (queue is not null)
        {
            await queue.Turn();
        }

        return options;
    }

    // Configure may bring its own.
    private TlsCertificate? NothingFor(string name) => CertificateFor is null ? null
        : throw new TlsException(TlsFault.NoCertificate, $"this side has no certificate for the name '{Label.OneLine(name)}' that it asked for.");

    private SslServerAuthenticationOptions OptionsWith(
        TlsCertificate? certificate, Func<RemoteCertificateValidationCallback?, RemoteCertificateValidationCallback> check)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate?.Context,
            EnabledSslProtocols = Protocols,
            ApplicationProtocols = Alpn,
            ClientCertificateRequired = RequireClientCertificate,
        };
        if (RequireClientCertificate)
        {
            options.CertificateChainPolicy = PolicyFor(server: false);
        }

        Configure?.Invoke(options);
        if (options.ClientCertificateRequired)
        {
            options.RemoteCertificateValidationCallback = check(options.RemoteCertificateValidationCallback);
        }

        options.AllowRenegotiation = false;
        return options;
    }
}
