using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Answers servers and proxies that ask who is there.</summary>
internal sealed class HttpAuthentication(HttpClientOptions options)
{
    private const int MostRemembered = 256;
    private static readonly string[] Unspoken = ["Negotiate", "NTLM", "Kerberos"];

    private readonly Dictionary<(bool, string, int), HttpLogin> _remembered = [];

    /// <summary>The fields of a request with its logins.</summary>
    public HttpHeaders Add(HttpHeaders fields, HttpCall call)
    {
        var server = call.Detours?.Server ?? (options.PreAuthenticate ? _remembered.GetValueOrDefault(Of(call.Origin.Key)) : null);
        if (server is not null && !call.Headers.Contains("Authorization"))
        {
            fields = fields.Add("Authorization", server.Of(call.Method, call.Target));
        }

        return call.Detours?.Proxy is { } proxy ? fields.Add("Proxy-Authorization", proxy.Of(call.Method, call.Target)) : fields;
    }

    /// <summary>Has the call ask again, with a login.</summary>
    /// <returns>False: the answer is the answer.</returns>
    /// <exception cref="NotSupportedException">There are credentials, and what is asked for is not spoken here.</exception>
    public bool TryAnswer(HttpCall call, HttpReply reply) => reply.Status switch
    {
        401 when options.Credentials is { } known && !call.Headers.Contains("Authorization") => TryAnswer(call, reply, known, call.Uri, "WWW-Authenticate", isProxy: false),
        407 when call.Origin is { IsAskedWhole: true, ProxyCredentials: { } known } =>
            TryAnswer(call, reply, known, call.Origin.Key.Proxy!, "Proxy-Authenticate", isProxy: true),
        _ => false,
    };

    private bool TryAnswer(HttpCall call, HttpReply reply, ICredentials known, Uri uri, string field, bool isProxy)
    {
        var offered = HttpChallenge.All(reply.Head.Headers, field);
        var challenge = offered.Find(static each => each.Is("Digest") && HttpLogin.IsKnown(each)) ?? offered.Find(HttpLogin.IsKnown);
        if (challenge is null)
        {
            var unspoken = offered.Find(static each => Unspoken.Contains(each.Scheme, StringComparer.OrdinalIgnoreCase));
            return unspoken is null ? false
                : throw new NotSupportedException($"{uri.GetLeftPart(UriPartial.Authority)} asks for a login by {string.Join(", ", offered.Select(static each => each.Scheme))}: that is not spoken here, Basic and Digest are.");
        }

        // Refused once, it is wrong; unless only the server's number is old.
        var before = isProxy ? call.Detours?.Proxy : call.Detours?.Server;
        var isStale = before is { IsDigest: true, IsStale: false } && string.Equals(challenge["stale"], "true", StringComparison.OrdinalIgnoreCase);
        if ((before is not null && !isStale) || known.GetCredential(uri, challenge.Scheme) is not { } credential)
        {
            return false;
        }

        var login = new HttpLogin(challenge, credential) { IsStale = isStale };
        if (isProxy)
        {
            call.More.Proxy = login;
        }
        else
        {
            call.More.Server = login;
            Remember(call.Origin.Key, login);
        }

        call.GoOnAt(call.Uri);
        return true;
    }

    private void Remember(HttpOriginKey key, HttpLogin login)
    {
        if (options.PreAuthenticate)
        {
            if (_remembered.Count >= MostRemembered)
            {
                _remembered.Clear();
            }

            _remembered[Of(key)] = login;
        }
    }

    private static (bool, string, int) Of(HttpOriginKey key) => (key.IsTls, key.Host, key.Port);
}
