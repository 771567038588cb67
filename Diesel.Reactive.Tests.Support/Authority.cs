using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Diesel.Reactive.Tests;

/// <summary>A certificate authority of a test's own, and what it issues.</summary>
internal sealed class Authority
{
    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    private readonly Lock _gate = new();
    private readonly X509Certificate2 _root;
    private byte _serial;

    public Authority(string name = "Test Authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(20));
    }

    /// <summary>One that the tests share.</summary>
    public static Authority Shared { get; } = new();

    /// <summary>For "localhost", from the shared one.</summary>
    public static TlsCertificate Localhost { get; } = Shared.Issues();

    /// <summary>As <see cref="TlsOptions.TrustedRoots"/>.</summary>
    public X509Certificate2Collection Roots => [X509CertificateLoader.LoadCertificate(_root.RawData)];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A server that has a certificate for "localhost".</summary>
    public static TlsServerOptions Server { get; } = new() { Certificate = Localhost };

    /// <summary>A client that trusts it.</summary>
    public static TlsClientOptions Client { get; } = new() { ServerName = "localhost", TrustedRoots = Shared.Roots };

    /// <summary>One that has no session to resume.</summary>
    public static TlsClientOptions Stranger { get; } = Client with { Configure = static options => options.AllowTlsResume = false };

    /// <summary>Issues a certificate.</summary>
    /// <param name="name">Whom it is for.</param>
    /// <param name="from">Days from now at which it begins to be valid.</param>
    /// <param name="to">Days from now at which it ends.</param>
    /// <param name="forClients">It is a client's; else a server's.</param>
    /// <param name="rsaBits">The length of an RSA key; null: P-256.</param>
    /// <param name="revocationList">Where its authority says what it has revoked; null: nowhere.</param>
    public TlsCertificate Issues(
        string name = "localhost", int from = -1, int to = 365, bool forClients = false, int? rsaBits = null, string? revocationList = null)
    {
        using AsymmetricAlgorithm key = rsaBits is { } bits ? RSA.Create(bits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var sha = HashAlgorithmName.SHA256;
        var request = key is RSA rsa ? new CertificateRequest($"CN={name}", rsa, sha, RSASignaturePadding.Pkcs1) : new CertificateRequest($"CN={name}", (ECDsa)key, sha);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([forClients ? ForClients : ForServers], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        if (revocationList is not null)
        {
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([revocationList]));
        }

        using var signer = _root.GetECDsaPrivateKey()!;
        using var bare = request.Create(
            _root.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), Now.AddDays(from), Now.AddDays(to), [1, NextSerial()]);
        return new TlsCertificate(key is RSA own ? bare.CopyWithPrivateKey(own) : bare.CopyWithPrivateKey((ECDsa)key), Roots);
    }

    /// <summary>What it has revoked, as DER.</summary>
    public byte[] Revokes(params TlsCertificate[] revoked)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var each in revoked)
        {
            list.AddEntry(each.Certificate);
        }

        return list.Build(_root, 1, Now.AddDays(1), HashAlgorithmName.SHA256, thisUpdate: Now.AddMinutes(-1));
    }

    private byte NextSerial()
    {
        lock (_gate)
        {
            return ++_serial;
        }
    }
}
