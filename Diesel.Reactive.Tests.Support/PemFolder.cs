using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Diesel.Reactive.Tests;

/// <summary>Certificates in files, as other programs want them: <c>root.pem</c>, and <c>cert.pem</c> with <c>key.pem</c> for "localhost".</summary>
internal sealed class PemFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("diesel-tls");

    public PemFolder()
    {
        Write("root.pem", Authority.Shared.Roots[0].ExportCertificatePem());
        Write(Authority.Localhost);
    }

    /// <summary>A file's path.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    public void Write(string name, string text) => File.WriteAllText(this[name], text);

    /// <summary>In place of the other.</summary>
    public void Write(TlsCertificate certificate)
    {
        using var key = (AsymmetricAlgorithm?)certificate.Certificate.GetECDsaPrivateKey() ?? certificate.Certificate.GetRSAPrivateKey()!;
        Write("cert.pem", certificate.Certificate.ExportCertificatePem());
        Write("key.pem", key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
