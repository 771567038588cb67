using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Name and password as a server wants them: Basic (RFC 7617) or Digest (RFC 7616).</summary>
internal sealed class HttpLogin(HttpChallenge challenge, NetworkCredential credential)
{
    private const string Auth = "auth";

    private readonly bool _hasQop = challenge["qop"] is not null;
    private int _count;

    /// <summary>Whether it came of one that was refused for its age.</summary>
    public bool IsStale { get; init; }

    public bool IsDigest => challenge.Is("Digest");

    /// <summary>Whether it can be answered: a digest whose sum and whose protection are known here.</summary>
    public static bool IsKnown(HttpChallenge challenge) => challenge.Is("Basic")
        || (challenge.Is("Digest") && Sum(challenge["algorithm"]) is not null && challenge["realm"] is not null && challenge["nonce"] is not null
            && (challenge["qop"] is not { } qop || qop.Split(',', StringSplitOptions.TrimEntries).Contains(Auth, StringComparer.OrdinalIgnoreCase)));

    /// <summary>The value of Authorization.</summary>
    public string Of(string method, string target) => IsDigest ? Digest(method, target) : Basic();

    private string Basic() => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}"))}";

    private string Digest(string method, string target)
    {
        var (sum, user, realm, nonce) = (Sum(challenge["algorithm"])!, UserName(), challenge["realm"]!, challenge["nonce"]!);
        var own = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var count = (++_count).ToString("x8", CultureInfo.InvariantCulture);
        var secret = Hex(sum, $"{user}:{realm}:{credential.Password}");
        if (challenge["algorithm"]?.EndsWith("-sess", StringComparison.OrdinalIgnoreCase) == true)
        {
            secret = Hex(sum, $"{secret}:{nonce}:{own}");
        }

        var asked = Hex(sum, $"{method}:{target}");
        var response = Hex(sum, _hasQop ? $"{secret}:{nonce}:{count}:{own}:{Auth}:{asked}" : $"{secret}:{nonce}:{asked}");
        var text = new StringBuilder($"Digest username=\"{Quoted(user)}\", realm=\"{Quoted(realm)}\", nonce=\"{Quoted(nonce)}\", uri=\"{target}\", response=\"{response}\"");
        text.Append(challenge["algorithm"] is { } algorithm ? $", algorithm={algorithm}" : "");
        text.Append(challenge["opaque"] is { } opaque ? $", opaque=\"{Quoted(opaque)}\"" : "");
        return text.Append(_hasQop ? $", qop={Auth}, nc={count}, cnonce=\"{own}\"" : "").ToString();
    }

    private string UserName() => credential.Domain.Length > 0 ? $"{credential.Domain}\\{credential.UserName}" : credential.UserName;

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Hex(Func<byte[], byte[]> sum, string text) => Convert.ToHexStringLower(sum(Encoding.UTF8.GetBytes(text)));

#pragma warning disable CA5351 // RFC 7616 names it, and most servers know no other.
    private static Func<byte[], byte[]>? Sum(string? algorithm) => (algorithm ?? "MD5").ToUpperInvariant() switch
    {
        "MD5" or "MD5-SESS" => MD5.HashData,
        "SHA-256" or "SHA-256-SESS" => SHA256.HashData,
        _ => null,
    };
#pragma warning restore CA5351
}
