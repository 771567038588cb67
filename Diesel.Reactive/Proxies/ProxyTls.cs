using System.Text;

namespace Diesel.Reactive;

/// <summary>What a proxy says of the TLS connection that it ended: TLV 0x20 of the PROXY protocol.</summary>
/// <param name="IsTls">Whether the client came by TLS at all.</param>
/// <param name="HasCertificate">Whether the client has shown a certificate, in this session or in the one that it resumed.</param>
/// <param name="IsVerified">Whether the proxy has found that certificate good.</param>
public sealed record ProxyTls(bool IsTls, bool HasCertificate, bool IsVerified)
{
    private const int HeadLength = 5;
    private const byte OverTls = 1;
    private const byte WithCertificate = 2 | 4;

    /// <summary>The version: <c>TLSv1.3</c>, say; null: it is not said, as all that follows.</summary>
    public string? Version { get; init; }

    /// <summary>Of the client's certificate, the common name.</summary>
    public string? CommonName { get; init; }

    /// <summary>The cipher suite, by its OpenSSL name.</summary>
    public string? Cipher { get; init; }

    /// <summary>What the proxy's certificate is signed with: <c>SHA256</c>, say.</summary>
    public string? SignatureAlgorithm { get; init; }

    /// <summary>The kind of the proxy's key: <c>RSA2048</c>, say.</summary>
    public string? KeyAlgorithm { get; init; }

    internal static ProxyTls Of(ReadOnlyMemory<byte> value)
    {
        if (value.Length < HeadLength)
        {
            throw new ProtocolException($"The TLS part of a PROXY protocol header has {value.Length} bytes; it has at least {HeadLength}.");
        }

        var (client, refused) = (value.Span[0], value.Span[1..HeadLength].ContainsAnyExcept((byte)0));
        var parts = ProxyTlv.In(value[HeadLength..]);
        var hasCertificate = (client & WithCertificate) != 0;
        return new ProxyTls((client & OverTls) != 0, hasCertificate, hasCertificate && !refused)
        {
            Version = TextOf(parts, ProxyTlv.TlsVersion),
            CommonName = TextOf(parts, ProxyTlv.CommonName),
            Cipher = TextOf(parts, ProxyTlv.Cipher),
            SignatureAlgorithm = TextOf(parts, ProxyTlv.SignatureAlgorithm),
            KeyAlgorithm = TextOf(parts, ProxyTlv.KeyAlgorithm),
        };
    }

    internal static string? TextOf(IReadOnlyList<ProxyTlv> parts, byte type)
    {
        foreach (var part in parts)
        {
            if (part.Type == type)
            {
                return Encoding.UTF8.GetString(part.Value.Span);
            }
        }

        return null;
    }
}
