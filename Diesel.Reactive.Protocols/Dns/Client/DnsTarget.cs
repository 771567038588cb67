using System.Globalization;
using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>A server as it is written: <c>dns://1.1.1.1</c>, <c>tcp://1.1.1.1:5353</c>, <c>tls://name@1.1.1.1</c>, <c>https://name@1.1.1.1/dns-query</c>, or its
/// address alone.</summary>
/// <param name="EndPoint">Where it is.</param>
/// <param name="Transport">Over what it is asked.</param>
/// <param name="Name">What its certificate must be for; null: its address.</param>
/// <param name="Path">What is asked for by HTTP.</param>
/// <param name="IsPlain">HTTP in the clear: something else encrypts, or nobody is between.</param>
internal sealed record DnsTarget(IPEndPoint EndPoint, DnsTransport Transport, string? Name = null, string Path = DnsTarget.UsualPath, bool IsPlain = false)
{
    public const string System = "system";
    private const string UsualPath = "/dns-query";
    private const int Port = 53;
    private const int TlsPort = 853;
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    private static readonly IPEndPoint Nowhere = new(IPAddress.None, 0);

    /// <param name="text">One or several, parted by commas; the scheme of the first holds for those that have none.</param>
    /// <exception cref="ArgumentException">One is none.</exception>
    public static List<DnsTarget> Parse(string text)
    {
        var (targets, scheme) = (new List<DnsTarget>(), "dns");
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var colon = part.IndexOf("://", StringComparison.Ordinal);
            scheme = colon < 0 ? scheme : part[..colon].ToLowerInvariant();
            targets.Add(One(scheme, colon < 0 ? part : part[(colon + 3)..]));
        }

        return targets;
    }

    /// <summary>The port that goes without saying.</summary>
    public int UsualPort => Transport switch
    {
        DnsTransport.Tls => TlsPort,
        DnsTransport.Http => IsPlain ? HttpPort : HttpsPort,
        _ => Port,
    };

    private static DnsTarget One(string scheme, string rest)
    {
        var kind = new DnsTarget(Nowhere, scheme switch
        {
            "dns" or "udp" => DnsTransport.Udp,
            "tcp" => DnsTransport.Tcp,
            "tls" => DnsTransport.Tls,
            "https" or "http" => DnsTransport.Http,
            _ => throw new ArgumentException($"'{scheme}' is no way to ask a server of names: there are dns, tcp, tls, https, and 'system' alone."),
        }, IsPlain: scheme == "http");
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "/" : rest[slash..];
        rest = slash < 0 ? rest : rest[..slash];
        if (kind.Transport != DnsTransport.Http && path != "/")
        {
            throw new ArgumentException($"'{path}' is a path, which only https:// has.");
        }

        var at = rest.LastIndexOf('@');
        var name = at < 0 ? null : rest[..at];
        if (name is not null && kind.Transport is not (DnsTransport.Tls or DnsTransport.Http))
        {
            throw new ArgumentException($"'{rest}' names a certificate, which only tls:// and https:// have.");
        }

        // RFC 8484, section 3: servers tell their place as a template, whose variable is for GET.
        return kind with { EndPoint = Address(rest[(at + 1)..], kind.UsualPort), Name = name, Path = path == "/" ? UsualPath : path.Split('{')[0] };
    }

    // A name would have to be asked for, of whom?
    private static IPEndPoint Address(string text, int port)
    {
        if (IPAddress.TryParse(text.TrimStart('[').TrimEnd(']'), out var alone) && (text.AsSpan().Count(':') != 1 || text[0] == '['))
        {
            return new(alone, port);
        }

        var colon = text.LastIndexOf(':');
        return colon > 0 && IPAddress.TryParse(text[..colon].TrimStart('[').TrimEnd(']'), out var address)
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0
            ? new(address, given)
            : throw new ArgumentException($"'{text}' is no address of a server of names: write it as 192.0.2.1, 192.0.2.1:53, 2001:db8::1 or [2001:db8::1]:53.");
    }
}
