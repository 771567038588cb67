using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Reads a <see cref="MongoConnectionString"/>. No message shows a part that could belong to a password in which something was not
/// percent-encoded.</summary>
/// <remarks>Source: the driver specifications' <c>connection-string</c>, whose strings differ from RFC 3986: several hosts, sockets as hosts.</remarks>
internal sealed class MongoUriParser(string text)
{
    /// <summary>What no database's name has in it.</summary>
    public static readonly SearchValues<char> NotInDatabases = SearchValues.Create("/\\. \"$\0");

    public MongoConnectionString Parse(MongoOptions options)
    {
        var (isSrv, rest) = Scheme();
        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, path) = Cut(beforeQuery, '/');
        if (path?.Contains('@', StringComparison.Ordinal) == true || query?.Contains('@', StringComparison.Ordinal) == true)
        {
            throw Wrong("has a '@' behind its hosts: percent-encode it as %40, and in a password '/' as %2F and '?' as %3F");
        }

        var at = authority.LastIndexOf('@');
        var settings = new MongoSettings(at < 0 ? options : LogIn(authority[..at], options), new());
        var hosts = authority[(at + 1)..].Split(',').Select(host => Host(host, isSrv)).ToArray();
        var database = Database(path);
        settings = MongoParameters.Read(Pairs(query), settings, isSrv, out var warnings);
        settings = settings with { Options = settings.Options with { AuthSource = settings.Options.AuthSource ?? SourceIn(database, settings.Options) } };
        MongoParameters.Check(settings, hosts.Length, isSrv);
        return isSrv
            ? new([], Name(hosts), database, settings.Options, settings.Topology, warnings)
            : new(hosts, null, database, settings.Options, settings.Topology, warnings);
    }

    private (bool IsSrv, string Behind) Scheme()
    {
        foreach (var (scheme, isSrv) in new[] { ("mongodb://", false), ("mongodb+srv://", true) })
        {
            if (text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return (isSrv, text[scheme.Length..]);
            }
        }

        throw Wrong("does not begin with mongodb:// or mongodb+srv://");
    }

    private static MongoOptions LogIn(string userInfo, MongoOptions options)
    {
        var (user, password) = Cut(userInfo, ':');
        return userInfo.Contains('@', StringComparison.Ordinal) || password?.Contains(':', StringComparison.Ordinal) == true
            ? throw Wrong("has a ':' or '@' in a user's name or a password: percent-encode them as %3A and %40")
            : user.Length == 0 ? throw Wrong("has a '@' without a user's name before it")
            : options with { User = Decoded(user), Password = password is null ? options.Password : Decoded(password) };
    }

    private static EndPoint Host(string host, bool isSrv)
    {
        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']', StringComparison.Ordinal);
            return end > 0 && IPAddress.TryParse(Decoded(host[1..end]), out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
                ? new DnsEndPoint(Decoded(host[1..end]).ToLowerInvariant(), PortIn(host[(end + 1)..]))
                : throw Wrong("has a '[' without an IPv6 address and its ']' behind it");
        }

        var colon = host.IndexOf(':', StringComparison.Ordinal);
        var name = Decoded(colon < 0 ? host : host[..colon]);
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return colon < 0 && !isSrv && name.EndsWith(".sock", StringComparison.Ordinal)
                ? new UnixDomainSocketEndPoint(name)
                : throw Wrong("has a '/' in a host, which is no path to a socket: such one ends with .sock, and has no port");
        }

        return name.Length == 0 ? throw Wrong("has a host without a name")
            : isSrv && colon >= 0 ? throw Wrong("has a port, where mongodb+srv finds the ports by itself")
            : new DnsEndPoint(name.ToLowerInvariant(), PortIn(colon < 0 ? "" : host[colon..]));
    }

    private static int PortIn(string port) => port.Length == 0 ? MongoConnectionString.Port
        : port[0] == ':' && int.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= ushort.MaxValue
            ? number
            : throw Wrong("has a port that is no number from 1 to 65535; an IPv6 address stands in brackets");

    private static string? Database(string? path)
    {
        var database = path is null ? "" : Decoded(path);
        return database.Length == 0 ? null
            : database.AsSpan().ContainsAny(NotInDatabases) ? throw Wrong("has a database whose name holds one of / \\ . \" $ or a space")
            : database;
    }

    private static string? SourceIn(string? database, MongoOptions options) =>
        options.Mechanism is MongoMechanism.Plain or MongoMechanism.X509 || options.User is null ? null : database;

    // One name of the domain name system, of a host in a domain.
    private static string Name(EndPoint[] hosts) => hosts is [DnsEndPoint { Host: var name }] && !IPAddress.TryParse(name, out _)
        ? name
        : throw Wrong("has not exactly one name, as mongodb+srv takes it");

    private static IEnumerable<(string Key, string Value)> Pairs(string? query)
    {
        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = Cut(pair, '=');
            yield return (Decoded(key), Decoded(value ?? throw Wrong("has a key without '=' and a value behind its '?'")));
        }
    }

    private static string Decoded(string part)
    {
        for (var i = part.IndexOf('%', StringComparison.Ordinal); i >= 0; i = part.IndexOf('%', i + 1))
        {
            if (i + 2 >= part.Length || !char.IsAsciiHexDigit(part[i + 1]) || !char.IsAsciiHexDigit(part[i + 2]))
            {
                throw Wrong("has a '%' without two hexadecimal digits behind it: itself it is %25");
            }
        }

        return Uri.UnescapeDataString(part);
    }

    private static (string Before, string? Behind) Cut(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);

    internal static ArgumentException Wrong(string how) => new($"The connection string {how}.");
}
