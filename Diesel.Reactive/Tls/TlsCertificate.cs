using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Diesel.Reactive;

/// <summary>A certificate with its private key and what leads from it to its authority, ready to be used by any number of connections.</summary>
/// <remarks>Make it once and keep it: sessions are resumed only with the same one. Any thread.</remarks>
public sealed class TlsCertificate
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";

    /// <summary>Prepares a certificate.</summary>
    /// <param name="certificate">With its private key.</param>
    /// <param name="intermediates">Those between it and its authority, in any order; null: none, or the system knows them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is null.</exception>
    /// <exception cref="ArgumentException">It has no private key.</exception>
    /// <remarks>Looks for its chain at once, which may take some hundred milliseconds: do it before the program serves, or in <c>hub.Run</c>.</remarks>
    public TlsCertificate(X509Certificate2 certificate, X509Certificate2Collection? intermediates = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        Context = certificate.HasPrivateKey ? SslStreamCertificateContext.Create(certificate, intermediates, offline: true)
            : throw new ArgumentException($"The certificate of {certificate.Subject} has no private key: load it with its key.", nameof(certificate));
    }

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate => Context.TargetCertificate;

    internal SslStreamCertificateContext Context { get; }

    /// <summary>Loads PEM files, as certificate authorities give them.</summary>
    /// <param name="certificateFile">The certificate, and behind it those that lead to its authority.</param>
    /// <param name="keyFile">Its private key, not encrypted; null: in the first file as well.</param>
    /// <returns>The certificate, prepared.</returns>
    /// <exception cref="ArgumentException"><paramref name="certificateFile"/> is null or empty.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file is no certificate, or no key, or the two do not belong together.</exception>
    public static TlsCertificate FromPem(string certificateFile, string? keyFile = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(certificateFile);
        var others = new X509Certificate2Collection();
        others.ImportFromPemFile(certificateFile);
        return new TlsCertificate(X509Certificate2.CreateFromPemFile(certificateFile, keyFile), others);
    }

    /// <summary>Makes a certificate for tests and trials, which nobody trusts who was not told to: <see cref="TlsOptions.TrustedRoots"/>.</summary>
    /// <param name="names">Host names and addresses it is for; at least one.</param>
    /// <returns>A P-256 key, signed by itself, for servers and clients, valid for ten years.</returns>
    /// <exception cref="ArgumentException"><paramref name="names"/> is null or empty.</exception>
    public static TlsCertificate SelfSigned(params string[] names)
    {
        if (names is not { Length: > 0 })
        {
            throw new ArgumentException("A certificate is for one name at least: \"localhost\", say.", nameof(names));
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var distinguished = new X500DistinguishedNameBuilder();
        distinguished.AddCommonName(names[0]);
        var request = new CertificateRequest(distinguished.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(NamesOf(names));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerPurpose), new Oid(ClientPurpose)], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        return new TlsCertificate(request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10)));
    }

    /// <summary>The certificate's subject.</summary>
    public override string ToString() => $"certificate of {Certificate.Subject}";

    internal static Oid PurposeOf(bool server) => new(server ? ServerPurpose : ClientPurpose);

    private static X509Extension NamesOf(string[] names)
    {
        var all = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                all.AddIpAddress(address);
            }
            else
            {
                all.AddDnsName(name);
            }
        }

        return all.Build();
    }
}
