using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Diesel.Reactive;

/// <summary>Looks at one peer's certificate, and says what is wrong with it.</summary>
/// <param name="name">The name it must be for; null: any.</param>
/// <param name="given">What the program checks instead; null: it leaves that to this.</param>
internal sealed class PeerCheck(string? name, RemoteCertificateValidationCallback? given)
{
    // What OpenSSL's security level 2 asks for: 112 bits of security.
    private const int LeastRsaBits = 2048;
    private const int LeastEcBits = 224;

    private static readonly string[] WeakSignatures =
    [
        "1.2.840.113549.1.1.2", "1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.3.14.3.2.29", "1.2.840.10045.4.1", "1.2.840.10040.4.3",
    ];

    private readonly SortedDictionary<TlsFault, string> _faults = [];

    /// <summary>What was wrong; null: nothing.</summary>
    public TlsException? Error => _faults.Count == 0 ? null : new(_faults.First().Key, $"{string.Join("; ", _faults.Values)}.");

    public bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (given is not null && given(sender, certificate, chain, errors))
        {
            return true;
        }

        Look(certificate as X509Certificate2, chain, errors);
        if (given is not null && _faults.Count == 0)
        {
            Add(TlsFault.Certificate, $"the program's RemoteCertificateValidationCallback has refused the certificate of {certificate?.Subject}");
        }

        return _faults.Count == 0;
    }

    private void Look(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            Add(TlsFault.NoCertificate, "it sent no certificate");
            return;
        }

        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            Add(TlsFault.WrongName, $"its certificate is not for '{name}', but for {NamesOf(certificate)}");
        }

        var elements = chain?.ChainElements.ToList() ?? [];
        foreach (var element in elements)
        {
            foreach (var status in element.ChainElementStatus)
            {
                Add(status, element.Certificate, isAlone: elements.Count == 1);
            }
        }

        for (var i = 0; i < elements.Count; i++)
        {
            LookAtStrength(elements[i].Certificate, isRoot: i > 0 && i == elements.Count - 1);
        }

        // What the system says of the chain as a whole.
        if (_faults.Count == 0 && errors != SslPolicyErrors.None)
        {
            Add(TlsFault.Certificate, $"its certificate is invalid: {errors}, {string.Join(", ", chain?.ChainStatus.Select(static s => s.StatusInformation.Trim()) ?? [])}");
        }
    }

    private void Add(X509ChainStatus status, X509Certificate2 certificate, bool isAlone)
    {
        var subject = certificate.Subject;
        var isSelfSigned = isAlone && certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
        switch (status.Status)
        {
            case X509ChainStatusFlags.NotTimeValid when certificate.NotBefore.ToUniversalTime() > TimeProvider.System.GetUtcNow():
                Add(TlsFault.NotYetValid, $"the certificate of {subject} is not valid before {certificate.NotBefore:u}: is the clock right?");
                break;
            case X509ChainStatusFlags.NotTimeValid:
                Add(TlsFault.Expired, $"the certificate of {subject} has expired on {certificate.NotAfter:u}");
                break;
            case X509ChainStatusFlags.Revoked:
                Add(TlsFault.Revoked, $"the certificate of {subject} was revoked");
                break;
            case X509ChainStatusFlags.RevocationStatusUnknown or X509ChainStatusFlags.OfflineRevocation:
                Add(TlsFault.RevocationUnknown, $"whether the certificate of {subject} was revoked cannot be found out: {status.StatusInformation.Trim()}");
                break;
            case X509ChainStatusFlags.NotValidForUsage:
                Add(TlsFault.WrongPurpose, $"the certificate of {subject} is not for {(name is null ? "clients" : "servers")}");
                break;
            case X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain when isSelfSigned:
                Add(TlsFault.SelfSigned, $"the certificate of {subject} is signed by itself. Trust it with TrustedRoots, if you know it");
                break;
            case X509ChainStatusFlags.UntrustedRoot:
                Add(TlsFault.UnknownAuthority, $"its certificate leads to the authority {subject}, which is not trusted");
                break;
            case X509ChainStatusFlags.PartialChain:
                Add(TlsFault.UnknownAuthority, $"the authority {certificate.Issuer} of its certificate is not known, or an intermediate certificate was not sent");
                break;
            case X509ChainStatusFlags.HasWeakSignature:
                Add(TlsFault.WeakKey, $"the certificate of {subject} has a weak signature");
                break;
            default:
                Add(TlsFault.Certificate, $"the certificate of {subject} is invalid: {status.StatusInformation.Trim()}");
                break;
        }
    }

    // A root is trusted for what it is, whoever signed it.
    private void LookAtStrength(X509Certificate2 certificate, bool isRoot)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ec = certificate.GetECDsaPublicKey();
        if (rsa?.KeySize < LeastRsaBits || ec?.KeySize < LeastEcBits)
        {
            Add(TlsFault.WeakKey, $"the key of {certificate.Subject} is too weak: {(rsa is null ? $"{ec!.KeySize} bits of ECDSA, {LeastEcBits}" : $"{rsa.KeySize} bits of RSA, {LeastRsaBits}")} are asked for");
        }

        if (!isRoot && WeakSignatures.Contains(certificate.SignatureAlgorithm.Value))
        {
            Add(TlsFault.WeakKey, $"the signature of {certificate.Subject} is too weak: {certificate.SignatureAlgorithm.FriendlyName}");
        }
    }

    private void Add(TlsFault fault, string what) => _faults.TryAdd(fault, what);

    private static string NamesOf(X509Certificate2 certificate)
    {
        const int Most = 10;
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(static a => a.ToString())))
            .Take(Most).ToList();
        return names.Count == 0 ? certificate.Subject : string.Join(", ", names);
    }
}
